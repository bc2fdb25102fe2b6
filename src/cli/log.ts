// hpim-dm log: what happened, from the daemon's log, and what happens, from the daemon itself.
import { existsSync } from "node:fs";
import { Readable } from "node:stream";
import type { InterfacesAnswer } from "../api/lists/interfaces.ts";
import { readableLine } from "../api/readable-line.ts";
import { ask, isThere } from "./client.ts";
import { CommandError } from "./command-error.ts";
import type { EventQuery } from "./events.ts";
import type { Follower } from "./follow.ts";
import { fileIn, fileOf, followed } from "./follow.ts";
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

const say = (sentence: string): boolean => process.stderr.write(`hpim-dm: ${sentence}\n`);

/** Of whoever follows on the command line. */
const FOLLOWER: Follower = {
  say,
  begins: () => undefined,
  ends: () => say("The daemon has ended; what happens is shown again when one has started."),
};

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
  const lines = follow ? followed(options, query, FOLLOWER) : past(options, query);
  await writeOut(Readable.from(written(lines, json)));
}
