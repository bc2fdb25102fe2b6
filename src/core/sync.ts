// Synchronisation of two neighbors (§6): the state of one side, its messages, and what a Sync does to it.
import type { BootTime, SequenceNumber } from "../base/units.ts";
import { sequenceNumber } from "../base/units.ts";
import type { HelloOptions, SnapshotEntry, Sync } from "./messages.ts";

/** What is Advertised on an interface at one instant (§6.1), and how it is cut into parts (§6.3). */
export interface Snapshot {
  readonly ssn: SequenceNumber;
  readonly entries: readonly SnapshotEntry[];
  readonly entriesPerPart: number;
}

/** One side's view of a synchronisation (§6.1). The neighbor's role is its state: MASTER leads, SLAVE is led. */
export interface SyncState {
  readonly state: "MASTER" | "SLAVE" | "SYNCED";
  /** The neighbor's. */
  readonly bootTime: BootTime;
  readonly mySsn: SequenceNumber;
  /** 0: not known yet. */
  readonly neighborSsn: SequenceNumber;
  readonly currentSyncSn: number;
  /** null: freed, the neighbor is SYNCED. */
  readonly snapshot: Snapshot | null;
  /** The options of its last Sync that carried options. */
  readonly options: HelloOptions;
}

/** What a Sync does (§6.4). */
export type SyncOutcome =
  | { readonly kind: "drop" }
  /** §6.2. */
  | { readonly kind: "restart" }
  | {
      readonly kind: "step";
      readonly next: SyncState;
      readonly install: readonly SnapshotEntry[];
      /** Send `lastSync(next)`. */
      readonly answer: boolean;
      /** Both timers start anew. */
      readonly progress: boolean;
    };

/** NeighborSSN while it is not known (§6.2). */
export const UNKNOWN_SSN: SequenceNumber = sequenceNumber(0);
const DROP: SyncOutcome = { kind: "drop" };

/** The state made anew, whole: whatever it was put together from, all states that are kept are of one kind to V8. */
const syncState = (of: SyncState): SyncState => ({
  state: of.state,
  bootTime: of.bootTime,
  mySsn: of.mySsn,
  neighborSsn: of.neighborSsn,
  currentSyncSn: of.currentSyncSn,
  snapshot: of.snapshot,
  options: of.options,
});

/** §6.2: the state in which we lead a synchronisation. */
export const leadSync = (bootTime: BootTime, snapshot: Snapshot): SyncState => ({
  state: "SLAVE",
  bootTime,
  mySsn: snapshot.ssn,
  neighborSsn: UNKNOWN_SSN,
  currentSyncSn: 0,
  snapshot,
  options: {},
});

/** §6.4 UNKNOWN: the state in which a neighbor leads that asked first. */
export const followSync = (message: Sync, snapshot: Snapshot): SyncState =>
  syncState({
    ...leadSync(message.bootTime, snapshot),
    state: "MASTER",
    neighborSsn: message.mySsn,
  });

/** §6.4 UNKNOWN: whether a Sync of a neighbor of which nothing is stored asks us to follow. */
export const isRequestToFollow = (message: Sync): boolean => message.syncSn === 0 && message.leader;

/** The number of the last part that we sent. */
function sentPart(sync: SyncState): number {
  return sync.state === "MASTER" ? sync.currentSyncSn - 1 : sync.currentSyncSn;
}

function entriesOfPart(sync: SyncState, part: number): readonly SnapshotEntry[] {
  if (sync.snapshot === null) return [];
  const { entries, entriesPerPart } = sync.snapshot;
  return entries.slice(part * entriesPerPart, (part + 1) * entriesPerPart);
}

/** The last Sync that we sent, as it is sent (again) now (§6.3, §6.5). `options`: our hold time. */
export function lastSync(sync: SyncState, bootTime: BootTime, options: HelloOptions): Sync {
  const syncSn = sentPart(sync);
  const entries = entriesOfPart(sync, syncSn);
  return {
    kind: "sync",
    bootTime,
    mySsn: sync.mySsn,
    neighborSsn: sync.neighborSsn,
    neighborBootTime: sync.bootTime,
    leader: sync.state === "SLAVE",
    syncSn,
    part: entries.length > 0 ? { more: true, entries } : { more: false, options },
  };
}

/** Whether both this message and our part of the same number were empty, and it is not the first: all is said. */
const isEnd = (sync: SyncState, message: Sync): boolean =>
  message.syncSn > 0 && !message.part.more && entriesOfPart(sync, message.syncSn).length === 0;

function advance(sync: SyncState, message: Sync): SyncState {
  const options = message.part.more ? sync.options : message.part.options;
  return syncState(
    isEnd(sync, message)
      ? { ...sync, state: "SYNCED", snapshot: null, options }
      : { ...sync, currentSyncSn: sync.currentSyncSn + 1, options },
  );
}

const entriesOf = (message: Sync): readonly SnapshotEntry[] =>
  message.part.more ? message.part.entries : [];

function stepMaster(sync: SyncState, message: Sync): SyncOutcome {
  if (!message.leader) return DROP;
  if (message.syncSn > 0 && message.neighborSsn !== sync.mySsn) return DROP;
  const next = advance(sync, message);
  return { kind: "step", next, install: entriesOf(message), answer: true, progress: true };
}

function stepSlave(sync: SyncState, message: Sync, isLower: boolean): SyncOutcome {
  if (message.leader) {
    if (message.syncSn !== 0) return DROP;
    if (isLower) return stepMaster({ ...sync, state: "MASTER" }, message);
    return { kind: "step", next: sync, install: [], answer: true, progress: false };
  }
  if (message.neighborSsn !== sync.mySsn) return DROP;
  const next = advance(sync, message);
  const answer = next.state !== "SYNCED";
  return { kind: "step", next, install: entriesOf(message), answer, progress: true };
}

function stepSynced(sync: SyncState, message: Sync): SyncOutcome {
  const repeats =
    message.syncSn === sync.currentSyncSn && message.leader && message.neighborSsn === sync.mySsn;
  if (!repeats) return DROP;
  return { kind: "step", next: sync, install: [], answer: true, progress: false };
}

/**
 * §6.4 for a neighbor that we know, after the tests of BootTimes: what its Sync does.
 * `isLower`: our address is lower than the neighbor's, so we yield when both want to lead.
 */
export function stepSync(sync: SyncState, message: Sync, isLower: boolean): SyncOutcome {
  if (sync.state === "SYNCED" || sync.neighborSsn !== UNKNOWN_SSN) {
    if (message.mySsn < sync.neighborSsn) return DROP;
    if (message.mySsn > sync.neighborSsn) return { kind: "restart" };
    if (message.syncSn !== sync.currentSyncSn) return DROP;
    return stepByState(sync, message, isLower);
  }
  const answersUs = message.neighborSsn === 0 || message.neighborSsn === sync.mySsn;
  if (message.syncSn !== 0 || !answersUs) return DROP;
  return stepByState(syncState({ ...sync, neighborSsn: message.mySsn }), message, isLower);
}

function stepByState(sync: SyncState, message: Sync, isLower: boolean): SyncOutcome {
  switch (sync.state) {
    case "SYNCED":
      return stepSynced(sync, message);
    case "MASTER":
      return stepMaster(sync, message);
    case "SLAVE":
      return stepSlave(sync, message, isLower);
  }
}

/** §7.3, §7.4: whether the synchronisation is far enough for tree messages and Acks to count. */
export const isPastFirstSync = (sync: SyncState): boolean =>
  sync.state === "SYNCED" || sync.currentSyncSn > 0;
