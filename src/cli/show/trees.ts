// hpim-dm show trees: for each tree its state and why, then its interfaces and why each forwards or not.
import type { TreeInterface, TreeRow, TreesAnswer } from "../../api/lists/trees.ts";
import { formatRpc } from "../../base/tree-text.ts";
import { duration } from "../table.ts";
import type { Look, Render } from "./render.ts";
import { listTable } from "./render.ts";

function rootOf({ root, originator }: TreeRow): string {
  if (root === null) return "no root interface";
  return originator ? `root ${root}, originator` : `root ${root}`;
}

function* heading(tree: TreeRow): Generator<string> {
  const rest = [
    rootOf(tree),
    tree.rpc === null ? "no route" : `cost ${formatRpc(tree.rpc)}`,
    tree.interested ? "interested" : "not interested",
  ];
  if (tree.sourceExpiresInSeconds !== null) {
    rest.push(`source silent in ${duration(tree.sourceExpiresInSeconds)}`);
  }
  if (tree.entry !== null && tree.entry.kind !== "tree") rest.push(`${tree.entry.kind} entry`);
  yield `(${tree.source}, ${tree.group})  ${tree.state}: ${tree.reason}`;
  yield `  ${rest.join(", ")}`;
}

/** What a root interface has: its upstream neighbor, and what that was told. */
function upstreamOf({ bun, told }: TreeInterface): string {
  if (bun === null) return "-";
  const offer = `upstream ${bun.neighbor} offers ${formatRpc(bun.rpc)}`;
  if (told === null) return offer;
  return `${offer}, was told ${told.interested ? "Interest" : "NoInterest"}`;
}

function row(side: TreeInterface): string[] {
  const { interface: name, role, nonRoot } = side;
  if (nonRoot === null) return [`  ${name}`, role, "-", "-", "-", upstreamOf(side)];
  const { assert, downstream, forwarding } = nonRoot;
  return [
    `  ${name}`,
    role,
    `${assert.winner ? "AW" : "AL"} ${assert.winnerAddress ?? ""}`.trimEnd(),
    downstream.interested ? "DI" : "NDI",
    forwarding.state,
    forwarding.reason,
  ];
}

const HEAD = ["  Interface", "Role", "Assert", "Interest", "State", "Why"];

function treeLines(tree: TreeRow, look: Look): Iterable<string> {
  return listTable(
    { ...look, isNarrowed: false },
    HEAD,
    tree.interfaces.map(row),
    "  no interfaces",
  );
}

/** The trees. */
export const renderTrees: Render<TreesAnswer> = function* ({ trees }, look) {
  if (trees.length === 0) yield look.isNarrowed ? "Nothing matches." : "There are no trees.";
  for (const [n, tree] of trees.entries()) {
    if (n > 0) yield "";
    yield* heading(tree);
    yield* treeLines(tree, look);
  }
};
