// What a router remembers, as a value: routers are saved, restored and compared by it (docs/architecture.md, "Memory").
// The instants that are remembered are shifted here and nowhere else.
import type { Address, Family, Prefix } from "../base/address.ts";
import { AddressTable } from "../base/address-table.ts";
import { PrefixTable } from "../base/prefix-table.ts";
import { Random } from "../base/random.ts";
import { type Timer, TimerTable } from "../base/timer-table.ts";
import type { Millis } from "../base/units.ts";
import { after, afterOrNull, millis } from "../base/units.ts";
import type { Route } from "./events.ts";
import type { RouterSettings } from "./settings.ts";
import type { Neighbor, RouterInterface, RouterState, Running, Source, Tree } from "./state.ts";
import { type TimerEvent, timerKey } from "./timers.ts";
import { mapTimes } from "./times.ts";

/** What is copied as it is, apart from its instants. */
type Common = Omit<RouterState, "random" | "timers" | "routes" | "sources">;

type Sources = readonly (readonly [Address, Source])[];

/** All that a router remembers, its instants counted from the one at which it was saved. */
export interface RouterMemory extends Common {
  /** Of the generator of random delays. */
  readonly randomState: number;
  /** In the order in which they fire. */
  readonly timers: readonly Timer<TimerEvent>[];
  readonly routes: readonly (readonly [Prefix, readonly Route[]])[];
  readonly sources: Sources;
}

/** What a router is made of. */
export interface RouterOptions {
  readonly family: Family;
  readonly settings: RouterSettings;
  /** Of its random delays. */
  readonly seed: number;
}

/** What a router remembers before anything has happened to it. */
export const emptyMemory = ({ family, settings, seed }: RouterOptions): RouterMemory => ({
  family,
  settings,
  randomState: seed,
  timers: [],
  interfaces: new Map(),
  routes: [],
  trees: new Map(),
  sources: [],
  treesByGroup: new Map(),
  listeners: new Map(),
  standIns: new Set(),
  expiring: new Set(),
});

function mapValues<K, V>(map: ReadonlyMap<K, V>, change: (value: V) => V): Map<K, V> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

const copyNeighbor = (neighbor: Neighbor, shift: Millis): Neighbor => ({
  ...neighbor,
  trees: new Map(neighbor.trees),
  since: after(neighbor.since, shift),
  syncedAt: afterOrNull(neighbor.syncedAt, shift),
});

const copyRunning = (running: Running, shift: Millis): Running => ({
  ...running,
  neighbors: mapValues(running.neighbors, (neighbor) => copyNeighbor(neighbor, shift)),
  outstanding: new Map(running.outstanding),
  waiting: mapValues(running.waiting, (trees) => new Set(trees)),
  syncedAt: after(running.syncedAt, shift),
});

const copyInterface = ({ facts, running }: RouterInterface, shift: Millis): RouterInterface => ({
  facts,
  running: running === null ? null : copyRunning(running, shift),
});

const copyTree = (tree: Tree, shift: Millis): Tree => ({
  ...tree,
  times: mapTimes(tree.times, (at) => after(at, shift)),
  memory: mapValues(tree.memory, (at) => ({
    interestUnknownSince: after(at.interestUnknownSince, shift),
    holdSince: afterOrNull(at.holdSince, shift),
    arrival: at.arrival && { ...at.arrival, since: after(at.arrival.since, shift) },
  })),
  sourceActiveSince: afterOrNull(tree.sourceActiveSince, shift),
  standIn: tree.standIn && {
    ...tree.standIn,
    floodSince: after(tree.standIn.floodSince, shift),
    lastArrival: after(tree.standIn.lastArrival, shift),
  },
});

const copySources = (sources: Sources): Sources =>
  sources.map(([address, { rpf, trees }]) => [address, { rpf, trees: new Set(trees) }]);

/** Nothing that a turn changes in place is shared. */
const copyCommon = (from: Common, shift: Millis): Common => ({
  family: from.family,
  settings: from.settings,
  interfaces: mapValues(from.interfaces, (at) => copyInterface(at, shift)),
  trees: mapValues(from.trees, (tree) => copyTree(tree, shift)),
  treesByGroup: mapValues(from.treesByGroup, (keys) => new Set(keys)),
  listeners: mapValues(from.listeners, (groups) => new Map(groups)),
  standIns: new Set(from.standIns),
  expiring: new Set(from.expiring),
});

/** What the router of this state remembers at `now`. */
export function memoryAt(state: RouterState, now: Millis): RouterMemory {
  const shift = millis(-now);
  return {
    ...copyCommon(state, shift),
    randomState: state.random.state,
    timers: state.timers.inOrder().map((timer) => ({ ...timer, due: after(timer.due, shift) })),
    routes: state.routes.entries(),
    sources: copySources(state.sources.entries()),
  };
}

/** The state of a router that remembers this, at the instant 0. */
export function stateOf(memory: RouterMemory): RouterState {
  const timers = new TimerTable<TimerEvent>(timerKey);
  for (const { due, event } of memory.timers) timers.set(due, event);
  const routes = new PrefixTable<readonly Route[]>();
  for (const [prefix, ofPrefix] of memory.routes) routes.set(prefix, ofPrefix);
  return {
    ...copyCommon(memory, millis(0)),
    random: new Random(memory.randomState),
    timers,
    routes,
    sources: new AddressTable(copySources(memory.sources)),
  };
}
