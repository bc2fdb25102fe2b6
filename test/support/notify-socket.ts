// The socket of a service manager, as systemd has one for its services to speak to: sd_notify(3).
import assert from "node:assert/strict";
import { bind, close, recv, socket, watch } from "../../src/linux/libc.ts";
import { type Lifetime, whenDone } from "./cleanup.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const LONGEST = 4096;

/**
 * Has such a socket for as long as `t`; `name`: a path, or "@" and an abstract name. Calls `onMessage` when a message comes;
 * null: nobody reads any.
 */
export function listenForNotices(
  t: Lifetime,
  name: string,
  onMessage: ((lines: readonly string[]) => void) | null,
): void {
  const fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  const path = name.startsWith("@") ? `\0${name.slice(1)}` : `${name}\0`;
  assert.equal(bind(fd, Buffer.from([AF_UNIX, 0, ...Buffer.from(path)])), 0);
  whenDone(t, () => close(fd));
  if (onMessage === null) return;
  const bytes = new Uint8Array(LONGEST);
  watch(fd, () => {
    const length = recv(fd, bytes);
    if (length >= 0) onMessage(Buffer.from(bytes.subarray(0, length)).toString().split("\n"));
  });
}
