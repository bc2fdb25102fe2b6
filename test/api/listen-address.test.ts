// Addresses and ports to listen on, as the configuration file has them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatListenAddress, parseListenAddress } from "../../src/api/listen-address.ts";

test("an IPv4 address and a port, or an IPv6 address in brackets and a port; written again as they are", () => {
  for (const [text, host, port] of [
    ["127.0.0.1:9786", "127.0.0.1", 9786],
    ["0.0.0.0:1", "0.0.0.0", 1],
    ["[::1]:65535", "::1", 65_535],
    ["[fd00::A]:9786", "fd00::a", 9786],
  ] as const) {
    const parsed = parseListenAddress(text);
    assert.deepEqual(parsed, { host, port });
    assert.equal(parsed && formatListenAddress(parsed), text.toLowerCase());
  }
});

test("nothing else is one", () => {
  for (const text of [
    ...["", ":9786", "9786", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536"],
    ...["127.0.0.1:9786 ", "127.1:9786", "[127.0.0.1]:9786", "::1:9786", "[::1]", "localhost:9786"],
    ...["224.0.0.1:9786", "[ff02::1]:9786", "/run/socket", "127.0.0.1:-1", "127.0.0.1:1e3"],
  ]) {
    assert.equal(parseListenAddress(text), undefined, text);
  }
});
