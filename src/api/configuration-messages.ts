// What the control API says and takes of the configuration as a whole, and of how the daemon was started.
import { z } from "zod";
import { ABSOLUTE_PATH } from "./absolute-path.ts";
import { apiVersion } from "./lists/fields.ts";

/** A configuration file: its path, absolute, and its text. */
export const sentFileSchema = z.object({
  file: z.string().regex(ABSOLUTE_PATH, "expected the absolute path of a file"),
  text: z.string(),
});

/** The configuration that runs, as the text of a configuration file. */
export const runningConfigurationSchema = z.object({ version: apiVersion, text: z.string() });
/** Answer of GET /v1/configuration. */
export type RunningConfigurationAnswer = z.output<typeof runningConfigurationSchema>;

/** What the daemon was started with, for another start. */
export const startOptionsSchema = z.object({
  version: apiVersion,
  pid: z.int().min(0),
  /** Path of the configuration file that runs; null: none. */
  config: z.string().nullable(),
  stateDirectory: z.string(),
  /** null: it runs in the foreground. */
  logDirectory: z.string().nullable(),
});
/** Answer of GET /v1/start-options. */
export type StartOptionsAnswer = z.output<typeof startOptionsSchema>;
