// Root path costs (§1): the order of RPCs, and who is the better offer.
import type { Address } from "../base/address.ts";
import { compare } from "../base/ordered.ts";
import type { Rpc } from "./messages.ts";
import type { Offer } from "./verdicts.ts";

/** Negative if `a` is the better (lower) RPC, 0 if they are equal, positive otherwise. */
export const compareRpc = (a: Rpc, b: Rpc): number =>
  compare(a.preference, b.preference) || compare(a.metric, b.metric);

/** Whether two RPCs, or absences of one, are the same. */
export const isSameRpc = (a: Rpc | null, b: Rpc | null): boolean =>
  a === null || b === null ? a === b : compareRpc(a, b) === 0;

/** Whether the offer (rpc, address) is better than `rival`: lower RPC, then higher address (§1 BUN, §9.2). */
export function isBetterOffer(rpc: Rpc, address: Address, rival: Offer): boolean {
  const order = compareRpc(rpc, rival.rpc);
  return order < 0 || (order === 0 && address > rival.neighbor);
}
