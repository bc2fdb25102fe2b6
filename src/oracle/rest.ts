// The right end state of a network, from its configuration alone: a second opinion on docs/protocol.md, which shares
// no line with the daemon's core.
import type { Address } from "../base/address.ts";
import type { Copies } from "./copies.ts";
import { copiesOf } from "./copies.ts";
import type { Forwarding } from "./forwarding.ts";
import { forwardingOf, forwards, hasEntry } from "./forwarding.ts";
import type { NetworkDescription } from "./network.ts";
import type { Port } from "./ports.ts";
import { halfHeardBy, isEnabled, neighborsOf, portsIn } from "./ports.ts";
import type { Premises } from "./premises.ts";
import { premisesOf } from "./premises.ts";
import type { TreeState, TreeStates } from "./tree-state.ts";
import { bunOf, treeStates } from "./tree-state.ts";
import type { Truth } from "./truth.ts";

/** An interface on which HPIM-DM runs. */
export interface RestingEnd {
  readonly router: string;
  readonly interface: string;
  readonly address: Address;
}

/** Two interfaces that are SYNCED with each other, told once for each side. */
export interface RestingNeighbor extends RestingEnd {
  readonly neighbor: RestingEnd;
}

/** An enabled interface, for one tree. */
export interface RestingInterface {
  readonly name: string;
  readonly link: string;
  readonly isRoot: boolean;
  readonly bun: Address | null;
  /** null: it is the root. */
  readonly isWinner: boolean | null;
  readonly downstream: Truth;
  readonly forwarding: Truth;
}

/** The kernel's entry at rest. */
export type RestingEntry =
  | { readonly kind: "none" }
  /** The tree's own (§9); its outputs are those that forward. */
  | { readonly kind: "tree"; readonly incoming: string }
  /** §13: no outputs; its incoming interface is one of these. Not certain: it may not be there. */
  | {
      readonly kind: "blocking";
      readonly incoming: readonly string[];
      readonly isCertain: boolean;
    };

/** A tree at one router. */
export interface RestingRouter {
  readonly name: string;
  readonly state: TreeState;
  readonly root: string | null;
  readonly isOriginator: boolean;
  readonly interested: Truth;
  readonly interfaces: readonly RestingInterface[];
  readonly entry: RestingEntry;
}

/** How many copies of each packet: at least and at most. */
export interface CopyRange {
  readonly least: number;
  readonly most: number;
}

/** A tree at rest. */
export interface RestingTree {
  readonly source: Address;
  readonly group: Address;
  readonly premises: Premises;
  readonly routers: readonly RestingRouter[];
  /** Copies of each packet by link; links that are left out carry none. */
  readonly links: ReadonlyMap<string, CopyRange>;
}

/** A network at rest. */
export interface Rest {
  readonly neighbors: readonly RestingNeighbor[];
  /**
   * Neighbors that an interface hears, but that do not hear it. It may remember them as they once were, or try to
   * synchronise for ever: where there are any, only P1 and P2 of the others are known, and `trees` says nothing.
   */
  readonly halfHeard: readonly RestingNeighbor[];
  /** One for each group of each source, sent to now or not. */
  readonly trees: readonly RestingTree[];
}

function copiesWhere(tree: TreeStates, forwarding: Forwarding, certainly: boolean): Copies {
  return copiesOf(tree, (arrival) => {
    const isIncoming = tree.paths.get(arrival.router)?.root === arrival;
    if (!isIncoming || !hasEntry(tree, arrival.router)) return [];
    const own = tree.ports.ofRouter.get(arrival.router) ?? [];
    return own.filter((port) => forwards(forwarding, port, certainly));
  });
}

function entryOf(tree: TreeStates, router: string, least: Copies, most: Copies): RestingEntry {
  const path = tree.paths.get(router);
  const root = path?.root ?? null;
  if (root !== null && hasEntry(tree, router)) return { kind: "tree", incoming: root.name };
  const own = tree.ports.ofRouter.get(router) ?? [];
  const arrivals = own.filter((port) => most.at.has(port));
  if (arrivals.length === 0) return { kind: "none" };
  if (root !== null && path?.isOriginator === false) {
    return { kind: "blocking", incoming: [root.name], isCertain: least.at.has(root) };
  }
  const incoming = arrivals.map(({ name }) => name);
  return { kind: "blocking", incoming, isCertain: own.some((port) => least.at.has(port)) };
}

function restingInterface(
  tree: TreeStates,
  { nonRoots }: Forwarding,
  port: Port,
): RestingInterface {
  const nonRoot = nonRoots.get(port);
  return {
    name: port.name,
    link: port.link,
    isRoot: tree.paths.get(port.router)?.root === port,
    bun: bunOf(tree, port)?.port.address ?? null,
    isWinner: nonRoot?.isWinner ?? null,
    downstream: nonRoot?.downstream ?? "no",
    forwarding: nonRoot?.forwarding ?? "no",
  };
}

function restingTree(network: NetworkDescription, tree: TreeStates): RestingTree {
  const assumed = forwardingOf(network, tree, () => false);
  const everywhere = copiesWhere(tree, assumed, false);
  const forwarding = forwardingOf(network, tree, (port) => everywhere.at.has(port));
  const isSent = tree.source.groups.includes(tree.group);
  const nothing: Copies = { onLink: new Map(), at: new Map() };
  const least = isSent ? copiesWhere(tree, forwarding, true) : nothing;
  const most = isSent ? copiesWhere(tree, forwarding, false) : nothing;
  const routers = [...tree.ports.ofRouter].map(([name, own]): RestingRouter => {
    const path = tree.paths.get(name);
    return {
      name,
      state: tree.states.get(name) ?? "INACTIVE",
      root: path?.root?.name ?? null,
      isOriginator: path?.isOriginator ?? false,
      interested: forwarding.interested.get(name) ?? "no",
      interfaces: own.filter(isEnabled).map((port) => restingInterface(tree, forwarding, port)),
      entry: entryOf(tree, name, least, most),
    };
  });
  const links = new Map(
    [...most.onLink].map(([link, count]) => [
      link,
      { least: least.onLink.get(link) ?? 0, most: count },
    ]),
  );
  const { source, group } = tree;
  const premises = premisesOf(network, tree);
  return { source: source.address, group, premises, routers, links };
}

const endOf = ({ router, name, address }: Port): RestingEnd => ({
  router,
  interface: name,
  address,
});

/** The end state of `network`. `groups`: those whose trees are asked for, of every source, sent to or not. */
export function restOf(network: NetworkDescription, groups: readonly Address[]): Rest {
  const ports = portsIn(network);
  const pairs = (othersOf: typeof neighborsOf): readonly RestingNeighbor[] =>
    ports.all.flatMap((port) =>
      othersOf(ports, port).map((other) => ({ ...endOf(port), neighbor: endOf(other) })),
    );
  const trees = network.sources.flatMap((source) =>
    groups.map((group) => restingTree(network, treeStates(network, ports, source, group))),
  );
  return { neighbors: pairs(neighborsOf), halfHeard: pairs(halfHeardBy), trees };
}
