// hpim-dm log: what happened, from the daemon's log, and what happens, from the daemon itself.
import { join } from "node:path";
import { Readable } from "node:stream";
import type { StartOptionsAnswer } from "../api/configuration-messages.ts";
import { fieldsOfLine, readableLine } from "../api/readable-line.ts";
import { ask } from "./client.ts";
import { CommandError } from "./command-error.ts";
import type { EventQuery } from "./events.ts";
import { listen, listenAgain } from "./events.ts";
import { lastLines, refuseUnreadable } from "./log-file.ts";
import { writeOut } from "./output.ts";

/** Options of the command, as commander names them. */
export interface LogOptions extends EventQuery {
  readonly runtimeDir: string;
  /** How many lines of the past. */
  readonly lines: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** The file of a daemon's log; null: it runs in the foreground. */
async function fileOf(
  runtimeDir: string,
): Promise<{ readonly pid: number; readonly file: string | null }> {
  const what = ["GET", "/v1/start-options"] as const;
  const { pid, logDirectory } = await ask<StartOptionsAnswer>(runtimeDir, what);
  return { pid, file: logDirectory === null ? null : join(logDirectory, "hpim-dm.log") };
}

async function* past({ runtimeDir, lines }: LogOptions, query: EventQuery): AsyncGenerator<string> {
  const { pid, file } = await fileOf(runtimeDir);
  if (file === null) {
    const message = `The daemon (process ${pid}) runs in the foreground: its log goes where it was started; "hpim-dm log --follow" shows what happens from now on.`;
    throw new CommandError(message, { exitCode: 1 });
  }
  refuseUnreadable(file);
  yield* lastLines(file, lines, query);
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

/** What was shown up to a moment: its time, and the lines of that time. */
interface Shown {
  readonly time: string;
  readonly lines: readonly string[];
}

function and(line: string, { time: last, lines }: Shown): Shown {
  const time = String(fieldsOfLine(line)?.time ?? last);
  return { time, lines: time === last ? [...lines, line] : [line] };
}

/** Whether a line is among what was shown, or from before it. */
function isIn({ time: last, lines }: Shown, line: string): boolean {
  const time = String(fieldsOfLine(line)?.time ?? "");
  return time < last || lines.includes(line);
}

/** The last lines of the file come once more as events, if they were written after these began. */
async function* followed(options: LogOptions, query: EventQuery): AsyncGenerator<string> {
  const { runtimeDir } = options;
  let shown: Shown = { time: "", lines: [] };
  let events = await listen(runtimeDir, query);
  for await (const line of pastIfAny(options, query)) {
    shown = and(line, shown);
    yield line;
  }
  for (;;) {
    const before = shown;
    for await (const line of events) {
      shown = and(line, shown);
      if (!isIn(before, line)) yield line;
    }
    say("The daemon has ended; what happens is shown again when one has started.");
    events = await listenAgain(runtimeDir, query);
    const seen = shown;
    for await (const line of pastIfAny({ ...options, lines: MISSED_LINES }, query)) {
      if (isIn(seen, line)) continue;
      shown = and(line, shown);
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
