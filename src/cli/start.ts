// hpim-dm start: runs the daemon, in the background or in this process's place.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { VersionAnswer } from "../api/responses.ts";
import { exitCodeOf } from "../lab/run.ts";
import { waitUntil } from "../lab/wait-until.ts";
import { ask } from "./client.ts";
import { CommandError } from "./command-error.ts";
import { refuseWithoutRights } from "./rights.ts";

/** Options of the command, as commander names them. */
export interface StartOptions {
  readonly config?: string;
  readonly runtimeDir: string;
  readonly stateDir: string;
  readonly logDir: string;
  readonly clean?: boolean;
  readonly record?: string;
  readonly foreground?: boolean;
}

const DAEMON = fileURLToPath(new URL("../main/index.js", import.meta.url));
const COMES_UP_WITHIN_MS = 30_000;
/** Told to end; then it is killed. */
const ENDS_WITHIN_MS = 5_000;
/** The daemon's exit code when this user may not start it. */
const NOT_ALLOWED = 3;
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function daemonArguments(options: StartOptions): string[] {
  const { config, runtimeDir, stateDir, clean, record } = options;
  const files = config === undefined ? [] : ["--config", resolve(config)];
  const forgetting = clean ? ["--clean"] : [];
  const recording = record === undefined ? [] : ["--record", resolve(record)];
  const directories = ["--runtime-dir", resolve(runtimeDir), "--state-dir", resolve(stateDir)];
  return [DAEMON, ...files, ...forgetting, ...recording, ...directories];
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolveEnd) => {
    child.once("exit", (code, signal) => resolveEnd(exitCodeOf(code, signal)));
  });
}

async function runInForeground(options: StartOptions): Promise<void> {
  const child = spawn(process.execPath, daemonArguments(options), { stdio: "inherit" });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  process.exitCode = await ended(child);
}

/** Where the log goes; `file` null: to our own standard error output. */
interface Log {
  readonly file: string | null;
  readonly fd: number;
  /** Of what was there before. */
  readonly bytes: number;
}

function openLog(logDir: string): Log {
  const file = join(resolve(logDir), "hpim-dm.log");
  try {
    mkdirSync(logDir, { recursive: true, mode: 0o750 });
    const fd = openSync(file, "a", 0o640);
    return { file, fd, bytes: fstatSync(fd).size };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`hpim-dm: The log goes here: ${file} cannot be written: ${reason}.\n`);
    return { file: null, fd: 2, bytes: 0 };
  }
}

/** The text of a file from its byte `offset` on. */
function textBehind(file: string, offset: number): string {
  const fd = openSync(file, "r");
  try {
    const text = Buffer.alloc(Math.max(0, fstatSync(fd).size - offset));
    return text.toString("utf8", 0, readSync(fd, text, 0, text.length, offset));
  } finally {
    closeSync(fd);
  }
}

/** What the daemon `pid` told whoever started it, in lines of its log (src/main/startup-error.ts). */
function startupWords({ file, bytes }: Log, pid: number | undefined): string {
  if (file === null) return "";
  const lines = textBehind(file, bytes).split("\n");
  const words = lines.flatMap((line) => {
    try {
      const { kind, process: of, msg } = JSON.parse(line);
      return kind === "startup" && of === pid ? [String(msg)] : [];
    } catch {
      return [];
    }
  });
  return words.join("\n");
}

async function isUp(runtimeDir: string, pid: number | undefined): Promise<boolean> {
  try {
    return (await ask<VersionAnswer>(runtimeDir, ["GET", "/v1/version"])).pid === pid;
  } catch {
    return false;
  }
}

async function runInBackground(options: StartOptions): Promise<void> {
  const log = openLog(options.logDir);
  const told = ["--log-dir", resolve(options.logDir)];
  const child = spawn(process.execPath, [...daemonArguments(options), ...told], {
    cwd: "/",
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  const where = log.file === null ? "what it said is above" : `see ${log.file}`;
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await waitUntil(
    async () => hasExited() || (await isUp(options.runtimeDir, child.pid)),
    COMES_UP_WITHIN_MS,
  );
  if (hasExited()) {
    const words = startupWords(log, child.pid) || `The daemon has ended; ${where}.`;
    throw new CommandError(words, { exitCode: child.exitCode === NOT_ALLOWED ? NOT_ALLOWED : 1 });
  }
  if (!(await isUp(options.runtimeDir, child.pid))) {
    child.kill();
    if (!(await waitUntil(hasExited, ENDS_WITHIN_MS))) child.kill("SIGKILL");
    child.unref();
    const message = `The daemon does not answer and was ended; ${where}.`;
    throw new CommandError(message, { exitCode: 1 });
  }
  child.unref();
  const words = startupWords(log, child.pid);
  if (words !== "") process.stderr.write(`hpim-dm: ${words}\n`);
  const logged = log.file === null ? "the standard error output" : log.file;
  console.log(`hpim-dm runs (process ${child.pid}); its log is ${logged}.`);
}

/** Starts the daemon; in the background, returns when it answers. Throws CommandError if it does not come up. */
export async function start(options: StartOptions): Promise<void> {
  refuseWithoutRights();
  await (options.foreground ? runInForeground(options) : runInBackground(options));
}
