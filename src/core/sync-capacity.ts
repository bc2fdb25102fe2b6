// How many trees one Sync carries (§6.3, §2).
import type { Family } from "../base/address.ts";
import { addressBytes } from "../base/address.ts";

const IP_HEADER_BYTES = { 4: 20, 6: 40 } as const;
const HEADER_BYTES = 8;
const SYNC_FIXED_BYTES = 16;
const RPC_BYTES = 8;

/** Trees that a Sync carries on a link of this MTU, at least 1. `signatureBytes`: length of the security value. */
export function syncCapacity(mtuBytes: number, family: Family, signatureBytes: number): number {
  const room =
    mtuBytes - IP_HEADER_BYTES[family] - HEADER_BYTES - signatureBytes - SYNC_FIXED_BYTES;
  return Math.max(1, Math.floor(room / (2 * addressBytes(family) + RPC_BYTES)));
}
