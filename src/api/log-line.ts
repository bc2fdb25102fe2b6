// A line of the log, which is also an event of GET /v1/events: a JSON object with a sentence and its fields.
import { z } from "zod";
import { LINE_SUBSYSTEMS } from "./log-levels.ts";

/** What all lines have, and the fields by which they are narrowed; each kind has more. */
export const logLineSchema = z.looseObject({
  level: z.enum(["debug", "info", "warn", "error", "fatal"]),
  /** When it was written, by ISO 8601 in UTC, with thousandths. */
  time: z.string(),
  /** A line of the kind `omitted` that tells of what a client missed has none. */
  subsystem: z.enum(LINE_SUBSYSTEMS).exactOptional(),
  /** What happened, for programs; not in what the daemon says of itself. */
  kind: z.string().exactOptional(),
  interface: z.string().nullable().exactOptional(),
  group: z.string().exactOptional(),
  source: z.string().exactOptional(),
  /** The tree of an HPIM-DM message, which has its fields by the names of "hpim-dm decode --json". */
  treeSource: z.string().exactOptional(),
  treeGroup: z.string().exactOptional(),
  /** The same for people. */
  msg: z.string(),
});
/** A line of the log. */
export type LogLine = z.output<typeof logLineSchema>;
