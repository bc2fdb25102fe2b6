// Neighbors: how they are found, synchronised with, and lost (§5, §6).
import type { Address } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import { orderedEntries, orderedValues } from "../base/ordered.ts";
import type { BootTime, SequenceNumber } from "../base/units.ts";
import { sequenceNumber } from "../base/units.ts";
import { orderOfBootTime } from "./freshness.ts";
import { holdTimeOf } from "./hello.ts";
import { settingsOf, startTimer } from "./interface-timers.ts";
import type { Hello, SnapshotEntry, Sync } from "./messages.ts";
import { stepCheckpoint, stepInstall, stepRefuse, UNHEARD } from "./neighbor-tree.ts";
import type { NeighborFailure } from "./notices.ts";
import { FIRST_PACE } from "./pacing.ts";
import type { Neighbor, RunningInterface } from "./state.ts";
import { isSynced } from "./state.ts";
import type { Snapshot, SyncOutcome, SyncState } from "./sync.ts";
import { followSync, isRequestToFollow, leadSync, stepSync, UNKNOWN_SSN } from "./sync.ts";
import { syncCapacity } from "./sync-capacity.ts";
import { awaitNothingOf, sendSync, takeSn } from "./transmission.ts";
import { isExcluded, type TreeKey, treeKey } from "./tree-id.ts";
import { ensureTree, hasRoomFor, setNeighborTree } from "./trees.ts";
import type { Turn } from "./turn.ts";

/** A neighbor on the interface of which nothing is stored yet; undefined: there is no room (P7). */
function meetNeighbor(
  turn: Turn,
  at: RunningInterface,
  address: Address,
  bootTime: BootTime,
): Neighbor | undefined {
  if (at.running.neighbors.size >= settingsOf(at).neighborLimit) {
    turn.dropMessage(at, address, "too many neighbors");
    return undefined;
  }
  const neighbor: Neighbor = {
    address,
    bootTime,
    sync: null,
    checkpointSn: sequenceNumber(0),
    trees: new Map(),
    since: turn.now,
    syncedAt: null,
    holdTime: null,
    refused: false,
    pace: FIRST_PACE,
  };
  at.running.neighbors.set(address, neighbor);
  return neighbor;
}

/** §6.2, first half: forgets all that is stored about the neighbor. It is led once the trees are settled. */
export function restartNeighbor(
  turn: Turn,
  at: RunningInterface,
  neighbor: Neighbor,
  bootTime: BootTime,
): void {
  if (isSynced(neighbor)) turn.markAllTrees();
  setSync(turn, at, neighbor, null);
  neighbor.holdTime = null;
  neighbor.bootTime = bootTime;
  neighbor.checkpointSn = sequenceNumber(0);
  neighbor.trees.clear();
  neighbor.refused = false;
  turn.restarts.push({ at, neighbor });
}

/** §6.2: a message of a neighbor that is unknown, or has a higher BootTime than known. */
export function meetOrRestart(
  turn: Turn,
  at: RunningInterface,
  address: Address,
  bootTime: BootTime,
): void {
  const neighbor = at.running.neighbors.get(address) ?? meetNeighbor(turn, at, address, bootTime);
  if (neighbor !== undefined) restartNeighbor(turn, at, neighbor, bootTime);
}

function setSync(
  turn: Turn,
  at: RunningInterface,
  neighbor: Neighbor,
  sync: SyncState | null,
): void {
  const from = neighbor.sync?.state ?? "UNKNOWN";
  const to = sync?.state ?? "UNKNOWN";
  neighbor.sync = sync;
  if (from === to) return;
  neighbor.syncedAt = to === "SYNCED" ? turn.now : null;
  turn.notice({
    kind: "neighborState",
    interface: at.facts.index,
    neighbor: neighbor.address,
    from,
    to,
  });
}

/** §6.4: both timers of a synchronisation start anew. */
function restartSyncTimers(turn: Turn, at: RunningInterface, neighbor: Address): void {
  const who = { interface: at.facts.index, neighbor };
  startTimer(turn, at, { kind: "syncRetransmission", ...who });
  startTimer(turn, at, { kind: "liveness", ...who });
}

/** §6.1: takes the snapshot of the interface; null: the sequence numbers are used up (§4). */
function takeSnapshot(turn: Turn, at: RunningInterface, neighbor: Address): Snapshot | null {
  const ssn = takeSn(turn, at);
  if (ssn === null) return null;
  awaitNothingOf(turn, at, neighbor);
  const entries = new Map<TreeKey, SnapshotEntry>();
  for (const { key, id, settled } of turn.state.trees.values()) {
    const rpc = settled.interfaces.get(at.facts.index)?.advertised ?? null;
    if (rpc !== null) entries.set(key, { rpc, ...id });
  }
  const entriesPerPart =
    settingsOf(at).treesPerSync ??
    syncCapacity(at.facts.mtu, turn.state.family, at.facts.signatureBytes);
  return { ssn, entries: orderedValues(entries), entriesPerPart };
}

/** §6.2, second half, after the trees are settled. */
export function leadNeighbor(turn: Turn, at: RunningInterface, neighbor: Neighbor): void {
  const snapshot = takeSnapshot(turn, at, neighbor.address);
  if (snapshot === null) return;
  const sync = leadSync(neighbor.bootTime, snapshot);
  setSync(turn, at, neighbor, sync);
  sendSync(turn, at, { address: neighbor.address, sync }, { again: false });
  restartSyncTimers(turn, at, neighbor.address);
}

/** §6.4 UNKNOWN: a neighbor asks first. */
function followNeighbor(turn: Turn, at: RunningInterface, address: Address, message: Sync): void {
  const neighbor = meetNeighbor(turn, at, address, message.bootTime);
  const snapshot = neighbor === undefined ? null : takeSnapshot(turn, at, address);
  if (neighbor === undefined || snapshot === null) return;
  setSync(turn, at, neighbor, followSync(message, snapshot));
  continueSync(turn, at, neighbor, message);
}

function continueSync(turn: Turn, at: RunningInterface, neighbor: Neighbor, message: Sync): void {
  const sync = known(neighbor.sync, "synchronisation of a neighbor between turns");
  const outcome = stepSync(sync, message, at.running.address < neighbor.address);
  switch (outcome.kind) {
    case "drop":
      turn.dropMessage(at, neighbor.address, "Sync out of order");
      return;
    case "restart":
      restartNeighbor(turn, at, neighbor, message.bootTime);
      return;
    case "step":
      takeStep(turn, at, neighbor, outcome);
  }
}

function takeStep(
  turn: Turn,
  at: RunningInterface,
  neighbor: Neighbor,
  step: Extract<SyncOutcome, { kind: "step" }>,
): void {
  const wasSynced = isSynced(neighbor);
  for (const entry of step.install) {
    install(turn, at, neighbor, { ssn: step.next.neighborSsn, ...entry });
  }
  setSync(turn, at, neighbor, step.next);
  if (step.answer) {
    sendSync(turn, at, { address: neighbor.address, sync: step.next }, { again: false });
  }
  if (step.progress) restartSyncTimers(turn, at, neighbor.address);
  if (isSynced(neighbor) && !wasSynced) becomeSynced(turn, at, neighbor, step.next);
}

/** §6.6. */
function install(
  turn: Turn,
  at: RunningInterface,
  neighbor: Neighbor,
  entry: SnapshotEntry & { readonly ssn: SequenceNumber },
): void {
  if (isExcluded(entry)) {
    turn.dropMessage(at, neighbor.address, "excluded tree");
    return;
  }
  const key = treeKey(entry);
  if (!hasRoomFor(turn, at, neighbor, key)) return;
  const held = neighbor.trees.get(key) ?? UNHEARD;
  setNeighborTree(neighbor, key, stepInstall(held, entry.rpc, entry.ssn));
}

/** §6.4, §6.7: the neighbor counts from now on, as if it had just said all that it is UPSTREAM for. */
function becomeSynced(turn: Turn, at: RunningInterface, neighbor: Neighbor, sync: SyncState): void {
  const who = { interface: at.facts.index, neighbor: neighbor.address };
  turn.cancelTimer({ kind: "syncRetransmission", ...who });
  neighbor.holdTime = holdTimeOf(sync.options);
  restartLiveness(turn, at, neighbor);
  at.running.syncedAt = turn.now;
  for (const [key, held] of orderedEntries(neighbor.trees)) {
    if (held.upstream === null || ensureTree(turn, key) !== undefined) continue;
    turn.refuseTree(at, neighbor, "too many trees");
    setNeighborTree(neighbor, key, stepRefuse(held));
  }
  turn.fresh = who;
  turn.markAllTrees();
}

/** §5.5: all that is stored about the neighbor goes. */
export function failNeighbor(
  turn: Turn,
  at: RunningInterface,
  neighbor: Neighbor,
  why: NeighborFailure,
): void {
  const who = { interface: at.facts.index, neighbor: neighbor.address };
  if (isSynced(neighbor)) turn.markAllTrees();
  at.running.neighbors.delete(neighbor.address);
  turn.cancelTimer({ kind: "syncRetransmission", ...who });
  turn.cancelTimer({ kind: "liveness", ...who });
  awaitNothingOf(turn, at, neighbor.address);
  turn.notice({ kind: "neighborFailed", ...who, why });
}

/** §5.5: HPIM-DM ends on the interface. */
export function failAllNeighbors(turn: Turn, at: RunningInterface): void {
  for (const neighbor of orderedValues(at.running.neighbors)) {
    failNeighbor(turn, at, neighbor, "interface ended");
  }
}

/** §5.3. */
export function receiveHello(
  turn: Turn,
  at: RunningInterface,
  address: Address,
  hello: Hello,
): void {
  const neighbor = at.running.neighbors.get(address);
  const order = orderOfBootTime(hello.bootTime, neighbor?.bootTime);
  const isGoodbye = holdTimeOf(hello.options) === 0;
  if (order === "older") turn.dropMessage(at, address, "stale BootTime");
  else if (!isGoodbye && order === "newer") meetOrRestart(turn, at, address, hello.bootTime);
  else if (neighbor === undefined) turn.dropMessage(at, address, "goodbye of a stranger");
  else if (isGoodbye) failNeighbor(turn, at, neighbor, "goodbye");
  else if (isSynced(neighbor)) refreshNeighbor(turn, at, neighbor, hello);
}

/** §5.3: a SYNCED neighbor has given a sign of life: from now on it lives as long again. */
export function restartLiveness(turn: Turn, at: RunningInterface, neighbor: Neighbor): void {
  if (neighbor.holdTime === null) return;
  const { address } = neighbor;
  const liveness = { kind: "liveness", interface: at.facts.index, neighbor: address } as const;
  turn.setTimer(liveness, neighbor.holdTime);
}

function refreshNeighbor(
  turn: Turn,
  at: RunningInterface,
  neighbor: Neighbor,
  { options }: Hello,
): void {
  const checkpointSn = options.checkpointSn ?? neighbor.checkpointSn;
  if (checkpointSn < neighbor.checkpointSn) {
    turn.dropMessage(at, neighbor.address, "stale Hello");
    return;
  }
  neighbor.holdTime = holdTimeOf(options);
  restartLiveness(turn, at, neighbor);
  if (checkpointSn === neighbor.checkpointSn) return;
  neighbor.checkpointSn = checkpointSn;
  for (const [key, held] of [...neighbor.trees]) {
    setNeighborTree(neighbor, key, stepCheckpoint(held, checkpointSn));
  }
}

/** §6.4. */
export function receiveSync(
  turn: Turn,
  at: RunningInterface,
  address: Address,
  message: Sync,
): void {
  if (message.neighborBootTime !== at.running.bootTime) {
    turn.dropMessage(at, address, "Sync for another BootTime");
    return;
  }
  // No snapshot has this number: it stands for none (§4, §6.4).
  if (message.mySsn === UNKNOWN_SSN) {
    turn.dropMessage(at, address, "Sync out of order");
    return;
  }
  const neighbor = at.running.neighbors.get(address);
  switch (orderOfBootTime(message.bootTime, neighbor?.bootTime)) {
    case "older":
      turn.dropMessage(at, address, "stale BootTime");
      return;
    case "newer":
      if (neighbor === undefined && isRequestToFollow(message)) {
        followNeighbor(turn, at, address, message);
      } else {
        meetOrRestart(turn, at, address, message.bootTime);
      }
      return;
    case "current":
      continueSync(turn, at, known(neighbor, "neighbor whose BootTime is known"), message);
  }
}

/** §6.5: our last Sync has not been answered in time. */
export function retransmitSync(turn: Turn, at: RunningInterface, address: Address): void {
  const sync = known(at.running.neighbors.get(address)?.sync, "synchronisation that waits");
  sendSync(turn, at, { address, sync }, { again: true });
  startTimer(turn, at, {
    kind: "syncRetransmission",
    interface: at.facts.index,
    neighbor: address,
  });
}

/** §5.5, §6.5: the neighbor has not been heard for its hold time, or a synchronisation makes no progress. */
export function livenessExpired(turn: Turn, at: RunningInterface, address: Address): void {
  const neighbor = known(at.running.neighbors.get(address), "neighbor of a liveness timer");
  failNeighbor(turn, at, neighbor, isSynced(neighbor) ? "silent" : "no synchronisation");
}
