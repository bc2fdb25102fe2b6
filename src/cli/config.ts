// hpim-dm config: the configuration as a whole.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import type { RunningConfigurationAnswer } from "../api/configuration-messages.ts";
import { withDescriptions } from "../api/described-schema.ts";
import { formatProblem } from "../api/file-problem.ts";
import { configurationJsonSchema } from "../api/json-schema.ts";
import { readConfigurationFile } from "../api/read-configuration-file.ts";
import { exitCodeOf } from "../lab/run.ts";
import { ask, change, isThere } from "./client.ts";
import { CommandError } from "./command-error.ts";
import type { StartOptions } from "./start.ts";
import { start } from "./start.ts";

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
  process.stdout.write((await ask<RunningConfigurationAnswer>(runtimeDir, what)).text);
}

/** Options of `config load`, as commander names them. */
export interface LoadOptions extends Pick<StartOptions, "runtimeDir" | "stateDir" | "logDir"> {
  /** Start a daemon if none is there. */
  readonly start?: boolean;
}

/** `config load FILE`. Throws CommandError with all problems of the file. */
export async function load(name: string, options: LoadOptions): Promise<void> {
  const { runtimeDir, stateDir, logDir } = options;
  const sent = sentFile(name);
  if (options.start && !(await isThere(runtimeDir))) {
    await start({ config: sent.file, clean: true, runtimeDir, stateDir, logDir });
  } else {
    console.log(await change(runtimeDir, ["PUT", "/v1/configuration", sent]));
  }
}

const CHECK = fileURLToPath(new URL("../main/check.js", import.meta.url));

/** `config check FILE`: as a daemon would read it, in a process of its own. */
export async function check(name: string): Promise<void> {
  const child = spawn(process.execPath, [CHECK, resolve(name)], { stdio: "inherit" });
  process.exitCode = await new Promise<number>((resolveEnd) => {
    child.once("exit", (code, signal) => resolveEnd(exitCodeOf(code, signal)));
  });
}

/** `config convert FILE`. Throws CommandError with all problems of the file. */
export async function convert(name: string): Promise<void> {
  const { file, text } = sentFile(name);
  const reading = readConfigurationFile(text);
  if (reading.kind === "problems") {
    const lines = reading.problems.map((problem) => formatProblem(file, problem));
    throw new CommandError(lines.join("\n"), { exitCode: 1 });
  }
  for (const remark of reading.remarks) process.stderr.write(`${formatProblem(file, remark)}\n`);
  process.stdout.write(stringify(reading.document));
}

/** `config schema`. */
export async function schema(): Promise<void> {
  console.log(JSON.stringify(withDescriptions(configurationJsonSchema()), null, 2));
}
