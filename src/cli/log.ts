// hpim-dm log: what happened, from the daemon's log, and what happens, from the daemon itself.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { StartOptionsAnswer } from "../api/configuration-messages.ts";
import type { InterfacesAnswer } from "../api/lists/interfaces.ts";
import { readableLine } from "../api/readable-line.ts";
import { ask, isThere } from "./client.ts";
import { CommandError } from "./command-error.ts";
import type { EventQuery } from "./events.ts";
import { listen, listenAgain } from "./events.ts";
import { lastLines, refuseUnreadable } from "./log-file.ts";
import { writeOut } from "./output.ts";

/** Options of the command, as commander names them. */
export interface LogOptions extends EventQuery {
  readonly runtimeDir: string;
  /** Where the log is if no daemon says it. */
  readonly logDir: string;
  /** How many lines of the past. */
  readonly lines: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

const fileIn = (logDirectory: string): string => join(logDirectory, "hpim-dm.log");

/** The file of a daemon's log; null: it runs in the foreground. */
async function fileOf(
  runtimeDir: string,
): Promise<{ readonly pid: number; readonly file: string | null }> {
  const what = ["GET", "/v1/start-options"] as const;
  const { pid, logDirectory } = await ask<StartOptionsAnswer>(runtimeDir, what);
  return { pid, file: logDirectory === null ? null : fileIn(logDirectory) };
}

async function* past(options: LogOptions, query: EventQuery): AsyncGenerator<string> {
  const { runtimeDir, logDir, lines } = options;
  if (existsSync(fileIn(logDir)) && !(await isThere(runtimeDir))) {
    say("No daemon answers; this is how the last one ended.");
    yield* lastLines(fileIn(logDir), lines, query);
    return;
  }
  const { pid, file } = await fileOf(runtimeDir);
  if (file === null) {
    const message = `The daemon (process ${pid}) runs in the foreground: its log goes where it was started, of the service to the journal ("journalctl -u hpim-dm"); "hpim-dm log --follow" shows what happens from now on.`;
    throw new CommandError(message, { exitCode: 1 });
  }
  refuseUnreadable(file);
  let isSilent = true;
  for await (const line of lastLines(file, lines, query)) {
    isSilent = false;
    yield line;
  }
  if (isSilent) await refuseUnknown(query, runtimeDir);
}

/** An interface that has gone may have lines, but one that has none must be known. Throws CommandError. */
async function refuseUnknown({ interface: name }: EventQuery, runtimeDir: string): Promise<void> {
  if (name === undefined) return;
  const query = new URLSearchParams({ interface: name });
  await ask<InterfacesAnswer>(runtimeDir, ["GET", `/v1/interfaces?${query}`]);
}

const say = (sentence: string): boolean => process.stderr.write(`hpim-dm: ${sentence}\n`);

/** The past for whoever looks on from now on: without a file there is none. */
async function* pastIfAny(
  { runtimeDir, lines }: LogOptions,
  query: EventQuery,
): AsyncGenerator<string> {
  const { file } = await fileOf(runtimeDir);
  if (file === null) return;
  try {
    refuseUnreadable(file);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say(`${error.message} What happens from now on follows.`);
    return;
  }
  yield* lastLines(file, lines, query);
}

/** So many lines of the log may have been written while nobody listened. */
const MISSED_LINES = 1_000;

/** Lines that were shown, the last ones: of which it is known when they come again. */
class Shown {
  readonly #lines = new Set<string>();

  has(line: string): boolean {
    return this.#lines.has(line);
  }

  add(line: string): void {
    this.#lines.add(line);
    const [oldest] = this.#lines;
    if (this.#lines.size > MISSED_LINES && oldest !== undefined) this.#lines.delete(oldest);
  }
}

/** What was written behind all that was shown. */
async function missed(
  options: LogOptions,
  query: EventQuery,
  shown: Shown,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of pastIfAny({ ...options, lines: MISSED_LINES }, query)) {
    if (shown.has(line)) lines.length = 0;
    else lines.push(line);
  }
  return lines;
}

/** The last lines of the file come once more as events, if they were written after these began. */
async function* followed(options: LogOptions, query: EventQuery): AsyncGenerator<string> {
  const { runtimeDir } = options;
  const shown = new Shown();
  let events = await listen(runtimeDir, query);
  for await (const line of pastIfAny(options, query)) {
    shown.add(line);
    yield line;
  }
  for (;;) {
    for await (const line of events) {
      if (shown.has(line)) continue;
      shown.add(line);
      yield line;
    }
    say("The daemon has ended; what happens is shown again when one has started.");
    events = await listenAgain(runtimeDir, query);
    for (const line of await missed(options, query, shown)) {
      shown.add(line);
      yield line;
    }
  }
}

async function* written(lines: AsyncIterable<string>, json: boolean): AsyncGenerator<string> {
  for await (const line of lines) yield `${json ? line : readableLine(line)}\n`;
}

/** Shows the log to its end, or, following, until it is interrupted. Throws CommandError if it cannot be read. */
export async function log(options: LogOptions): Promise<void> {
  const { follow, json = false, level, subsystem, interface: name, group, source } = options;
  const query: EventQuery = {
    ...(level !== undefined && { level }),
    ...(subsystem !== undefined && { subsystem }),
    ...(name !== undefined && { interface: name }),
    ...(group !== undefined && { group }),
    ...(source !== undefined && { source }),
  };
  const lines = follow ? followed(options, query) : past(options, query);
  await writeOut(Readable.from(written(lines, json)));
}
