// The list of settings (protocol.md §16, RFC 2236 §8), as they are in force.
import { z } from "zod";
import { apiVersion } from "./fields.ts";

const row = z.object({
  /** Its name. */
  setting: z.string(),
  /** null: of the router, and of each interface that has no own. */
  interface: z.string().nullable(),
  /** Of the log, one that has another value than the router's; null: of the router. */
  subsystem: z.string().nullable(),
  /** For people: "10s", "on", "64". */
  value: z.string(),
  /** The same for programs: milliseconds, a switch, a number or a word; null: chosen by the daemon. */
  raw: z.union([z.number(), z.boolean(), z.string(), z.null()]),
  /** It follows from others and cannot be set. */
  derived: z.boolean(),
});

/** Every setting of the router, and those of each protocol on each interface that it is configured for. */
export const settingsSchema = z.object({ version: apiVersion, settings: z.array(row) });
/** Answer of GET /v1/settings. */
export type SettingsAnswer = z.output<typeof settingsSchema>;
/** One of its rows. */
export type SettingRow = z.output<typeof row>;
