// What happens in the daemon, as it happens: lines of GET /v1/events.
import type { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type { LogLevel } from "../api/log-levels.ts";
import { askForStream } from "./client.ts";
import { CommandError } from "./command-error.ts";

/** What events are narrowed by. */
export interface EventQuery {
  /** undefined: what is in the log, too. */
  readonly level?: LogLevel;
  /** Names; none: all. */
  readonly subsystem?: readonly string[];
  readonly interface?: string;
  readonly group?: string;
  readonly source?: string;
}

function pathOf({ subsystem = [], level, interface: name, group, source }: EventQuery): string {
  const query = new URLSearchParams();
  for (const one of subsystem) query.append("subsystem", one);
  for (const [key, value] of Object.entries({ level, interface: name, group, source })) {
    if (value !== undefined) query.set(key, value);
  }
  return `/v1/events?${query}`;
}

/** Lines until the daemon ends, in whatever way. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const part of stream) {
      const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
  }
}

/**
 * What happens once this has returned, in lines without their ends; it ends with the daemon. Throws CommandError if the daemon
 * does not answer, or refuses.
 */
export async function listen(
  runtimeDirectory: string,
  query: EventQuery,
): Promise<AsyncGenerator<string>> {
  return linesOf(await askForStream(runtimeDirectory, pathOf(query)));
}

const AGAIN_AFTER_MS = 500;

/** The same, once a daemon is there that takes the query: one that has just started may not know its interfaces yet. */
export async function listenAgain(
  runtimeDirectory: string,
  query: EventQuery,
): Promise<AsyncGenerator<string>> {
  for (;;) {
    try {
      return await listen(runtimeDirectory, query);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
    }
    await setTimeout(AGAIN_AFTER_MS);
  }
}
