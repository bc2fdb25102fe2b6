// What the control API answers besides lists: who it is, what became of a change, why not.
import { z } from "zod";
import { API_VERSION, seconds, uint } from "./lists/fields.ts";

/** Who answers. */
export const versionSchema = z.object({
  version: API_VERSION,
  /** Name and version, as in "hpim-dm 1.0.0". */
  program: z.string(),
  pid: uint,
  uptimeSeconds: seconds,
});

/** What became of a change: a sentence. */
export const doneSchema = z.object({ version: API_VERSION, message: z.string() });

/** Why a request was not fulfilled: a sentence. */
export const errorSchema = z.object({ error: z.string() });
