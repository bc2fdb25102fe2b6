// The end of a turn: changed trees are settled (§9), their news announced (§10), synchronisations led (§6.2).
import { orderedKeys, orderedValues } from "../base/ordered.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import { announcementsOn } from "./announce.ts";
import { dataRpf, isOutdated, standInEntry } from "./data-without-tree.ts";
import { floodEnd } from "./downstream-interest.ts";
import type { KernelEntry } from "./events.ts";
import { stepForgetInterest } from "./neighbor-tree.ts";
import { leadNeighbor, restartNeighbor } from "./neighborhood.ts";
import { NO_SN, nextBootTime } from "./sequence.ts";
import type { Settlement, TreeInputs } from "./settle.ts";
import { settle } from "./settle.ts";
import type { Settled } from "./settled.ts";
import { setSourceActive } from "./source-active.ts";
import type { Tree } from "./state.ts";
import { NOTHING_COUNTED, runningAt } from "./state.ts";
import { stepTimes } from "./times.ts";
import { announce, endMessages, sendHello } from "./transmission.ts";
import { removeTree, setNeighborTree, treeInputs } from "./trees.ts";
import type { Turn } from "./turn.ts";
import { watchPeriod } from "./watch.ts";

/** Settles all that the turn has changed, until nothing is left to be done. */
export function conclude(turn: Turn): void {
  for (;;) {
    settleDirtyTrees(turn);
    if (turn.usedUp.length > 0) {
      renewInterfaces(turn);
      continue;
    }
    const restart = turn.restarts.shift();
    if (restart === undefined) return;
    if (restart.neighbor.sync === null) leadNeighbor(turn, restart.at, restart.neighbor);
  }
}

function settleDirtyTrees(turn: Turn): void {
  const keys = orderedKeys(turn.dirty);
  turn.dirty.clear();
  for (const key of keys) {
    const tree = turn.state.trees.get(key);
    if (tree !== undefined) settleTree(turn, tree);
  }
}

/** §4: a new BootTime where the sequence numbers are used up. */
function renewInterfaces(turn: Turn): void {
  const interfaces = turn.usedUp.splice(0);
  for (const at of interfaces.sort((a, b) => a.facts.index - b.facts.index)) {
    const { running, facts } = at;
    running.bootTime = nextBootTime(running.bootTime, facts.unixSeconds);
    running.interfaceSn = NO_SN;
    const { bootTime } = running;
    turn.actions.push({ kind: "storeBootTime", interface: facts.index, bootTime });
    endMessages(turn, at);
    for (const neighbor of orderedValues(running.neighbors)) {
      restartNeighbor(turn, at, neighbor, neighbor.bootTime);
    }
    sendHello(turn, at);
  }
}

function settleTree(turn: Turn, tree: Tree): void {
  const before = tree.settled;
  const inputs = treeInputs(turn.state, tree, turn.now);
  const settlement = settle(inputs);
  tree.settled = settlement.after;
  tree.times = stepTimes(tree.times, before, settlement.after, turn.now);
  setSourceActive(turn, tree, settlement.sourceActiveSince);
  tree.memory = settlement.memory;
  forgetInterest(turn, tree, settlement.forget);
  announceTree(turn, tree, before);
  installEntry(turn, tree, inputs);
  noticeChanges(turn, tree, before);
  watchTree(turn, tree, settlement);
  if (isForgettable(tree)) removeTree(turn, tree);
}

/**
 * Whether nothing is left of the tree: not even a source that sends to a root that is not enabled, nor an UPSTREAM
 * neighbor on the root of an originator, which counts once it is none any more (§9.1).
 */
function isForgettable({ settled, standIn, sourceActiveSince }: Tree): boolean {
  if (settled.state !== "INACTIVE" || standIn !== null || sourceActiveSince !== null) return false;
  for (const { bun } of settled.interfaces.values()) if (bun !== null) return false;
  return true;
}

/** §11. */
function forgetInterest(turn: Turn, tree: Tree, forget: readonly InterfaceIndex[]): void {
  for (const index of forget) {
    for (const neighbor of runningAt(turn.state, index)?.running.neighbors.values() ?? []) {
      const known = neighbor.trees.get(tree.key);
      if (known === undefined) continue;
      setNeighborTree(neighbor, tree.key, stepForgetInterest(known));
    }
  }
}

/** §10.0. An interface on which HPIM-DM begins sends no IamUpstream: neighbors learn by Sync (§5.6). */
function announceTree(turn: Turn, tree: Tree, before: Settled): void {
  for (const index of tree.settled.interfaces.keys()) {
    const at = runningAt(turn.state, index);
    if (at === undefined || turn.begun.includes(index)) continue;
    for (const announcement of announcementsOn(index, before, tree.settled, turn.fresh)) {
      announce(turn, at, tree, announcement);
    }
  }
}

function isSameEntry(a: KernelEntry | null, b: KernelEntry | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.incoming !== b.incoming || a.outgoing.length !== b.outgoing.length) return false;
  return a.outgoing.every((index, n) => index === b.outgoing[n]);
}

/** §9, §13: the tree's own entry, or what stands in for it. */
function installEntry(turn: Turn, tree: Tree, inputs: TreeInputs): void {
  const own = tree.settled.entry;
  const rpf = dataRpf(tree.id, inputs.rpf);
  const replaced =
    own !== null || (tree.standIn !== null && isOutdated(tree.standIn, rpf, inputs.interfaces));
  if (replaced) {
    tree.standIn = null;
    turn.state.standIns.delete(tree.key);
  }
  const standIn = tree.standIn === null ? null : standInEntry(tree.standIn, rpf, inputs);
  const entry = own ?? standIn;
  if (isSameEntry(entry, tree.installed)) return;
  tree.installed = entry;
  if (entry === null) tree.counted = NOTHING_COUNTED;
  const { source, group } = tree.id;
  turn.actions.push({ kind: "entry", source, group, entry });
}

function noticeChanges(turn: Turn, tree: Tree, before: Settled): void {
  const { settled } = tree;
  const { source, group } = tree.id;
  if (before.state !== settled.state) {
    turn.notice({ kind: "treeState", source, group, from: before.state, to: settled.state });
  }
  for (const [index, was] of before.interfaces) {
    if (!was.forwarding || settled.interfaces.has(index)) continue;
    turn.notice({ kind: "forwarding", source, group, interface: index, forwarding: false });
  }
  for (const [index, { forwarding }] of settled.interfaces) {
    if (forwarding === (before.interfaces.get(index)?.forwarding === true)) continue;
    turn.notice({ kind: "forwarding", source, group, interface: index, forwarding });
  }
  noticeAsserts(turn, tree, before);
}

/** An election that is new, or of nothing while the tree is INACTIVE, has not turned. */
function noticeAsserts(turn: Turn, { id, settled }: Tree, before: Settled): void {
  if (before.state === "INACTIVE" || settled.state === "INACTIVE") return;
  const { source, group } = id;
  for (const [index, { role, winner }] of settled.interfaces) {
    const was = before.interfaces.get(index);
    if (role === "root" || was?.role !== "non-root" || was.winner === winner) continue;
    turn.notice({ kind: "assert", source, group, interface: index, winner });
  }
}

/** Sets the timers of what may change by time alone, or by data that come round. */
function watchTree(turn: Turn, tree: Tree, { wakeAt }: Settlement): void {
  const wake = wakeOf(turn, tree, wakeAt);
  const { key } = tree;
  if (wake === null) turn.cancelTimer({ kind: "wake", tree: key });
  else turn.setTimer({ kind: "wake", tree: key }, millis(wake - turn.now));
  const period = watchPeriod(tree);
  if (period === null) {
    tree.watch = null;
    turn.cancelTimer({ kind: "watch", tree: key });
  } else if (tree.watch === null) {
    tree.watch = "from next reading";
    turn.actions.push({ kind: "readCounters", trees: [tree.id] });
    turn.setTimer({ kind: "watch", tree: key }, period);
  }
}

/** A flood entry turns into a blocking one by time alone (§13); it is there only while the tree waits for nothing else. */
function wakeOf({ state, now }: Turn, { standIn }: Tree, wakeAt: Millis | null): Millis | null {
  const end = standIn === null ? now : floodEnd(standIn.floodSince, state.settings);
  return end > now ? end : wakeAt;
}
