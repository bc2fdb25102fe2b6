// What routers show of themselves as lines, with names in place of addresses.
import type { CountersRow } from "../../src/api/lists/counters.ts";
import type { GroupsAnswer } from "../../src/api/lists/groups.ts";
import type { InterfacesAnswer } from "../../src/api/lists/interfaces.ts";
import type { NeighborRow } from "../../src/api/lists/neighbors.ts";
import type { TreeInterface, TreeRow } from "../../src/api/lists/trees.ts";

const GAP = "  ";

function treeInterfaceText({ interface: name, nonRoot }: TreeInterface): string {
  if (nonRoot === null) return `${name} root`;
  const { assert: election, downstream, forwarding } = nonRoot;
  // Who is interested in what an assert loser offers depends on who was heard first (§8.5).
  if (!election.winner) return `${name} AL ${forwarding.state}`;
  return `${name} AW ${downstream.interested ? "DI" : "NDI"} ${forwarding.state}`;
}

const treeText = ({ state, originator, interfaces }: TreeRow): string =>
  [`${state}${originator ? " originator" : ""}`, ...interfaces.map(treeInterfaceText)].join(GAP);

/** A router's trees: those that are in the same state are one line, with how many they are. */
export function treeLines(router: string, trees: readonly TreeRow[]): readonly string[] {
  if (trees.length === 0) return [`${router}${GAP}no tree`];
  const counts = new Map<string, number>();
  for (const tree of trees) {
    const text = treeText(tree);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => {
    const number = count === 1 ? "1 tree" : `${count} trees`;
    return [router, text, ...(trees.length === 1 ? [] : [number])].join(GAP);
  });
}

/** Why a router's trees are in their states. */
export function reasonLines(router: string, trees: readonly TreeRow[]): readonly string[] {
  if (trees.length === 0) return [`${router}${GAP}no tree`];
  const texts = trees.map(({ state, reason }) => `${router}${GAP}${state}: ${reason}`);
  return [...new Set(texts)];
}

/** Who has won the assert on an interface, of each tree, and why. */
export function assertLines(name: string, trees: readonly TreeRow[]): readonly string[] {
  const texts = trees.flatMap(({ interfaces }) =>
    interfaces.flatMap((at) => {
      if (at.interface !== name) return [];
      if (at.nonRoot === null) return ["root"];
      const { winner, reason } = at.nonRoot.assert;
      return [`${winner ? "AW" : "AL"}: ${reason}`];
    }),
  );
  return texts.length === 0 ? ["no tree"] : [...new Set(texts)];
}

/** A neighbor, what it is called, and more about it. */
export interface NamedNeighbor {
  readonly row: NeighborRow;
  readonly name: string;
  readonly more: string;
}

/** A router's neighbors. */
export function neighborLine(router: string, neighbors: readonly NamedNeighbor[]): string {
  if (neighbors.length === 0) return `${router}${GAP}no neighbors`;
  const texts = neighbors.map(
    ({ row, name, more }) => `${row.interface} ${name} ${row.state}${more}`,
  );
  return [router, ...texts].join(GAP);
}

/** A router's groups. */
export function groupLines(router: string, groups: GroupsAnswer["groups"]): readonly string[] {
  if (groups.length === 0) return [`${router}${GAP}no groups`];
  return groups.map(({ interface: name, group, state }) =>
    [router, `${name} ${group} ${state}`].join(GAP),
  );
}

/** What a router's interfaces are for IGMP. */
export function querierLine(router: string, interfaces: InterfacesAnswer["interfaces"]): string {
  const texts = interfaces.flatMap(({ name, igmp }) =>
    igmp.role === null ? [] : [`${name} ${igmp.role}`],
  );
  return [router, ...(texts.length === 0 ? ["no IGMP"] : texts)].join(GAP);
}

/** Kernels report groups by themselves, which nobody routes. */
const OF_KERNELS = "group not routed";

/** What a router has dropped on its interfaces, and why. */
export function counterLines(router: string, counters: readonly CountersRow[]): readonly string[] {
  const texts = counters.flatMap(({ interface: name, dropped }) =>
    dropped
      .filter(({ reason }) => reason !== OF_KERNELS)
      .map(({ protocol, reason, count }) => `${name ?? "?"} ${protocol}: ${reason}, ${count}`),
  );
  if (texts.length === 0) return [`${router}${GAP}nothing dropped`];
  return texts.map((text) => [router, text].join(GAP));
}
