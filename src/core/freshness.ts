// Which messages about trees are news, and which Acks are meant for us (§7.3, §7.4).
import type { BootTime, SequenceNumber } from "../base/units.ts";
import type { Ack } from "./messages.ts";
import { isPastFirstSync, type SyncState } from "./sync.ts";

/** How a message's BootTime stands to the one known of its sender. */
export type BootTimeOrder = "older" | "current" | "newer";

/** `known` undefined: nothing is stored of the sender, and any BootTime is newer. */
export function orderOfBootTime(received: BootTime, known: BootTime | undefined): BootTimeOrder {
  if (known === undefined || received > known) return "newer";
  return received < known ? "older" : "current";
}

/** What is known of the sender of a message, its BootTime being the message's. */
export interface SenderState {
  readonly sync: SyncState;
  readonly checkpointSn: SequenceNumber;
  /** Of the message's tree. */
  readonly lastSn: SequenceNumber | null;
}

/** §7.3 from its third test on: `fresh` is acknowledged and processed, `repeated` acknowledged, `stale` dropped. */
export function freshnessOf(
  sn: SequenceNumber,
  sender: SenderState,
): "fresh" | "repeated" | "stale" {
  if (!isPastFirstSync(sender.sync)) return "stale";
  if (sn <= sender.sync.neighborSsn || sn <= sender.checkpointSn) return "stale";
  if (sender.lastSn === null || sn > sender.lastSn) return "fresh";
  return sn === sender.lastSn ? "repeated" : "stale";
}

/** §7.4: whether all of the pair's numbers in an Ack agree with ours. */
export const isAckForUs = (ack: Ack, ourBootTime: BootTime, sync: SyncState): boolean =>
  isPastFirstSync(sync) &&
  ack.neighborBootTime === ourBootTime &&
  ack.bootTime === sync.bootTime &&
  ack.neighborSsn === sync.mySsn &&
  ack.mySsn === sync.neighborSsn;
