// A router as it shows itself: the derived values are computed anew, with the reasons that they follow from (§9).

import { known } from "../base/invariant.ts";
import { orderedEntries, orderedValues } from "../base/ordered.ts";
import type { Millis } from "../base/units.ts";
import { checkpointSn } from "./checkpoint.ts";
import { settle } from "./settle.ts";
import type { Neighbor, RouterInterface, RouterState, Running, Tree } from "./state.ts";
import { treeInputs } from "./trees.ts";
import type {
  InterfaceView,
  NeighborView,
  RouterView,
  TreeInterfaceView,
  TreeView,
} from "./view.ts";

function neighborView(state: RouterState, at: RouterInterface, neighbor: Neighbor): NeighborView {
  const { sync, address } = neighbor;
  const { index } = at.facts;
  const liveness = { kind: "liveness", interface: index, neighbor: address } as const;
  const upstream = [...neighbor.trees.values()].filter((tree) => tree.upstream !== null);
  const settledSync = known(sync, "synchronisation of a neighbor between turns");
  return {
    interface: index,
    address,
    state: settledSync.state,
    bootTime: neighbor.bootTime,
    mySsn: settledSync.mySsn,
    neighborSsn: settledSync.neighborSsn,
    checkpointSn: neighbor.checkpointSn,
    since: neighbor.since,
    livenessDue: known(state.timers.dueOf(liveness), "liveness timer of a neighbor"),
    upstreamTrees: upstream.length,
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
    checkpointSn: checkpointSn(running.outstanding.values(), running.interfaceSn),
    neighbors: orderedValues(running.neighbors).map((n) => neighborView(state, at, n)),
    dropped: orderedEntries(running.dropped),
  };
}

function treeView(state: RouterState, tree: Tree, now: Millis): TreeView {
  const { settled, standIn, installed } = tree;
  const { verdict, nonRoot } = settle(treeInputs(state, tree, now));
  const interfaces: TreeInterfaceView[] = [...settled.interfaces].map(([index, at]) => ({
    interface: index,
    role: at.role,
    bun: at.bun,
    nonRoot: nonRoot.get(index) ?? null,
    advertised: at.advertised,
    told: at.told,
  }));
  const floods = standIn !== null && standIn.floodUntil > now;
  const standInKind = floods ? "flood" : "blocking";
  return {
    ...tree.id,
    verdict,
    rpc: settled.rpf.rpc,
    originator: settled.rpf.originator,
    root: settled.rpf.root,
    sourceActiveDue: tree.sourceActiveDue,
    interested: settled.interested,
    entry:
      installed === null
        ? null
        : { kind: standIn === null ? "tree" : standInKind, entry: installed },
    interfaces,
  };
}

/** The router as it is at `now`. */
export function viewOf(state: RouterState, now: Millis): RouterView {
  const interfaces = orderedValues(state.interfaces).map((at) => ({
    index: at.facts.index,
    name: at.facts.name,
    running: at.running === null ? null : runningView(state, at, at.running),
  }));
  const trees = orderedValues(state.trees).map((tree) => treeView(state, tree, now));
  return { interfaces, trees };
}
