// What frames carry: the IP datagram behind the header of a link (tcpdump.org/linktypes.html).
import type { Family } from "../base/address.ts";

/** An IP datagram, with whatever padding the link adds behind it. Of its header no more has been looked at than its version. */
export interface Carried {
  readonly family: Family;
  /** Not a copy. */
  readonly bytes: Uint8Array;
}

const FAMILIES: ReadonlyMap<number, Family> = new Map([
  [0x0800, 4],
  [0x86dd, 6],
]);
/** IEEE 802.1Q, 802.1ad, and what switches used before that. */
const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const VLAN_TAG_BYTES = 4;

/** Where a header names the protocol that follows it: an EtherType. */
interface Header {
  readonly bytes: number;
  readonly etherTypeOffset: number;
}

const HEADERS: ReadonlyMap<number, Header> = new Map([
  // LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2
  [1, { bytes: 14, etherTypeOffset: 12 }],
  [113, { bytes: 16, etherTypeOffset: 14 }],
  [276, { bytes: 20, etherTypeOffset: 0 }],
]);

/** LINKTYPE_RAW, and what some systems write for it; LINKTYPE_IPV4, LINKTYPE_IPV6. */
const RAW: ReadonlySet<number> = new Set([101, 12, 14, 228, 229]);

/** Whether frames of this link type can be read. */
export const isLinkKnown = (linkType: number): boolean =>
  HEADERS.has(linkType) || RAW.has(linkType);

function withVersion(version: Family, bytes: Uint8Array): Carried | null {
  return (bytes[0] ?? 0) >> 4 === version ? { family: version, bytes } : null;
}

const u16 = (bytes: Uint8Array, offset: number): number =>
  ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);

function behindHeader(bytes: Uint8Array, header: Header): Carried | null {
  let at = header.bytes;
  let etherType = u16(bytes, header.etherTypeOffset);
  while (VLAN_TAGS.has(etherType)) {
    etherType = u16(bytes, at + 2);
    at += VLAN_TAG_BYTES;
  }
  const family = FAMILIES.get(etherType);
  return family === undefined ? null : withVersion(family, bytes.subarray(at));
}

/** The IP datagram that a frame carries; null: it carries none, or is of an unknown link type. */
export function carriedBy({
  linkType,
  bytes,
}: {
  readonly linkType: number;
  readonly bytes: Uint8Array;
}): Carried | null {
  const header = HEADERS.get(linkType);
  if (header !== undefined) return behindHeader(bytes, header);
  return RAW.has(linkType) ? (withVersion(4, bytes) ?? withVersion(6, bytes)) : null;
}
