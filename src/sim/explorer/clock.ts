// Time of a router of a model, as a change of what it remembers. The instants of a memory are counted from its saving, so
// that time passes by saving later. Timers that do not run by themselves stand still, and so do the instants that they count
// from; an instant that is so long ago that it makes no difference is as long ago as makes none, so that states repeat.
import { compare } from "../../base/ordered.ts";
import { type Millis, millis } from "../../base/units.ts";
import type { RouterMemory } from "../../core/memory.ts";
import type { Neighbor, RouterInterface, Running, Tree } from "../../core/state.ts";
import { isSynced } from "../../core/state.ts";
import type { TimerEvent } from "../../core/timers.ts";
import { mapTimes } from "../../core/times.ts";
import type { Clock } from "./model.ts";

/** Present of every memory: what is due now is due at 0, and waits there until it is its turn. */
export const NOW: Millis = millis(0);
/** Where what is due now is put while something else has its turn. */
const WAITS = millis(0.5);

type Timers = RouterMemory["timers"];

function neighborOf(
  memory: RouterMemory,
  { interface: index, neighbor }: Extract<TimerEvent, { kind: "liveness" }>,
): Neighbor | undefined {
  return memory.interfaces.get(index)?.running?.neighbors.get(neighbor);
}

/** Whether the timer runs out by itself. */
function runs(clock: Clock, memory: RouterMemory, event: TimerEvent): boolean {
  if (!clock.timers.some((kind) => kind === event.kind)) return false;
  if (event.kind !== "liveness") return true;
  const neighbor = neighborOf(memory, event);
  return neighbor !== undefined && !isSynced(neighbor);
}

/** What is due at a router now, in the core's order, and how long it is until something is; null: nothing will be by itself. */
export function timingOf(
  clock: Clock,
  memory: RouterMemory,
): { readonly due: readonly TimerEvent[]; readonly next: number | null } {
  const running = memory.timers.filter(({ event }) => runs(clock, memory, event));
  return {
    due: running.filter(({ due }) => due <= NOW).map(({ event }) => event),
    next: running[0]?.due ?? null,
  };
}

const moved = (timers: Timers, from: Millis, to: Millis): Timers =>
  timers.map((timer) => (timer.due === from ? { ...timer, due: to } : timer));

/** The memory when something happens before what is due now. */
export const withWaiting = (memory: RouterMemory): RouterMemory => ({
  ...memory,
  timers: moved(memory.timers, NOW, WAITS),
});

/** The memory afterwards. */
export const withoutWaiting = (memory: RouterMemory): RouterMemory => ({
  ...memory,
  timers: moved(memory.timers, WAITS, NOW),
});

const mapValues = <K, V>(map: ReadonlyMap<K, V>, change: (value: V) => V): Map<K, V> =>
  new Map([...map].map(([key, value]) => [key, change(value)]));

/** What becomes of an instant. */
type Shift = (instant: Millis) => Millis;

const shiftNeighbor = (neighbor: Neighbor): Neighbor => ({
  ...neighbor,
  since: NOW,
  syncedAt: neighbor.syncedAt === null ? null : NOW,
});

const shiftRunning = (running: Running, shift: Shift): Running => ({
  ...running,
  neighbors: mapValues(running.neighbors, shiftNeighbor),
  syncedAt: shift(running.syncedAt),
});

const shiftInterface = ({ facts, running }: RouterInterface, shift: Shift): RouterInterface => ({
  facts,
  running: running === null ? null : shiftRunning(running, shift),
});

const shiftTree = (tree: Tree, shift: Shift): Tree => ({
  ...tree,
  times: mapTimes(tree.times, () => NOW),
  memory: mapValues(tree.memory, (at) => ({
    interestUnknownSince: shift(at.interestUnknownSince),
    holdSince: at.holdSince === null ? null : shift(at.holdSince),
    arrival: at.arrival && { ...at.arrival, since: shift(at.arrival.since) },
  })),
  standIn: tree.standIn && { ...tree.standIn, floodSince: shift(tree.standIn.floodSince) },
});

/** The longest time that a tree remembers anything for (§7.1, §9.4, §14). */
function horizonOf({ settings, interfaces }: RouterMemory): number {
  const holds = [...interfaces.values()].map(({ facts }) => facts.protocol?.holdForwardingTime);
  return Math.max(settings.initialFloodTime, ...holds.map((time) => time ?? 0));
}

/** What the router remembers when so much more time has passed, in which nothing is due. */
export function afterSpan(clock: Clock, memory: RouterMemory, span: Millis): RouterMemory {
  const wakes = clock.timers.includes("wake");
  const horizon = millis(-horizonOf(memory));
  const shift: Shift = (at) => (wakes ? millis(Math.max(at - span, horizon)) : at);
  const timers = memory.timers.map((timer) =>
    runs(clock, memory, timer.event) ? { ...timer, due: millis(timer.due - span) } : timer,
  );
  return {
    ...memory,
    timers: timers.sort((a, b) => a.due - b.due || compare(a.key, b.key)),
    interfaces: mapValues(memory.interfaces, (at) => shiftInterface(at, shift)),
    trees: mapValues(memory.trees, (tree) => shiftTree(tree, shift)),
  };
}
