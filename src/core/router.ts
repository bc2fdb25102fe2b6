// A router of one address family: the only owner of its state. Events go in, actions come out; nothing else.
import type { Address } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import { orderedValues } from "../base/ordered.ts";
import { inOrderSlowly } from "../base/slow-order.ts";
import { wantsAny } from "../base/source-filter.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import type { Received } from "./acceptance.ts";
import { refusalOf } from "./acceptance.ts";
import {
  missingEntry,
  readStandIns,
  readWatched,
  takeReadings,
  wrongInterface,
} from "./data-events.ts";
import type { KernelEntry, NextHop, RouteChange, RouterAction, RouterEvent } from "./events.ts";
import { refreshRpf, removeInterface, updateInterface } from "./interface-life.ts";
import { reviewLimits, takeUpRefused } from "./limits.ts";
import { emptyMemory, memoryAt, type RouterMemory, type RouterOptions, stateOf } from "./memory.ts";
import type { TreeId } from "./messages.ts";
import {
  failNeighbor,
  livenessExpired,
  receiveHello,
  receiveSync,
  retransmitSync,
} from "./neighborhood.ts";
import type { TreeState } from "./notices.ts";
import { interfaceViews, lastSnViews, nextHopsOf, treeCountsOf, viewOf } from "./router-view.ts";
import { type Way, wayTo } from "./rpf.ts";
import type { RouterSettings } from "./settings.ts";
import type { Settled } from "./settled.ts";
import { conclude } from "./settling.ts";
import { readSources, retimeSources, sourceActiveEnds } from "./source-active.ts";
import type { RouterState, RunningInterface } from "./state.ts";
import { runningAt } from "./state.ts";
import type { InterfaceTimerEvent, TimerEvent } from "./timers.ts";
import { retransmit, sendHello } from "./transmission.ts";
import { type TreeKey, treeKey } from "./tree-id.ts";
import { receiveAck, receiveTreeMessage } from "./tree-messages.ts";
import { neighborTreeViews, treeView } from "./tree-view.ts";
import { supposedTree } from "./trees.ts";
import { Turn } from "./turn.ts";
import type {
  InterfaceView,
  LastSnView,
  NeighborTreeView,
  RouterReading,
  RouterView,
  TreeCount,
  TreeView,
} from "./view.ts";

/** So many timers that are due are handled at a time, some milliseconds' worth: the rest stay due, and a machine reads in between. */
const DUE_AT_ONCE = 256;

/** A router. The same events at the same times give the same actions. */
export class Router implements RouterReading {
  readonly #state: RouterState;

  /** A new router, or one that goes on at the instant 0 from what another remembered. */
  constructor(from: RouterOptions | RouterMemory) {
    this.#state = stateOf("seed" in from ? emptyMemory(from) : from);
  }

  /** Handles `event`; `time`: the first timers of those that are due. Returns what is to be done, in this order. `now` never falls. */
  handle(event: RouterEvent, now: Millis): readonly RouterAction[] {
    const actions: RouterAction[] = [];
    const turn = new Turn(this.#state, now, actions);
    handleEvent(turn, event);
    conclude(turn);
    if (event.kind === "time") this.#handleDue(now, actions);
    return withOneReading(actions);
  }

  #handleDue(now: Millis, actions: RouterAction[]): void {
    for (let n = 0; n < DUE_AT_ONCE; n++) {
      const timer = this.#state.timers.takeDue(now);
      if (timer === undefined) return;
      const turn = new Turn(this.#state, now, actions);
      handleTimer(turn, timer.event);
      conclude(turn);
    }
  }

  /** When `handle` is to be called with `time` at the latest; undefined: not before something happens. */
  nextDeadline(): Millis | undefined {
    return this.#state.timers.nextDeadline();
  }

  /** What the router remembers, as a value apart from it, its instants counted from `now`. */
  save(now: Millis): RouterMemory {
    return memoryAt(this.#state, now);
  }

  /** The whole router as it is at `now`. */
  view(now: Millis): RouterView {
    return viewOf(this.#state, now);
  }

  interfaces(): readonly InterfaceView[] {
    return interfaceViews(this.#state);
  }

  treeKeys(): Iterable<TreeKey | undefined> {
    return inOrderSlowly(this.#state.trees.keys());
  }

  treeCounts(): Generator<undefined, ReadonlyMap<TreeState, TreeCount>> {
    return treeCountsOf(this.#state);
  }

  tree(key: TreeKey, now: Millis): TreeView | undefined {
    const tree = this.#state.trees.get(key);
    return tree && treeView(this.#state, tree, now);
  }

  supposedTree(key: TreeKey, now: Millis): TreeView {
    return treeView(this.#state, supposedTree(this.#state, key, now), now);
  }

  way(source: Address): Way | undefined {
    const { routes, interfaces } = this.#state;
    return wayTo(source, routes, interfaces);
  }

  nextHops(): Iterable<NextHop> {
    return nextHopsOf(this.#state);
  }

  settled(key: TreeKey): Settled | undefined {
    return this.#state.trees.get(key)?.settled;
  }

  neighborTrees(key: TreeKey, now: Millis): readonly NeighborTreeView[] {
    const tree = this.#state.trees.get(key);
    return tree === undefined ? [] : neighborTreeViews(this.#state, tree, now);
  }

  entry(key: TreeKey): KernelEntry | null {
    return this.#state.trees.get(key)?.installed ?? null;
  }

  lastSns(): Iterable<LastSnView | undefined> {
    return lastSnViews(this.#state);
  }

  neighborCount(index: InterfaceIndex): number {
    return this.#state.interfaces.get(index)?.running?.neighbors.size ?? 0;
  }
}

/** Asks for all counters at once, at last: whose last reading is due (§9.1) is then among those that are answered. */
function withOneReading(actions: readonly RouterAction[]): readonly RouterAction[] {
  const others: RouterAction[] = [];
  const trees = new Map<TreeKey, TreeId>();
  for (const action of actions) {
    if (action.kind !== "readCounters") others.push(action);
    else for (const tree of action.trees) trees.set(treeKey(tree), tree);
  }
  if (trees.size === 0) return others;
  return [...others, { kind: "readCounters", trees: orderedValues(trees) }];
}

function handleEvent(turn: Turn, event: RouterEvent): void {
  switch (event.kind) {
    case "interface":
      updateInterface(turn, event.facts);
      break;
    case "interfaceGone":
      removeInterface(turn, event.interface);
      break;
    case "routes":
      changeRoutes(turn, event.changes);
      break;
    case "settings":
      changeSettings(turn, event.settings);
      break;
    case "listeners":
      changeListeners(turn, event);
      break;
    case "message":
      receive(turn, event.interface, event);
      break;
    case "missingEntry":
      missingEntry(turn, event.interface, event);
      break;
    case "wrongInterface":
      wrongInterface(turn, event.interface, event);
      break;
    case "counters":
      takeReadings(turn, event.readings);
      break;
    case "time":
      break;
  }
}

function handleTimer(turn: Turn, event: TimerEvent): void {
  switch (event.kind) {
    case "hello":
    case "earlyHello":
    case "firstHello":
    case "liveness":
    case "syncRetransmission":
    case "retransmission": {
      const at = runningAt(turn.state, event.interface);
      handleInterfaceTimer(turn, known(at, "interface of a timer"), event);
      return;
    }
    case "wake":
      turn.dirty.add(event.tree);
      return;
    case "sourceActive":
    case "watch": {
      const tree = known(turn.state.trees.get(event.tree), "the tree of a timer");
      if (event.kind === "watch") readWatched(turn, tree);
      else sourceActiveEnds(turn, tree);
      break;
    }
    case "readSources":
      readSources(turn);
      break;
    case "readStandIns":
      readStandIns(turn);
      break;
    case "limits":
      reviewLimits(turn);
      break;
  }
}

function handleInterfaceTimer(turn: Turn, at: RunningInterface, event: InterfaceTimerEvent): void {
  switch (event.kind) {
    case "hello":
    case "firstHello":
      sendHello(turn, at);
      break;
    case "earlyHello":
      sendHello(turn, at, event);
      break;
    case "liveness":
      livenessExpired(turn, at, event.neighbor);
      break;
    case "syncRetransmission":
      retransmitSync(turn, at, event.neighbor);
      break;
    case "retransmission":
      for (const address of retransmit(turn, at, event.tree, event.destination)) {
        const neighbor = at.running.neighbors.get(address);
        if (neighbor !== undefined) failNeighbor(turn, at, neighbor, "no acknowledgement");
      }
  }
}

function changeRoutes(turn: Turn, changes: readonly RouteChange[]): void {
  for (const { prefix, routes } of changes) {
    turn.state.routes.set(prefix, routes.length === 0 ? undefined : routes);
  }
  for (const { prefix } of changes) refreshRpf(turn, turn.state.sources.within(prefix));
}

function changeSettings(turn: Turn, settings: RouterSettings): void {
  const was = turn.state.settings;
  turn.state.settings = settings;
  retimeSources(turn, was.sourceActiveTime);
  takeUpRefused(turn, was);
  refreshRpf(turn);
  turn.markAllTrees();
}

function changeListeners(
  turn: Turn,
  { interface: index, group, wanted }: Extract<RouterEvent, { kind: "listeners" }>,
): void {
  const groups = turn.state.listeners.get(index) ?? new Map();
  if (wantsAny(wanted)) groups.set(group, wanted);
  else groups.delete(group);
  turn.state.listeners.set(index, groups);
  for (const key of turn.state.treesByGroup.get(group) ?? []) turn.dirty.add(key);
}

function receive(turn: Turn, index: InterfaceIndex, received: Received): void {
  const at = runningAt(turn.state, index);
  if (at === undefined) {
    const { source: sender } = received;
    turn.drop({ interface: index, protocol: "HPIM-DM", reason: "not enabled", sender });
    return;
  }
  const { family } = turn.state;
  const where = { facts: at.facts, own: at.running.address, family };
  const refusal = refusalOf(received, where, (address) => turn.isOwnAddress(address));
  if (refusal !== null) {
    turn.dropMessage(at, received.source, refusal);
    return;
  }
  const { source, message } = received;
  switch (message.kind) {
    case "hello":
      receiveHello(turn, at, source, message);
      break;
    case "sync":
      receiveSync(turn, at, source, message);
      break;
    case "ack":
      receiveAck(turn, at, source, message);
      break;
    default:
      receiveTreeMessage(turn, at, source, message);
      break;
  }
}
