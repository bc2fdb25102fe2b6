// IPv4 datagrams (RFC 791), as raw sockets hand them over. Fragments are not put together: no message of ours is ever cut.
import type { Address } from "../base/address.ts";
import { fillChecksum } from "./checksum.ts";
import type { Malformed } from "./malformed.ts";
import { malformed } from "./malformed.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** An IPv4 datagram. */
export interface Ipv4Datagram {
  readonly source: Address;
  readonly destination: Address;
  readonly ttl: number;
  /** The payload's protocol number. */
  readonly protocol: number;
  readonly tos: number;
  /** The header has the Router Alert option (RFC 2113). */
  readonly routerAlert: boolean;
  /** When decoded: a copy, so that V8 need not move the datagram's few bytes out of its heap for a view of them. */
  readonly payload: Uint8Array;
}

const HEADER_BYTES = 20;
const CHECKSUM_OFFSET = 10;
const DO_NOT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS_OR_OFFSET = 0x3fff;
const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;
const ROUTER_ALERT = 148;
const ROUTER_ALERT_BYTES = 4;

/** Whether Router Alert is among the options that end at `end`. */
function decodeRouterAlert(reader: Reader, end: number): boolean | Malformed {
  let found = false;
  while (reader.offset < end) {
    const at = reader.offset;
    const type = reader.u8();
    if (type === END_OF_OPTIONS) return found;
    if (type === NO_OPERATION) continue;
    if (reader.offset === end) return malformed("truncated option", at);
    const length = reader.u8();
    if (length < 2 || at + length > end) return malformed("truncated option", at);
    if (type === ROUTER_ALERT) found = true;
    reader.skip(length - 2);
  }
  return found;
}

/** Bytes of the header, with its options, that `bytes` begin with. */
export const headerBytesOf = (bytes: Uint8Array): number =>
  4 * (new Reader(bytes, 0, 4).u8() & 0x0f);

/**
 * The datagram that starts at the first of `bytes`; its total length, not theirs, ends the payload (there may be padding).
 * Malformed unless it is a whole IPv4 datagram. The header's checksum is not looked at: the kernel has verified it.
 */
export function decodeIpv4(bytes: Uint8Array): Ipv4Datagram | Malformed {
  if (bytes.length < HEADER_BYTES) return malformed("too short", bytes.length);
  const reader = new Reader(bytes, 0, 4);
  const versionAndLength = reader.u8();
  if (versionAndLength >> 4 !== 4) return malformed("not IPv4", 0);
  const headerBytes = 4 * (versionAndLength & 0x0f);
  if (headerBytes < HEADER_BYTES) return malformed("wrong header length", 0);
  const tos = reader.u8();
  const totalBytes = reader.u16();
  if (totalBytes < headerBytes || totalBytes > bytes.length)
    return malformed("wrong total length", 2);
  reader.skip(2);
  if ((reader.u16() & MORE_FRAGMENTS_OR_OFFSET) !== 0) return malformed("fragment", 6);
  const ttl = reader.u8();
  const protocol = reader.u8();
  reader.skip(2);
  const source = reader.address();
  const destination = reader.address();
  const routerAlert = decodeRouterAlert(reader, headerBytes);
  if (typeof routerAlert !== "boolean") return routerAlert;
  const payload = bytes.slice(headerBytes, totalBytes);
  return { source, destination, ttl, protocol, tos, routerAlert, payload };
}

/** The datagram's bytes: identification 0, not to be fragmented (RFC 6864 §4.1), with its header checksum. */
export function encodeIpv4(datagram: Ipv4Datagram): Uint8Array {
  const headerBytes = HEADER_BYTES + (datagram.routerAlert ? ROUTER_ALERT_BYTES : 0);
  const writer = new Writer(headerBytes + datagram.payload.length);
  writer.u8((4 << 4) | (headerBytes / 4));
  writer.u8(datagram.tos);
  writer.u16(headerBytes + datagram.payload.length);
  writer.u16(0);
  writer.u16(DO_NOT_FRAGMENT);
  writer.u8(datagram.ttl);
  writer.u8(datagram.protocol);
  writer.u16(0);
  writer.address(datagram.source);
  writer.address(datagram.destination);
  if (datagram.routerAlert) {
    writer.u8(ROUTER_ALERT);
    writer.u8(ROUTER_ALERT_BYTES);
    writer.u16(0);
  }
  writer.skip(datagram.payload.length);
  const bytes = writer.finish();
  bytes.set(datagram.payload, headerBytes);
  fillChecksum(bytes.subarray(0, headerBytes), CHECKSUM_OFFSET);
  return bytes;
}
