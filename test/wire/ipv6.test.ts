// IPv6 datagrams, as captures hold them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { decodeIpv6 } from "../../src/wire/ipv6.ts";
import { hex } from "../support/bytes.ts";

const ENDS = "fe800000000000000000000000000001 ff02000000000000000000000000000d";
/** A datagram that claims so many bytes behind its header, of which these are the first. */
const datagram = (next: string, lengthBytes: string, behind: string): Uint8Array =>
  hex(`6c000000 ${lengthBytes} ${next} 01 ${ENDS} ${behind}`);

const FIELDS = { source: ip("fe80::1"), destination: ip("ff02::d"), hopLimit: 1 };

test("RFC 8200 §3: the fields of a datagram; its payload length, not the bytes, ends it", () => {
  const expected = { ...FIELDS, protocol: 103, payload: hex("aabbcc") };
  assert.deepEqual(decodeIpv6(datagram("67", "0003", "aabbcc")), expected);
  assert.deepEqual(decodeIpv6(datagram("67", "0003", "aabbcc 000000")), expected);
  assert.deepEqual(decodeIpv6(datagram("67", "0000", "aabbcc")), {
    ...{ ...expected, payload: new Uint8Array() },
  });
});

for (const [what, next, behind] of [
  ["hop-by-hop options", "00", "67 00 050200000100"],
  ["a longer one", "3c", "67 01 010c000000000000000000000000"],
  ["a routing header", "2b", "67 00 000000000000"],
  ["an authentication header", "33", "67 04 0000 00000001 00000001 000102030405060708090a0b"],
  ["a fragment header of a whole datagram", "2c", "67 00 0000 00000001"],
  ["several", "00", "3c 00 050200000100 2c 00 010400000000 67 00 0006 00000001"],
] as const) {
  test(`RFC 8200 §4: ${what} may come before the payload`, () => {
    const lengthBytes = (hex(behind).length + 3).toString(16).padStart(4, "0");
    const decoded = decodeIpv6(datagram(next, lengthBytes, `${behind} aabbcc`));
    assert.deepEqual(decoded, { ...FIELDS, protocol: 103, payload: hex("aabbcc") });
  });
}

test("what is no whole IPv6 datagram is malformed", () => {
  const whole = datagram("67", "0003", "aabbcc");
  for (const [bytes, reason, offset] of [
    [new Uint8Array(), "too short", 0],
    [whole.subarray(0, 39), "too short", 39],
    [whole.subarray(0, -1), "wrong total length", 4],
    [datagram("00", "0007", "67 00 0502000001 00"), "wrong header length", 40],
    [datagram("00", "0008", "67 01 050200000100"), "wrong header length", 40],
    [datagram("00", "000a", "3c 00 050200000100 67 00"), "wrong header length", 48],
    [datagram("2c", "0008", "67 00 0001 00000001"), "fragment", 40],
    [datagram("2c", "0008", "67 00 0008 00000001"), "fragment", 40],
  ] as const) {
    assert.deepEqual(decodeIpv6(bytes), { kind: "malformed", reason, offset });
  }
});
