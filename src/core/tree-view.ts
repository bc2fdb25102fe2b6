// A tree as it shows itself: the derived values are computed anew, with the reasons that they follow from (§9), and
// beside them what the neighbors have said (§7.1).
import { known } from "../base/invariant.ts";
import type { Millis } from "../base/units.ts";
import { afterOrNull } from "../base/units.ts";
import { isFlooding } from "./data-without-tree.ts";
import { isUndetermined, unknownCountsUntil } from "./downstream-interest.ts";
import type { TreeInputs } from "./settle.ts";
import { settle } from "./settle.ts";
import type { RouterState, Tree } from "./state.ts";
import { treeInputs } from "./trees.ts";
import type { NeighborTreeView, TreeInterfaceView, TreeView } from "./view.ts";

function entryView({ standIn, installed }: Tree, inputs: TreeInputs): TreeView["entry"] {
  if (installed === null) return null;
  if (standIn === null) return { kind: "tree", entry: installed };
  return { kind: isFlooding(standIn, inputs) ? "flood" : "blocking", entry: installed };
}

/** The tree as it is at `now`. */
export function treeView(state: RouterState, tree: Tree, now: Millis): TreeView {
  const { settled, times } = tree;
  const inputs = treeInputs(state, tree, now);
  const { verdict, nonRoot } = settle(inputs);
  const addresses = new Map(inputs.interfaces.map(({ index, address }) => [index, address]));
  const interfaces: TreeInterfaceView[] = [...settled.interfaces].map(([index, at]) => ({
    interface: index,
    role: at.role,
    address: addresses.get(index) ?? null,
    bun: at.bun,
    nonRoot: nonRoot.get(index) ?? null,
    times: known(times.interfaces.get(index), "the times of a settled interface"),
    advertised: at.advertised,
    told: at.told,
  }));
  return {
    verdict,
    since: times.state,
    rpc: settled.rpf.rpc,
    originator: settled.rpf.originator,
    root: settled.rpf.root,
    sourceActiveDue: afterOrNull(tree.sourceActiveSince, state.settings.sourceActiveTime),
    interested: settled.interested,
    entry: entryView(tree, inputs),
    interfaces,
    ...tree.id,
  };
}

/** What the SYNCED neighbors have said of the tree; on the root no interest counts. */
export function neighborTreeViews(
  state: RouterState,
  tree: Tree,
  now: Millis,
): readonly NeighborTreeView[] {
  const { interfaces, settings, rpf } = treeInputs(state, tree, now);
  return interfaces.flatMap((at) => {
    const unknownCounts = at.index !== rpf.root && unknownCountsUntil(at, settings) > now;
    return at.neighbors.map((neighbor) => ({
      interface: at.index,
      neighbor: neighbor.address,
      upstream: neighbor.known.upstream,
      interest: neighbor.known.interest,
      countsAsInterested: unknownCounts && isUndetermined(neighbor),
      ...tree.id,
    }));
  });
}
