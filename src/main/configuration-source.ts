// The configuration file that a daemon is started with, or that somebody wants to have checked.
import { readFileSync } from "node:fs";
import type { Problem } from "../api/file-problem.ts";
import { RunningConfiguration } from "../daemon/running-configuration.ts";
import { badConfiguration, StartupError } from "./startup-error.ts";

/** The text of a configuration file. Throws StartupError. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartupError(`The configuration file ${file} cannot be read: ${reason}.`, { cause });
  }
}

/** What a file, undefined: none, configures; changes are kept in the state directory. Throws StartupError with all of its problems. */
export function readConfiguration(
  file: string | undefined,
  stateDirectory: string,
): RunningConfiguration {
  const text = file === undefined ? "" : readText(file);
  const running = RunningConfiguration.of(stateDirectory, { file: file ?? null, text });
  if (running instanceof RunningConfiguration) return running;
  throw badConfiguration(file ?? "", running);
}

/** Throws StartupError if secrets are redacted in what is to run. */
export function refuseWithoutSecrets({ file, lacking }: RunningConfiguration): void {
  if (lacking.length > 0) throw badConfiguration(file ?? "", lacking);
}

/** Reads a file as a daemon without changes would: what is to be said of it. Throws StartupError. */
export function checkConfiguration(file: string): readonly Problem[] {
  const running = readConfiguration(file, "/");
  refuseWithoutSecrets(running);
  return running.remarks;
}
