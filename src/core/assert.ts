// Who forwards onto a link (§9.2).
import type { Address } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import type { Rpc } from "./messages.ts";
import type { TreeState } from "./notices.ts";
import { compareRpc, isBetterOffer } from "./rpc.ts";
import type { ElectionVerdict, Offer } from "./verdicts.ts";

function electWinner(rpc: Rpc, address: Address, rival: Offer): ElectionVerdict {
  const order = compareRpc(rpc, rival.rpc);
  if (isBetterOffer(rpc, address, rival)) {
    return { winner: true, why: order < 0 ? "lower cost" : "higher address", rival };
  }
  const why = order > 0 ? "neighbor offers lower cost" : "neighbor has higher address";
  return { winner: false, why, rival };
}

/** §9.2, for a non-root interface. `address`: ours there, null where HPIM-DM does not run; `rival`: its BUN. */
export function assertVerdict(
  state: TreeState,
  rpc: Rpc | null,
  address: Address | null,
  rival: Offer | null,
): ElectionVerdict {
  if (state === "INACTIVE") return { winner: true, why: "tree inactive", rival };
  if (rival === null) return { winner: true, why: "no upstream neighbor", rival };
  if (state === "UNSURE") return { winner: false, why: "tree unsure", rival };
  const ours = known(rpc, "the cost of an ACTIVE tree");
  return electWinner(ours, known(address, "our address where a neighbor is"), rival);
}
