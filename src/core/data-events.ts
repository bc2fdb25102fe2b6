// What the kernel tells of data packets: missing entries, packets on wrong interfaces, counters (§9.1, §9.4, §13, §14).
import { orderedKeys } from "../base/ordered.ts";
import type { InterfaceIndex } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import { isIdle, standInFor, stepStandInCut } from "./data-without-tree.ts";
import type { CounterReading } from "./events.ts";
import type { TreeId } from "./messages.ts";
import { sourceSends } from "./source-active.ts";
import type { RouterState, Tree } from "./state.ts";
import type { TreeKey } from "./tree-id.ts";
import { isExcluded, treeKey } from "./tree-id.ts";
import { ensureTree, memoryOf, remember } from "./trees.ts";
import type { Turn } from "./turn.ts";
import { soleSuspect, watchPeriod } from "./watch.ts";

/** Flood and blocking entries are looked at this often: for sources that began to send, and for idle ones. */
const STAND_IN_READ_PERIOD = millis(3_000);

const rpfOf = (state: RouterState, tree: Tree): Tree["settled"]["rpf"] =>
  state.sources.get(tree.id.source)?.rpf ?? tree.settled.rpf;

/** Whether data that arrive on the interface come from the source itself (§13). */
function isFromSource(turn: Turn, tree: Tree, index: InterfaceIndex): boolean {
  const rpf = rpfOf(turn.state, tree);
  return rpf.originator && rpf.root === index && !isExcluded(tree.id);
}

/** §13: the kernel has no entry for a packet. */
export function missingEntry(turn: Turn, index: InterfaceIndex, id: TreeId): void {
  const tree = ensureTree(turn, treeKey(id));
  if (tree === undefined) {
    turn.reportLimit(null, "trees");
    return;
  }
  if (isFromSource(turn, tree, index)) sourceSends(turn, tree);
  else if (tree.settled.entry === null && tree.standIn === null) standIn(turn, tree, index);
  if (tree.installed !== null) {
    turn.actions.push({ kind: "entry", ...tree.id, entry: tree.installed });
  }
}

function standIn(turn: Turn, tree: Tree, index: InterfaceIndex): void {
  const { state } = turn;
  turn.markTree(tree);
  if (state.standIns.size >= state.settings.dataEntryLimit) {
    turn.reportLimit(null, "flood and blocking entries");
    return;
  }
  const { root, ...rpf } = rpfOf(state, tree);
  const way = { ...rpf, root: isExcluded(tree.id) ? null : root };
  tree.standIn = { ...standInFor(way, index, turn.now, state.settings), root };
  state.standIns.add(tree.key);
  if (!state.timers.runs({ kind: "readStandIns" })) {
    turn.setTimer({ kind: "readStandIns" }, STAND_IN_READ_PERIOD);
  }
}

/** §9.4, §13, §14: a packet arrived on another interface than its entry's. */
export function wrongInterface(turn: Turn, index: InterfaceIndex, id: TreeId): void {
  const tree = turn.state.trees.get(treeKey(id));
  if (tree === undefined) return;
  if (tree.standIn === null) dataComeRound(turn, tree, index);
  else if (isFromSource(turn, tree, index)) sourceSends(turn, tree);
  else cutStandIn(turn, tree, index);
}

function cutStandIn(turn: Turn, tree: Tree, index: InterfaceIndex): void {
  if (tree.standIn !== null) tree.standIn = stepStandInCut(tree.standIn, index);
  turn.markTree(tree);
}

/** §9.4, §14: data of the tree were seen to arrive on an interface that is not its root. */
function dataComeRound(turn: Turn, tree: Tree, index: InterfaceIndex): void {
  const at = tree.settled.interfaces.get(index);
  if (at === undefined || at.role === "root") return;
  const { initialFloodTime } = turn.state.settings;
  if (tree.settled.state === "UNSURE") {
    remember(turn, tree, index, { cutUntil: after(turn.now, initialFloodTime) });
  } else if (memoryOf(tree, index).holdUntil !== null) {
    remember(turn, tree, index, { holdUntil: turn.now });
  }
}

/** The counters that were asked for. */
export function takeReadings(turn: Turn, readings: readonly CounterReading[]): void {
  for (const reading of readings) {
    const tree = turn.state.trees.get(treeKey(reading));
    if (tree !== undefined) takeReading(turn, tree, reading);
  }
  for (const key of orderedKeys(turn.state.expiring)) expireSource(turn, key);
}

/** §9.1: no packet came until the last reading. */
function expireSource(turn: Turn, key: TreeKey): void {
  const tree = turn.state.trees.get(key);
  turn.state.expiring.delete(key);
  if (tree === undefined) return;
  tree.sourceActiveDue = null;
  turn.markTree(tree);
}

function takeReading(turn: Turn, tree: Tree, reading: CounterReading): void {
  const was = tree.counted;
  tree.counted = { packets: reading.packets, wrongInterface: reading.wrongInterface };
  const arrived = reading.packets - reading.wrongInterface > was.packets - was.wrongInterface;
  const wrongArrived = reading.wrongInterface > was.wrongInterface;
  if (tree.standIn !== null) readStandIn(turn, tree, { arrived, wrongArrived });
  else if (arrived && tree.sourceActiveDue !== null) sourceSends(turn, tree);
  if (tree.watchedFrom === "next reading") tree.watchedFrom = reading.wrongInterface;
  else if (tree.watchedFrom !== null && reading.wrongInterface > tree.watchedFrom) {
    const suspect = soleSuspect(tree);
    if (suspect !== undefined) dataComeRound(turn, tree, suspect);
  }
}

function readStandIn(
  turn: Turn,
  tree: Tree,
  seen: { readonly arrived: boolean; readonly wrongArrived: boolean },
): void {
  const { root } = rpfOf(turn.state, tree);
  if (seen.wrongArrived && root !== null && isFromSource(turn, tree, root)) {
    sourceSends(turn, tree);
  }
  if (tree.standIn === null) return;
  if (seen.arrived) tree.standIn = { ...tree.standIn, lastArrival: turn.now };
  else if (isIdle(tree.standIn, turn.now)) {
    tree.standIn = null;
    turn.state.standIns.delete(tree.key);
    turn.markTree(tree);
  }
}

/** The timer of a tree that is watched for data that come round. */
export function readWatched(turn: Turn, tree: Tree): void {
  const period = watchPeriod(tree);
  if (period === null) return;
  turn.actions.push({ kind: "readCounters", trees: [tree.id] });
  turn.setTimer({ kind: "watch", tree: tree.key }, period);
}

/** Asks for the counters of all flood and blocking entries (§13). */
export function readStandIns(turn: Turn): void {
  const trees = orderedKeys(turn.state.standIns).map((key) => turn.state.trees.get(key)?.id);
  const known = trees.filter((id) => id !== undefined);
  if (known.length === 0) return;
  turn.actions.push({ kind: "readCounters", trees: known });
  turn.setTimer({ kind: "readStandIns" }, STAND_IN_READ_PERIOD);
}
