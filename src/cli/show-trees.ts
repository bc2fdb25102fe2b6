// hpim-dm show trees: for each tree its state and why, then its interfaces and why each forwards or not.
import type { TreeInterface, TreeRow, TreesAnswer } from "../api/responses.ts";
import { duration, orDash, table } from "./table.ts";

type Rpc = NonNullable<TreeRow["rpc"]>;

const cost = (rpc: Rpc | null): string | null =>
  rpc === null ? null : `${rpc.preference}/${rpc.metric}`;

function rootOf({ root, originator }: TreeRow): string {
  if (root === null) return "no root interface";
  return originator ? `root ${root}, originator` : `root ${root}`;
}

function heading(tree: TreeRow): string {
  const rest = [
    rootOf(tree),
    tree.rpc === null ? "no route" : `cost ${cost(tree.rpc)}`,
    tree.interested ? "interested" : "not interested",
  ];
  if (tree.sourceExpiresInSeconds !== null) {
    rest.push(`source silent in ${duration(tree.sourceExpiresInSeconds)}`);
  }
  if (tree.entry !== null && tree.entry.kind !== "tree") rest.push(`${tree.entry.kind} entry`);
  return `(${tree.source}, ${tree.group})  ${tree.state}: ${tree.reason}\n  ${rest.join(", ")}`;
}

function row({ interface: name, role, bun, told, nonRoot }: TreeInterface): string[] {
  const upstream = bun === null ? "-" : `${bun.neighbor} ${cost(bun.rpc)}`;
  if (nonRoot === null) {
    const interest = told?.interested ? "told Interest" : "told NoInterest";
    return [`  ${name}`, role, upstream, "-", "-", "-", told === null ? "-" : interest];
  }
  const { assert, downstream, forwarding } = nonRoot;
  return [
    `  ${name}`,
    role,
    upstream,
    assert.winner ? "AW" : "AL",
    downstream.interested ? "DI" : "NDI",
    forwarding.state,
    orDash(forwarding.reason),
  ];
}

const HEAD = ["  Interface", "Role", "Best upstream", "Assert", "Interest", "State", "Why"];

/** The trees; the reasons are broken into lines to stay within `width`. */
export function renderTrees({ trees }: TreesAnswer, width?: number): string {
  if (trees.length === 0) return "There are no trees.";
  const options = { empty: "  no interfaces", ...(width === undefined ? {} : { width }) };
  return trees
    .map((tree) => `${heading(tree)}\n${table(HEAD, tree.interfaces.map(row), options)}`)
    .join("\n\n");
}
