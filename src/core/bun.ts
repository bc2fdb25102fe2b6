// The best upstream neighbor of an interface (§1).
import { isBetterOffer } from "./rpc.ts";
import type { TreeNeighbor } from "./settled.ts";
import type { Offer } from "./verdicts.ts";

/** Of the neighbors that are UPSTREAM the one with the lowest RPC, then the highest address; null: none is. */
export function bestUpstreamNeighbor(neighbors: readonly TreeNeighbor[]): Offer | null {
  let best: Offer | null = null;
  for (const { address, known } of neighbors) {
    if (known.upstream === null) continue;
    if (best === null || isBetterOffer(known.upstream, address, best)) {
      best = { neighbor: address, rpc: known.upstream };
    }
  }
  return best;
}
