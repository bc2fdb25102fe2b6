// What would change what an interface does in a tree, from the same verdicts as why it does it (§9).
import { formatAddress } from "../../base/address.ts";
import { formatRpc } from "../../base/tree-text.ts";
import { isExcluded } from "../../core/tree-id.ts";
import type { AssertVerdict } from "../../core/verdicts.ts";
import type { TreeInterfaceView, TreeView } from "../../core/view.ts";

/** What would make a winner of a loser (§9.2). */
function wouldWin({ why, rival }: AssertVerdict, { rpc }: TreeView): string {
  const other = rival === null ? "the other router" : formatAddress(rival.neighbor);
  switch (why) {
    case "neighbor offers lower cost":
      return `our cost to the source, ${rpc === null ? "none" : formatRpc(rpc)}, falls below that of ${other}, or ${other} goes`;
    case "neighbor has higher address":
      return `our cost to the source falls below that of ${other}, which has the higher address, or ${other} goes`;
    case "tree unsure":
      return "the tree becomes ACTIVE here";
    default:
      return `${other} goes`;
  }
}

/** What would change what the interface does. */
export function changeOf({ nonRoot }: TreeInterfaceView, tree: TreeView): string {
  if (nonRoot === null) return "The root moves with the route to the source.";
  if (isExcluded(tree)) return "Nothing: such a tree is never routed.";
  const { assert, forwarding, downstream } = nonRoot;
  switch (forwarding.why) {
    case "assert winner":
      return "It stops when nobody there wants the tree any more, or another router there offers it at less cost.";
    case "holding":
      return "It stops when the winner's data arrive here, at the latest when the time has passed.";
    case "not interested":
      return assert.winner
        ? "It forwards when a host there joins the group, or a neighbor there is interested."
        : `It forwards when a host or a neighbor there wants it, and ${wouldWin(assert, tree)}.`;
    case "assert loser":
      return `It forwards when ${wouldWin(assert, tree)}.`;
    case "not allowed here":
      return "It can only be changed in the configuration file.";
    case "source is on this link":
      return "It never forwards there, as long as the source is on that link.";
    case "data arrive here":
      return "It forwards again when data have ceased to arrive there.";
    case "tree has no kernel entry":
    case "no upstream neighbor on the root":
      return downstream.interested
        ? "It forwards when the tree becomes ACTIVE."
        : "It forwards when the tree becomes ACTIVE, and somebody there wants it.";
  }
}
