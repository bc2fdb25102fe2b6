// What the neighbors have said of each tree (protocol.md §7.1).
import { z } from "zod";
import { apiVersion, rpc } from "./fields.ts";

const row = z.object({
  source: z.string(),
  group: z.string(),
  interface: z.string(),
  neighbor: z.string(),
  /** What it offers as UPSTREAM neighbor; null: it is NOT UPSTREAM. */
  upstream: rpc.nullable(),
  /** An UPSTREAM neighbor is not interested. */
  interest: z.enum(["interested", "not interested", "unknown"]),
  /** Its interest is unknown, and counts as interest for now. */
  countsAsInterested: z.boolean(),
});

/** Every tree, with what each SYNCED neighbor has said of it. */
export const neighborStateSchema = z.object({ version: apiVersion, states: z.array(row) });
/** Answer of GET /v1/neighbor-state. */
export type NeighborStateAnswer = z.output<typeof neighborStateSchema>;
/** One of its rows. */
export type NeighborStateRow = z.output<typeof row>;
