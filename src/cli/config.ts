// hpim-dm config: the configuration as a whole.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { runningConfigurationSchema } from "../api/configuration-messages.ts";
import { ask, change } from "./client.ts";
import { CommandError } from "./command-error.ts";

interface ConfigOptions {
  readonly runtimeDir: string;
}

/** A configuration file as the daemon takes it. Throws CommandError if it cannot be read. */
export function sentFile(name: string): { readonly file: string; readonly text: string } {
  const file = resolve(name);
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`${file} cannot be read: ${reason}.`, { exitCode: 1, cause });
  }
}

/** `config show`. Throws CommandError if the daemon does not answer. */
export async function show({ runtimeDir }: ConfigOptions): Promise<void> {
  const what = ["GET", "/v1/configuration"] as const;
  process.stdout.write((await ask(runtimeDir, what, runningConfigurationSchema)).text);
}

/** `config load FILE`. Throws CommandError with all problems of the file. */
export async function load(name: string, { runtimeDir }: ConfigOptions): Promise<void> {
  console.log(await change(runtimeDir, ["PUT", "/v1/configuration", sentFile(name)]));
}
