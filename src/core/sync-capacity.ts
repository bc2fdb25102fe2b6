// How many trees a Sync carries (§6.3).
import type { Family } from "../base/address.ts";
import { addressBytes } from "../base/address.ts";

const IP_HEADER_BYTES = { 4: 20, 6: 40 } as const;
/** The longest an IPv4 datagram, and the payload of an IPv6 one, can be. */
const LONGEST_DATAGRAM_BYTES = 0xffff;
const HEADER_BYTES = 8;
const FIXED_BYTES = 16;

/** Bytes of one tree entry of a Sync (§2.2). */
export const syncEntryBytes = (family: Family): number => 2 * addressBytes(family) + 8;

/**
 * Trees that one Sync carries on a link of this MTU (§6.3), `signatureBytes` of it taken by the security value.
 * At least 1, also where that exceeds the MTU.
 */
export function syncCapacity(mtuBytes: number, family: Family, signatureBytes: number): number {
  const datagramBytes = Math.min(mtuBytes, LONGEST_DATAGRAM_BYTES);
  const overheadBytes = IP_HEADER_BYTES[family] + HEADER_BYTES + signatureBytes + FIXED_BYTES;
  return Math.max(1, Math.floor((datagramBytes - overheadBytes) / syncEntryBytes(family)));
}
