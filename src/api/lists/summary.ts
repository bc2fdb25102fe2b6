// The summary: how many trees there are in which state, and where neighbors or Acks are still waited for. However many
// trees there are, it has few rows, and is made quickly: programs may ask for it again and again.
import { z } from "zod";
import { apiVersion, uint } from "./fields.ts";

const treesRow = z.object({
  state: z.enum(["ACTIVE", "UNSURE", "INACTIVE"]),
  trees: uint,
  /** Of how many of them the kernel was given an entry. */
  entries: uint,
});

const interfaceRow = z.object({
  interface: z.string(),
  /** Neighbors that are SYNCED, and others. */
  synced: uint,
  synchronising: uint,
  /** Trees of which a message of ours was not acknowledged by all yet (protocol.md §8). */
  unacknowledged: uint,
});

/** The trees by their state, and each interface that HPIM-DM runs on. */
export const summarySchema = z.object({
  version: apiVersion,
  trees: z.array(treesRow),
  interfaces: z.array(interfaceRow),
});
/** Answer of GET /v1/summary. */
export type SummaryAnswer = z.output<typeof summarySchema>;
/** The trees in one state. */
export type SummaryTreesRow = z.output<typeof treesRow>;
/** An interface that HPIM-DM runs on. */
export type SummaryInterfaceRow = z.output<typeof interfaceRow>;
