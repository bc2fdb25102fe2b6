// What the control API answers besides lists: who it is, what became of a change, why not.
import { z } from "zod";
import { apiVersion, seconds, uint } from "./lists/fields.ts";

/** Who answers. */
export const versionSchema = z.object({
  version: apiVersion,
  /** Name and version, as in "hpim-dm 1.0.0". */
  program: z.string(),
  pid: uint,
  uptimeSeconds: seconds,
});
/** Answer of GET /v1/version. */
export type VersionAnswer = z.output<typeof versionSchema>;

/** What became of a change: a sentence. */
export const doneSchema = z.object({ version: apiVersion, message: z.string() });
/** Answer of every change. */
export type DoneAnswer = z.output<typeof doneSchema>;

/** Why a request was not fulfilled: a sentence. */
export const errorSchema = z.object({ error: z.string() });
/** Answer of a request that was not fulfilled. */
export type ErrorAnswer = z.output<typeof errorSchema>;
