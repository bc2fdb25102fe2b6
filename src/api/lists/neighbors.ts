// The list of HPIM-DM neighbors (protocol.md §6.1).
import { z } from "zod";
import { apiVersion, seconds, uint } from "./fields.ts";

const row = z.object({
  interface: z.string(),
  address: z.string(),
  state: z.enum(["UNKNOWN", "MASTER", "SLAVE", "SYNCED"]),
  bootTime: uint,
  /** The SnapshotSNs of the last synchronisation: ours and the neighbor's. */
  mySsn: uint,
  neighborSsn: uint,
  checkpointSn: uint,
  /** Since it was discovered. */
  knownSeconds: seconds,
  /** Since it became SYNCED; null: it is not. */
  syncedSeconds: seconds.nullable(),
  /** Until it fails unless it is heard. */
  expiresInSeconds: seconds,
  /** Trees that it is UPSTREAM for. */
  upstreamTrees: uint,
});

const refusedRow = z.object({
  interface: z.string(),
  /** Who sent the last of these messages, as far as that can be believed. */
  address: z.string().nullable(),
  /** What is wrong with their signatures (protocol.md §3). */
  reason: z.string(),
  count: uint,
  lastSeconds: seconds,
});

/** Every HPIM-DM neighbor, and whose messages are dropped for their signatures. */
export const neighborsSchema = z.object({
  version: apiVersion,
  neighbors: z.array(row),
  refused: z.array(refusedRow),
});
/** Answer of GET /v1/neighbors. */
export type NeighborsAnswer = z.output<typeof neighborsSchema>;
/** One of its rows. */
export type NeighborRow = z.output<typeof row>;
/** What became of messages that no key has signed, on one interface and for one reason. */
export type RefusedRow = z.output<typeof refusedRow>;
