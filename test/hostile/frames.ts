// Datagrams as Ethernet frames (RFC 894, RFC 1112 §6.4), cut into fragments where they are too long for one (RFC 791).
import type { Address } from "../../src/base/address.ts";
import { isMulticast, readAddress } from "../../src/base/address.ts";
import { fillChecksum } from "../../src/wire/checksum.ts";
import { hex } from "../support/bytes.ts";

const MTU = 1500;
const IPV4 = hex("0800");
/** Locally administered. */
const OWN_MAC = hex("020000000066");
const MORE_FRAGMENTS = 0x2000;
/** Offsets count units of this. */
const FRAGMENT_UNIT_BYTES = 8;
let identification = 0;

function fragment(datagram: Uint8Array, start: number, end: number): Uint8Array {
  const headerBytes = 4 * ((datagram[0] ?? 0) & 0x0f);
  const bytes = new Uint8Array(headerBytes + end - start);
  bytes.set(datagram.subarray(0, headerBytes));
  bytes.set(datagram.subarray(headerBytes + start, headerBytes + end), headerBytes);
  const view = new DataView(bytes.buffer);
  const more = headerBytes + end < datagram.length ? MORE_FRAGMENTS : 0;
  view.setUint16(2, bytes.length);
  view.setUint16(4, identification);
  view.setUint16(6, more | (start / FRAGMENT_UNIT_BYTES));
  view.setUint16(10, 0);
  fillChecksum(bytes.subarray(0, headerBytes), 10);
  return bytes;
}

function fragmentsOf(datagram: Uint8Array): readonly Uint8Array[] {
  if (datagram.length <= MTU) return [datagram];
  identification = (identification + 1) & 0xffff;
  const headerBytes = 4 * ((datagram[0] ?? 0) & 0x0f);
  const step = FRAGMENT_UNIT_BYTES * Math.floor((MTU - headerBytes) / FRAGMENT_UNIT_BYTES);
  const length = datagram.length - headerBytes;
  return Array.from({ length: Math.ceil(length / step) }, (_, n) =>
    fragment(datagram, n * step, Math.min(length, (n + 1) * step)),
  );
}

function macOf(destination: Address, unicast: Uint8Array): Uint8Array {
  if (!isMulticast(destination)) return unicast;
  const [, b = 0, c = 0, d = 0] = [...destination].map((unit) => unit.charCodeAt(0));
  return Uint8Array.of(0x01, 0x00, 0x5e, b & 0x7f, c, d);
}

/** The frames that carry a datagram; one to a unicast address goes to the machine with the address `unicast`. */
export function framesOf(datagram: Uint8Array, unicast: Uint8Array): readonly Uint8Array[] {
  const mac = macOf(readAddress(datagram, 16, 4), unicast);
  return fragmentsOf(datagram).map((bytes) => Uint8Array.of(...mac, ...OWN_MAC, ...IPV4, ...bytes));
}
