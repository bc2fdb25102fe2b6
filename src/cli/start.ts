// hpim-dm start: runs the daemon, in the background or in this process's place.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { versionSchema } from "../api/responses.ts";
import { ask } from "./client.ts";
import { CommandError } from "./command-error.ts";
import { waitUntil } from "./process-state.ts";

/** Options of the command, as commander names them. */
export interface StartOptions {
  readonly config?: string;
  readonly runtimeDir: string;
  readonly stateDir: string;
  readonly foreground?: boolean;
}

const DAEMON = fileURLToPath(new URL("../main/index.js", import.meta.url));
const COMES_UP_WITHIN_MS = 30_000;
/** The daemon's exit code when this user may not start it. */
const NOT_ALLOWED = 3;
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function daemonArguments({ config, runtimeDir, stateDir }: StartOptions): string[] {
  const files = config === undefined ? [] : ["--config", resolve(config)];
  const directories = ["--runtime-dir", resolve(runtimeDir), "--state-dir", resolve(stateDir)];
  return [DAEMON, ...files, ...directories];
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolveEnd) => {
    child.once("exit", (code, signal) =>
      resolveEnd(code ?? 128 + constants.signals[signal ?? "SIGKILL"]),
    );
  });
}

async function runInForeground(options: StartOptions): Promise<void> {
  const child = spawn(process.execPath, daemonArguments(options), { stdio: "inherit" });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  process.exitCode = await ended(child);
}

function openLog(stateDir: string): { readonly file: string; readonly fd: number } {
  const file = join(stateDir, "hpim-dm.log");
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    return { file, fd: openSync(file, "a", 0o600) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The log ${file} cannot be written (run this as root): ${reason}.`;
    throw new CommandError(message, { exitCode: 3, cause });
  }
}

/** What the daemon said about its end: the lines from `offset` on that are no log lines. */
function lastWords(file: string, offset: number): string {
  const lines = readFileSync(file).subarray(offset).toString("utf8").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("{")).join("\n");
}

async function isUp(runtimeDir: string, pid: number | undefined): Promise<boolean> {
  try {
    return (await ask(runtimeDir, ["GET", "/v1/version"], versionSchema)).pid === pid;
  } catch {
    return false;
  }
}

async function runInBackground(options: StartOptions): Promise<void> {
  const { file, fd } = openLog(options.stateDir);
  const offset = fstatSync(fd).size;
  const child = spawn(process.execPath, daemonArguments(options), {
    cwd: "/",
    detached: true,
    stdio: ["ignore", fd, fd],
  });
  closeSync(fd);
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await waitUntil(
    async () => hasExited() || (await isUp(options.runtimeDir, child.pid)),
    COMES_UP_WITHIN_MS,
  );
  if (hasExited()) {
    const words = lastWords(file, offset);
    const exitCode = child.exitCode === NOT_ALLOWED ? NOT_ALLOWED : 1;
    throw new CommandError(words || `The daemon has ended; see ${file}.`, { exitCode });
  }
  if (!(await isUp(options.runtimeDir, child.pid))) {
    child.kill();
    const message = `The daemon does not answer and was ended; see ${file}.`;
    throw new CommandError(message, { exitCode: 1 });
  }
  child.unref();
  console.log(`hpim-dm runs (process ${child.pid}); its log is ${file}.`);
}

/** Starts the daemon; in the background, returns when it answers. Throws CommandError if it does not come up. */
export const start = (options: StartOptions): Promise<void> =>
  options.foreground ? runInForeground(options) : runInBackground(options);
