// What the kernel tells of data packets: missing entries, packets on wrong interfaces, counters (§9.1, §9.4, §13, §14).
import { known } from "../base/invariant.ts";
import { orderedKeys } from "../base/ordered.ts";
import type { InterfaceIndex } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { DropReason } from "./acceptance.ts";
import { stepArrival } from "./cut.ts";
import { dataRpf, isIdle, type StandIn, standInFor, stepStandInCut } from "./data-without-tree.ts";
import type { CounterReading } from "./events.ts";
import type { TreeId } from "./messages.ts";
import type { Rpf } from "./rpf.ts";
import { sourceSends } from "./source-active.ts";
import type { RouterState, Tree, Watch } from "./state.ts";
import { NOTHING_COUNTED } from "./state.ts";
import type { TreeKey } from "./tree-id.ts";
import { isExcluded, treeKey } from "./tree-id.ts";
import { ensureTree, memoryOf, remember, rpfOfTree } from "./trees.ts";
import type { Turn } from "./turn.ts";
import { suspectsOf, watchPeriod } from "./watch.ts";

/** Flood and blocking entries are looked at this often, for idle ones. */
const STAND_IN_READ_PERIOD = millis(3_000);

/** Where others forward too, each packet arrives twice: after so many that did not they forward no more (§9.4). */
const PACKETS_ALONE = 2;

const rpfOf = (state: RouterState, tree: Tree): Rpf => dataRpf(tree.id, rpfOfTree(state, tree));

const treeOf = (turn: Turn, key: TreeKey): Tree =>
  known(turn.state.trees.get(key), "a tree of which something is kept");

/** Whether data that arrive on the interface come from the source itself (§13). */
function isFromSource(turn: Turn, tree: Tree, index: InterfaceIndex): boolean {
  const rpf = rpfOf(turn.state, tree);
  return rpf.originator && rpf.root === index;
}

function dropData(turn: Turn, index: InterfaceIndex, tree: TreeId, reason: DropReason): void {
  turn.drop({ interface: index, protocol: "data", reason, sender: tree.source });
}

/** Why data of the tree are good for nothing, wherever they arrive; null: they may be. */
function refusalOf({ state }: Turn, tree: Tree): DropReason | null {
  if (isExcluded(tree.id)) return "excluded tree";
  const { root, denied } = rpfOfTree(state, tree);
  if (denied) return "tree not allowed";
  return root === null ? "no way back to the source" : null;
}

/** §13: the kernel has no entry for a packet. */
export function missingEntry(turn: Turn, index: InterfaceIndex, id: TreeId): void {
  const tree = ensureTree(turn, treeKey(id));
  if (tree === undefined) {
    dropData(turn, index, id, "too many trees");
    return;
  }
  if (isFromSource(turn, tree, index)) sourceSends(turn, tree);
  else if (tree.settled.entry === null && tree.standIn === null) putStandIn(turn, tree, index);
  if (tree.installed !== null) {
    turn.actions.push({ kind: "entry", ...tree.id, entry: tree.installed });
  }
}

function putStandIn(turn: Turn, tree: Tree, index: InterfaceIndex): void {
  const { state } = turn;
  turn.markTree(tree);
  if (state.standIns.size >= state.settings.dataEntryLimit) {
    dropData(turn, index, tree.id, "too many flood and blocking entries");
    return;
  }
  const refusal = refusalOf(turn, tree);
  if (refusal !== null) dropData(turn, index, tree.id, refusal);
  tree.standIn = standInFor(rpfOf(state, tree), index, turn.now);
  state.standIns.add(tree.key);
  if (!state.timers.runs({ kind: "readStandIns" })) {
    turn.setTimer({ kind: "readStandIns" }, STAND_IN_READ_PERIOD);
  }
}

/** §9.4, §13, §14: a packet arrived on another interface than its entry's. */
export function wrongInterface(turn: Turn, index: InterfaceIndex, id: TreeId): void {
  const tree = turn.state.trees.get(treeKey(id));
  if (tree === undefined) return;
  if (isFromSource(turn, tree, index)) sourceSends(turn, tree);
  else dataComeRound(turn, tree, index);
}

/** §9.4, §13, §14: data of the tree were seen to arrive on an interface. Of the root, settling forgets it. */
function dataComeRound(turn: Turn, tree: Tree, index: InterfaceIndex): void {
  if (tree.standIn !== null) {
    tree.standIn = stepStandInCut(tree.standIn, index);
    turn.markTree(tree);
  }
  const memory = memoryOf(tree, index);
  if (memory.holdSince !== null) {
    remember(turn, tree, index, { holdSince: null });
    return;
  }
  const at = tree.settled.interfaces.get(index);
  const arrival = at && stepArrival(at, tree.settled, memory, turn.now);
  if (arrival != null) remember(turn, tree, index, { arrival });
}

/** The counters that were asked for. */
export function takeReadings(turn: Turn, readings: readonly CounterReading[]): void {
  for (const reading of readings) {
    const tree = turn.state.trees.get(treeKey(reading));
    if (tree !== undefined) takeReading(turn, tree, reading);
  }
  for (const key of turn.state.expiring) expireSource(turn, treeOf(turn, key));
  turn.state.expiring.clear();
}

/** §9.1: no packet came until the last reading. */
function expireSource(turn: Turn, tree: Tree): void {
  tree.sourceActiveSince = null;
  turn.markTree(tree);
}

function takeReading(turn: Turn, tree: Tree, reading: CounterReading): void {
  // Fewer than before: somebody took the entry out of the kernel, and it was made anew.
  const isNew = reading.packets < tree.counted.packets;
  const was = isNew ? NOTHING_COUNTED : tree.counted;
  tree.counted = { packets: reading.packets, wrongInterface: reading.wrongInterface };
  const arrived = reading.packets - reading.wrongInterface - (was.packets - was.wrongInterface);
  const wrongArrived = reading.wrongInterface > was.wrongInterface;
  const { standIn } = tree;
  if (standIn !== null) stepIdleness(turn, tree, standIn, arrived > 0);
  else if (arrived > 0 && tree.sourceActiveSince !== null) sourceSends(turn, tree);
  if (tree.watch !== null)
    tree.watch = readWatch(turn, tree, tree.watch, { arrived, wrongArrived });
}

/** §9.4, §14: what the counters tell of the one interface that others may forward on. */
function readWatch(
  turn: Turn,
  tree: Tree,
  watch: NonNullable<Tree["watch"]>,
  seen: { readonly arrived: number; readonly wrongArrived: boolean },
): Watch {
  if (watch === "from next reading") return { alone: 0 };
  const suspect = known(suspectsOf(tree.settled)[0], "the suspect of a tree that is watched");
  if (seen.wrongArrived) {
    dataComeRound(turn, tree, suspect);
    return { alone: 0 };
  }
  const alone = watch.alone + seen.arrived;
  const { arrival } = memoryOf(tree, suspect);
  if (arrival !== null && tree.settled.state === "ACTIVE" && alone >= PACKETS_ALONE) {
    remember(turn, tree, suspect, { arrival: { ...arrival, ceased: true } });
  }
  return { alone };
}

/** §13: a flood or blocking entry by which no packet has come for long goes. */
function stepIdleness(turn: Turn, tree: Tree, standIn: StandIn, hasArrived: boolean): void {
  if (hasArrived) tree.standIn = { ...standIn, lastArrival: turn.now };
  else if (isIdle(standIn, turn.now)) {
    tree.standIn = null;
    turn.state.standIns.delete(tree.key);
    turn.markTree(tree);
  }
}

/** The timer of a tree that is watched for data that come round. */
export function readWatched(turn: Turn, tree: Tree): void {
  const period = known(watchPeriod(tree), "the period of a tree that is watched");
  turn.actions.push({ kind: "readCounters", trees: [tree.id] });
  turn.setTimer({ kind: "watch", tree: tree.key }, period);
}

/** Asks for the counters of all flood and blocking entries (§13). */
export function readStandIns(turn: Turn): void {
  const trees = orderedKeys(turn.state.standIns).map((key) => treeOf(turn, key).id);
  if (trees.length === 0) return;
  turn.actions.push({ kind: "readCounters", trees });
  turn.setTimer({ kind: "readStandIns" }, STAND_IN_READ_PERIOD);
}
