// The trees that a router knows, and what neighbors have said of them (§7.1).
import type { Address } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import { orderedValues } from "../base/ordered.ts";
import { allowsTree } from "../base/tree-filter.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { NeighborTree } from "./neighbor-tree.ts";
import { isUnheard, UNHEARD } from "./neighbor-tree.ts";
import type { Rpf } from "./rpf.ts";
import { resolveRpf } from "./rpf.ts";
import { ackFailureTime } from "./settings.ts";
import type { TreeInputs } from "./settle.ts";
import { settle } from "./settle.ts";
import type { InterfaceMemory, TreeInterface, TreeNeighbor } from "./settled.ts";
import { interfaceMemory, NO_MEMORY, NOT_A_TREE } from "./settled.ts";
import type { Neighbor, RouterInterface, RouterState, RunningInterface, Tree } from "./state.ts";
import { hasListener, isEnabled, isSynced, NOTHING_COUNTED } from "./state.ts";
import { newTimes, stepTimes } from "./times.ts";
import type { TreeKey } from "./tree-id.ts";
import { treeOfKey } from "./tree-id.ts";
import type { Turn } from "./turn.ts";

function addTo<K, V>(index: Map<K, Set<V>>, key: K, value: V): void {
  const values = index.get(key) ?? new Set<V>();
  values.add(value);
  index.set(key, values);
}

/** The way back to a source, from the routes and interfaces of now. */
export const rpfTo = (state: RouterState, source: Address): Rpf =>
  resolveRpf(source, state.routes, state.interfaces, state.settings.preferences);

const isAllowed = ({ facts }: RouterInterface, { id }: Tree): boolean =>
  allowsTree(facts.filter, id.source, id.group);

/** The way back to the source of a tree: without a root where the tree is not allowed on it (§2.4). */
export function rpfOfTree(state: RouterState, tree: Tree): Rpf {
  const { source } = tree.id;
  const rpf = state.sources.get(source)?.rpf ?? rpfTo(state, source);
  if (rpf.root === null) return rpf;
  const root = known(state.interfaces.get(rpf.root), "the root interface of a source");
  return isAllowed(root, tree) ? rpf : { ...rpf, root: null, originator: false, denied: true };
}

/**
 * Whether there is room for another tree (P7). A tree may go while its messages await Acks (§8.5): where these are as many as
 * trees may be, whoever acknowledges nothing cannot have ever more of them kept by trees that come and go.
 */
export function hasRoomForTree({ trees, interfaces, settings }: RouterState): boolean {
  const { treeLimit } = settings;
  for (const { running } of interfaces.values()) {
    if (running !== null && running.outstanding.size >= treeLimit) return false;
  }
  return trees.size < treeLimit;
}

/** A tree of which nothing is known yet. */
const newTree = (key: TreeKey, now: Millis): Tree => ({
  id: treeOfKey(key),
  key,
  settled: NOT_A_TREE,
  times: newTimes(now),
  memory: new Map(),
  sourceActiveSince: null,
  counted: NOTHING_COUNTED,
  watch: null,
  standIn: null,
  installed: null,
});

/** The tree as it would be if it became known at `now`, while nothing has been said of it and no data have come. */
export function supposedTree(state: RouterState, key: TreeKey, now: Millis): Tree {
  const tree = newTree(key, now);
  const { after } = settle(treeInputs(state, tree, now));
  return { ...tree, settled: after, times: stepTimes(tree.times, tree.settled, after, now) };
}

/** The tree, made if it was unknown; undefined: there is no room for another (P7). */
export const ensureTree = (turn: Turn, key: TreeKey): Tree | undefined =>
  turn.state.trees.get(key) ?? makeTree(turn, key);

function makeTree(turn: Turn, key: TreeKey): Tree | undefined {
  const { state } = turn;
  if (!hasRoomForTree(state)) return undefined;
  const tree = newTree(key, turn.now);
  const { id } = tree;
  state.trees.set(key, tree);
  addTo(state.treesByGroup, id.group, key);
  const source = state.sources.get(id.source) ?? {
    rpf: rpfTo(state, id.source),
    trees: new Set<TreeKey>(),
  };
  source.trees.add(key);
  state.sources.set(id.source, source);
  turn.markTree(tree);
  return tree;
}

/** Forgets a tree of which nothing is left. */
export function removeTree(turn: Turn, tree: Tree): void {
  const { state } = turn;
  state.trees.delete(tree.key);
  const source = state.sources.get(tree.id.source);
  source?.trees.delete(tree.key);
  if (source?.trees.size === 0) state.sources.delete(tree.id.source);
  const ofGroup = state.treesByGroup.get(tree.id.group);
  ofGroup?.delete(tree.key);
  if (ofGroup?.size === 0) state.treesByGroup.delete(tree.id.group);
  for (const kind of ["wake", "watch", "sourceActive"] as const) {
    turn.cancelTimer({ kind, tree: tree.key });
  }
}

/** Whether there is room for what the neighbor says of a tree (P7); if not, it is refused. */
export function hasRoomFor(
  turn: Turn,
  at: RunningInterface,
  neighbor: Neighbor,
  key: TreeKey,
): boolean {
  const { trees } = neighbor;
  if (trees.has(key) || trees.size < turn.state.settings.treesPerNeighborLimit) return true;
  turn.refuseTree(at, neighbor, "too many trees of a neighbor");
  return false;
}

/** Stores what is known of a tree about a neighbor. */
export function setNeighborTree({ trees }: Neighbor, key: TreeKey, next: NeighborTree): void {
  if (isUnheard(next)) trees.delete(key);
  else trees.set(key, next);
}

/** What is remembered of a tree on an interface. */
export const memoryOf = (tree: Tree, index: InterfaceIndex): InterfaceMemory =>
  tree.memory.get(index) ?? NO_MEMORY;

/** Changes what is remembered of a tree on an interface, and has the tree settled. */
export function remember(
  turn: Turn,
  tree: Tree,
  index: InterfaceIndex,
  change: Partial<InterfaceMemory>,
): void {
  const memory = new Map(tree.memory);
  const { interestUnknownSince, holdSince, arrival } = { ...memoryOf(tree, index), ...change };
  memory.set(index, interfaceMemory(interestUnknownSince, holdSince, arrival));
  tree.memory = memory;
  turn.markTree(tree);
}

/** The interface as the tree sees it. */
function treeInterface(state: RouterState, at: RouterInterface, tree: Tree): TreeInterface {
  const { facts, running } = at;
  const neighbors: TreeNeighbor[] = [];
  for (const neighbor of running === null ? [] : orderedValues(running.neighbors)) {
    if (!isSynced(neighbor)) continue;
    const { address, trees } = neighbor;
    neighbors.push({ address, known: trees.get(tree.key) ?? UNHEARD });
  }
  const settings = facts.protocol;
  return {
    index: facts.index,
    address: running?.address ?? null,
    allowed: isAllowed(at, tree),
    neighbors,
    listener: hasListener(state, at, tree.id),
    syncedAt: running?.syncedAt ?? NO_MEMORY.interestUnknownSince,
    ackFailureTime: settings === null ? millis(0) : ackFailureTime(settings),
    holdForwardingTime: settings?.holdForwarding === true ? settings.holdForwardingTime : millis(0),
    memory: memoryOf(tree, facts.index),
  };
}

/** All that the derived values of a tree depend on (§9). */
export function treeInputs(state: RouterState, tree: Tree, now: Millis): TreeInputs {
  const interfaces: TreeInterface[] = [];
  for (const at of orderedValues(state.interfaces)) {
    if (isEnabled(at)) interfaces.push(treeInterface(state, at, tree));
  }
  return {
    now,
    before: tree.settled,
    rpf: rpfOfTree(state, tree),
    sourceActiveSince: tree.sourceActiveSince,
    interfaces,
    settings: state.settings,
  };
}
