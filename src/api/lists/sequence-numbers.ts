// The sequence numbers: ours, those of synchronisations, and what each neighbor has sent last (protocol.md §4, §6.1, §15).
import { z } from "zod";
import { apiVersion, uint } from "./fields.ts";

const ownRow = z.object({
  interface: z.string(),
  bootTime: uint,
  interfaceSn: uint,
  /** Up to which SN nothing of ours is outstanding. */
  checkpointSn: uint,
});

const neighborRow = z.object({
  interface: z.string(),
  neighbor: z.string(),
  bootTime: uint,
  mySsn: uint,
  neighborSsn: uint,
  checkpointSn: uint,
});

const lastSnRow = z.object({
  interface: z.string(),
  neighbor: z.string(),
  source: z.string(),
  group: z.string(),
  lastSn: uint,
});

/** Every sequence number; the highest of a tree only while it is above the neighbor's CheckpointSN. */
export const sequenceNumbersSchema = z.object({
  version: apiVersion,
  interfaces: z.array(ownRow),
  neighbors: z.array(neighborRow),
  lastSns: z.array(lastSnRow),
});
/** Answer of GET /v1/sequence-numbers. */
export type SequenceNumbersAnswer = z.output<typeof sequenceNumbersSchema>;
