// The kernel's forwarding entries, beside what the daemon has given it.
import { z } from "zod";
import { apiVersion, uint } from "./fields.ts";

const row = z.object({
  source: z.string(),
  group: z.string(),
  /** The kernel has the entry, or packets that wait for one; if not, it is empty and counts nothing. */
  inKernel: z.boolean(),
  incoming: z.string().nullable(),
  outgoing: z.array(z.string()),
  packets: uint,
  bytes: uint,
  wrongInterface: uint,
  /** No entry yet: packets wait for one. */
  unresolved: z.boolean(),
  /** The entry that the daemon gave the kernel last; null: none. */
  daemon: z.object({ incoming: z.string(), outgoing: z.array(z.string()) }).nullable(),
  /** How the two differ, in words; null: they do not. */
  difference: z.string().nullable(),
});

/** Every entry that the kernel has, or ought to have. */
export const mrouteSchema = z.object({ version: apiVersion, entries: z.array(row) });
/** Answer of GET /v1/mroute. */
export type MrouteAnswer = z.output<typeof mrouteSchema>;
/** One of its rows. */
export type MrouteRow = z.output<typeof row>;
