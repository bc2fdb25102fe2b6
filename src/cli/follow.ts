// Who follows what happens: the past from the daemon's log, then what it tells, and the same of the next one.
import { join } from "node:path";
import type { StartOptionsAnswer } from "../api/configuration-messages.ts";
import { ask } from "./client.ts";
import { CommandError } from "./command-error.ts";
import type { EventQuery } from "./events.ts";
import { listen, listenAgain } from "./events.ts";
import { lastLines, refuseUnreadable } from "./log-file.ts";

/** The log in its directory. */
export const fileIn = (logDirectory: string): string => join(logDirectory, "hpim-dm.log");

/** The file of a daemon's log; null: it runs in the foreground. */
export async function fileOf(
  runtimeDir: string,
): Promise<{ readonly pid: number; readonly file: string | null }> {
  const what = ["GET", "/v1/start-options"] as const;
  const { pid, logDirectory } = await ask<StartOptionsAnswer>(runtimeDir, what);
  return { pid, file: logDirectory === null ? null : fileIn(logDirectory) };
}

/** Whose events are followed: from what, and how much of it. */
export interface FollowOptions {
  readonly runtimeDir: string;
  /** How many lines of the past. */
  readonly lines: number;
}

/** Who follows. */
export interface Follower {
  /** Takes a sentence about what cannot be shown. */
  readonly say: (sentence: string) => void;
  /** A daemon tells what happens. */
  readonly begins: () => void;
  /** It does no more. */
  readonly ends: () => void;
}

/** The past for whoever looks on from now on: without a file there is none. */
async function* pastIfAny(
  { runtimeDir, lines }: FollowOptions,
  query: EventQuery,
  { say }: Follower,
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

/** What was written behind all that was shown; nothing of a daemon that has ended meanwhile: the next one knows it, too. */
async function missed(
  runtimeDir: string,
  query: EventQuery,
  { shown, follower }: { readonly shown: Shown; readonly follower: Follower },
): Promise<readonly string[]> {
  const lines: string[] = [];
  try {
    for await (const line of pastIfAny({ runtimeDir, lines: MISSED_LINES }, query, follower)) {
      if (shown.has(line)) lines.length = 0;
      else lines.push(line);
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [];
  }
  return lines;
}

/**
 * Lines of the past, and of what happens, also by the next daemons. The last lines of the file come once more as events, if
 * they were written after these began. Throws CommandError if no daemon answers at first.
 */
export async function* followed(
  options: FollowOptions,
  query: EventQuery,
  follower: Follower,
): AsyncGenerator<string> {
  const { runtimeDir } = options;
  const shown = new Shown();
  let events = await listen(runtimeDir, query);
  follower.begins();
  for await (const line of pastIfAny(options, query, follower)) {
    shown.add(line);
    yield line;
  }
  for (;;) {
    for await (const line of events) {
      if (shown.has(line)) continue;
      shown.add(line);
      yield line;
    }
    follower.ends();
    events = await listenAgain(runtimeDir, query);
    follower.begins();
    for (const line of await missed(runtimeDir, query, { shown, follower })) {
      shown.add(line);
      yield line;
    }
  }
}
