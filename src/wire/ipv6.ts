// IPv6 datagrams (RFC 8200), as captures hold them: raw sockets hand over what is behind their headers. Fragments are not put
// together: no message of ours is ever cut.
import type { Address } from "../base/address.ts";
import type { Malformed } from "./malformed.ts";
import { malformed } from "./malformed.ts";
import { Reader } from "./reader.ts";

/** An IPv6 datagram. */
export interface Ipv6Datagram {
  readonly source: Address;
  readonly destination: Address;
  readonly hopLimit: number;
  /** The payload's protocol number: that of the last header. */
  readonly protocol: number;
  /** What is behind all headers; a copy. */
  readonly payload: Uint8Array;
}

const HEADER_BYTES = 40;
const SHORTEST_EXTENSION_BYTES = 8;
const LENGTH_OFFSET = 4;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
/** Hop-by-hop options, routing, destination options. */
const OTHERS: ReadonlySet<number> = new Set([0, 43, 60]);
/** Offset and M flag: a fragment with neither is a whole datagram (RFC 6946). */
const OFFSET_OR_MORE = 0xfff9;

const isExtension = (protocol: number): boolean =>
  protocol === FRAGMENT || protocol === AUTHENTICATION || OTHERS.has(protocol);

/** Bytes of an extension header, by its length field, which counts in units of its own (RFC 8200 §4, RFC 4302 §2.2). */
function extensionBytes(protocol: number, length: number): number {
  if (protocol === FRAGMENT) return SHORTEST_EXTENSION_BYTES;
  return protocol === AUTHENTICATION ? 4 * (length + 2) : 8 * (length + 1);
}

/** What is behind the extension headers, of which the first is of type `first`. */
function decodeExtensions(
  bytes: Uint8Array,
  first: number,
): Pick<Ipv6Datagram, "protocol" | "payload"> | Malformed {
  let protocol = first;
  let at = HEADER_BYTES;
  while (isExtension(protocol)) {
    const reader = new Reader(bytes, at, 6);
    if (reader.left < SHORTEST_EXTENSION_BYTES) return malformed("wrong header length", at);
    const next = reader.u8();
    const size = extensionBytes(protocol, reader.u8());
    if (protocol === FRAGMENT && (reader.u16() & OFFSET_OR_MORE) !== 0)
      return malformed("fragment", at);
    if (at + size > bytes.length) return malformed("wrong header length", at);
    protocol = next;
    at += size;
  }
  return { protocol, payload: bytes.slice(at) };
}

/**
 * The datagram that starts at the first of `bytes`; its payload length, not theirs, ends the payload (there may be padding).
 * Malformed unless it is a whole IPv6 datagram; that its version is 6 is known.
 */
export function decodeIpv6(bytes: Uint8Array): Ipv6Datagram | Malformed {
  if (bytes.length < HEADER_BYTES) return malformed("too short", bytes.length);
  const reader = new Reader(bytes, 0, 6);
  reader.skip(LENGTH_OFFSET);
  const totalBytes = HEADER_BYTES + reader.u16();
  if (totalBytes > bytes.length) return malformed("wrong total length", LENGTH_OFFSET);
  const first = reader.u8();
  const hopLimit = reader.u8();
  const source = reader.address();
  const destination = reader.address();
  const behind = decodeExtensions(bytes.subarray(0, totalBytes), first);
  return "payload" in behind ? { source, destination, hopLimit, ...behind } : behind;
}
