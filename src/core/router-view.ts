// A router as it shows itself: its interfaces, and its neighbors with their numbers (§6.1, §15).
import { known } from "../base/invariant.ts";
import { orderedKeys, orderedValues } from "../base/ordered.ts";
import { inOrderSlowly } from "../base/slow-order.ts";
import type { Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import { checkpointSn } from "./checkpoint.ts";
import type { NextHop } from "./events.ts";
import type { TreeState } from "./notices.ts";
import type { Neighbor, RouterInterface, RouterState, Running } from "./state.ts";
import { runningAt } from "./state.ts";
import { treeOfKey } from "./tree-id.ts";
import { treeView } from "./tree-view.ts";
import type { InterfaceView, LastSnView, NeighborView, RouterView, TreeCount } from "./view.ts";

function upstreamTrees({ trees }: Neighbor): number {
  let count = 0;
  for (const { upstream } of trees.values()) if (upstream !== null) count++;
  return count;
}

function neighborView(state: RouterState, at: RouterInterface, neighbor: Neighbor): NeighborView {
  const { sync, address } = neighbor;
  const { index } = at.facts;
  const liveness = { kind: "liveness", interface: index, neighbor: address } as const;
  const settledSync = known(sync, "synchronisation of a neighbor between turns");
  const livenessDue = known(state.timers.dueOf(liveness), "liveness timer of a neighbor");
  return {
    interface: index,
    address,
    state: settledSync.state,
    bootTime: neighbor.bootTime,
    mySsn: settledSync.mySsn,
    neighborSsn: settledSync.neighborSsn,
    checkpointSn: neighbor.checkpointSn,
    since: neighbor.since,
    syncedAt: neighbor.syncedAt,
    livenessDue,
    heardAt: neighbor.holdTime === null ? null : millis(livenessDue - neighbor.holdTime),
    // Counted when it is asked for: it takes a walk over all trees, and most who look want something else.
    get upstreamTrees() {
      return upstreamTrees(neighbor);
    },
  };
}

function runningView(
  state: RouterState,
  at: RouterInterface,
  running: Running,
): InterfaceView["running"] {
  return {
    address: running.address,
    bootTime: running.bootTime,
    interfaceSn: running.interfaceSn,
    // A walk over all that is outstanding, as below.
    get checkpointSn() {
      return checkpointSn(running.outstanding.values(), running.interfaceSn);
    },
    unacknowledgedTrees: running.outstanding.size,
    neighbors: orderedValues(running.neighbors).map((n) => neighborView(state, at, n)),
  };
}

/** The interfaces, in ascending order of the index. */
export const interfaceViews = (state: RouterState): readonly InterfaceView[] =>
  orderedValues(state.interfaces).map((at) => ({
    index: at.facts.index,
    name: at.facts.name,
    running: at.running === null ? null : runningView(state, at, at.running),
  }));

/**
 * The LastSNs by interface, neighbor and tree, read as they are taken; undefined where there is none (any more). Of a
 * neighbor that fails meanwhile, what was stored last may still come.
 */
export function* lastSnViews(state: RouterState): Generator<LastSnView | undefined> {
  for (const index of orderedKeys(state.interfaces)) {
    const neighbors = runningAt(state, index)?.running.neighbors ?? new Map<never, never>();
    for (const { address, trees } of orderedValues(neighbors)) {
      for (const key of inOrderSlowly(trees.keys())) {
        const lastSn = (key && trees.get(key)?.lastSn) ?? null;
        yield key === undefined || lastSn === null
          ? undefined
          : { lastSn, interface: index, neighbor: address, ...treeOfKey(key) };
      }
    }
  }
}

/** The next hops of all routes, in no order. */
export function* nextHopsOf({ routes }: RouterState): Generator<NextHop> {
  for (const ofPrefix of routes.values()) {
    for (const { nextHops } of ofPrefix) yield* nextHops;
  }
}

/** So many trees are counted in a step. */
const COUNTED_AT_ONCE = 1_024;

/** The trees by their state, as in RouterReading. */
export function* treeCountsOf({
  trees,
}: RouterState): Generator<undefined, ReadonlyMap<TreeState, TreeCount>> {
  const counts = new Map<TreeState, { trees: number; entries: number }>();
  let counted = 0;
  for (const { settled, installed } of trees.values()) {
    const count = counts.get(settled.state) ?? { trees: 0, entries: 0 };
    count.trees++;
    if (installed !== null) count.entries++;
    counts.set(settled.state, count);
    counted++;
    if (counted % COUNTED_AT_ONCE === 0) yield undefined;
  }
  return counts;
}

/** The whole router as it is at `now`. */
export const viewOf = (state: RouterState, now: Millis): RouterView => ({
  interfaces: interfaceViews(state),
  trees: orderedValues(state.trees).map((tree) => treeView(state, tree, now)),
});
