// SourceActiveTimer (§9.1): its start, its end, and the readings of counters in between.
import { orderedValues } from "../base/ordered.ts";
import type { Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import type { Tree } from "./state.ts";
import type { Turn } from "./turn.ts";

/** §9.1: counters are read at least this often during a SourceActiveTime. */
const READINGS_PER_SOURCE_ACTIVE_TIME = 10;

/** Has SourceActiveTimer end at `due`; null: it does not run. */
export function setSourceActive(turn: Turn, tree: Tree, due: Millis | null): void {
  if (due === tree.sourceActiveDue) return;
  const timer = { kind: "sourceActive", tree: tree.key } as const;
  tree.sourceActiveDue = due;
  turn.state.expiring.delete(tree.key);
  if (due === null) {
    turn.cancelTimer(timer);
    return;
  }
  turn.setTimer(timer, millis(due - turn.now));
  if (!turn.state.timers.runs({ kind: "readSources" })) scheduleReading(turn);
}

/** §9.1: a packet of the source arrived on the root: SourceActiveTimer starts, or starts anew. */
export function sourceSends(turn: Turn, tree: Tree): void {
  const starts = tree.sourceActiveDue === null;
  setSourceActive(turn, tree, after(turn.now, turn.state.settings.sourceActiveTime));
  if (starts) turn.markTree(tree);
}

/** SourceActiveTimer has come to its end, but for a last reading. */
export function sourceActiveEnds(turn: Turn, tree: Tree): void {
  turn.state.expiring.add(tree.key);
  turn.actions.push({ kind: "readCounters", trees: [tree.id] });
}

function scheduleReading(turn: Turn): void {
  const { sourceActiveTime } = turn.state.settings;
  const period = millis(sourceActiveTime / READINGS_PER_SOURCE_ACTIVE_TIME);
  turn.setTimer({ kind: "readSources" }, period);
}

/** Asks for the counters of all trees whose source is known to send. */
export function readSources(turn: Turn): void {
  const trees = orderedValues(turn.state.trees).filter((tree) => tree.sourceActiveDue !== null);
  if (trees.length === 0) return;
  turn.actions.push({ kind: "readCounters", trees: trees.map(({ id }) => id) });
  scheduleReading(turn);
}
