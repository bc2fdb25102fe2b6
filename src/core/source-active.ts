// SourceActiveTimer (§9.1): its start, its end, and the readings of counters in between.
import { lengthChange, retimed } from "../base/length-change.ts";
import { orderedValues } from "../base/ordered.ts";
import type { Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import type { Tree } from "./state.ts";
import type { Turn } from "./turn.ts";

/** §9.1: counters are read at least this often during a SourceActiveTime. */
const READINGS_PER_SOURCE_ACTIVE_TIME = 10;

const readingPeriod = (sourceActiveTime: Millis): Millis =>
  millis(sourceActiveTime / READINGS_PER_SOURCE_ACTIVE_TIME);

/** Has SourceActiveTimer count from `since`; null: it does not run. */
export function setSourceActive(turn: Turn, tree: Tree, since: Millis | null): void {
  if (since === tree.sourceActiveSince) return;
  tree.sourceActiveSince = since;
  if (since !== null) {
    startSourceActive(turn, tree, since);
    return;
  }
  turn.state.expiring.delete(tree.key);
  turn.cancelTimer({ kind: "sourceActive", tree: tree.key });
}

function startSourceActive(turn: Turn, tree: Tree, since: Millis): void {
  const { timers, settings, expiring } = turn.state;
  expiring.delete(tree.key);
  timers.set(after(since, settings.sourceActiveTime), { kind: "sourceActive", tree: tree.key });
  if (!timers.runs({ kind: "readSources" })) scheduleReading(turn);
}

/** §16: SourceActiveTime was another, `was`. */
export function retimeSources(turn: Turn, was: Millis): void {
  const { timers, trees, settings } = turn.state;
  const is = settings.sourceActiveTime;
  if (is === was) return;
  for (const tree of trees.values()) {
    if (tree.sourceActiveSince !== null) startSourceActive(turn, tree, tree.sourceActiveSince);
  }
  const reading = { kind: "readSources" } as const;
  const due = timers.dueOf(reading);
  if (due === undefined) return;
  timers.set(retimed(due, lengthChange(readingPeriod, was, is)), reading);
}

/** §9.1: a packet of the source arrived on the root: SourceActiveTimer starts, or starts anew. */
export function sourceSends(turn: Turn, tree: Tree): void {
  const starts = tree.sourceActiveSince === null;
  setSourceActive(turn, tree, turn.now);
  if (starts) turn.markTree(tree);
}

/** SourceActiveTimer has come to its end, but for a last reading. */
export function sourceActiveEnds(turn: Turn, tree: Tree): void {
  turn.state.expiring.add(tree.key);
  turn.actions.push({ kind: "readCounters", trees: [tree.id] });
}

function scheduleReading(turn: Turn): void {
  turn.setTimer({ kind: "readSources" }, readingPeriod(turn.state.settings.sourceActiveTime));
}

/** Asks for the counters of all trees whose source is known to send. */
export function readSources(turn: Turn): void {
  const trees = orderedValues(turn.state.trees).filter((tree) => tree.sourceActiveSince !== null);
  if (trees.length === 0) return;
  turn.actions.push({ kind: "readCounters", trees: trees.map(({ id }) => id) });
  scheduleReading(turn);
}
