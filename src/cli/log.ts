// hpim-dm log: the daemon's log, readable. The lines are found, and followed, by tail(1).
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { StartOptionsAnswer } from "../api/configuration-messages.ts";
import { ask } from "./client.ts";
import { CommandError } from "./command-error.ts";
import { writeOut } from "./output.ts";

/** Options of the command, as commander names them. */
export interface LogOptions {
  readonly runtimeDir: string;
  /** How many lines of the past. */
  readonly lines: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

const LEVEL_WIDTH = 5;

/** A line of the log for people; one that is none of ours is shown as it is. */
function readable(line: string): string {
  try {
    const { time, level, msg } = JSON.parse(line);
    return `${time}  ${String(level).padEnd(LEVEL_WIDTH)}  ${msg}`;
  } catch {
    return line;
  }
}

function refuseUnreadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`The log cannot be read: ${reason}.`, { exitCode: 3, cause });
  }
}

async function* shown(lines: AsyncIterable<string>, json: boolean): AsyncGenerator<string> {
  for await (const line of lines) yield `${json ? line : readable(line)}\n`;
}

/** Shows the log, to its end or, following, until it is interrupted. Throws CommandError if it cannot be read. */
export async function log({ runtimeDir, lines, follow, json = false }: LogOptions): Promise<void> {
  const what = ["GET", "/v1/start-options"] as const;
  const { pid, logDirectory } = await ask<StartOptionsAnswer>(runtimeDir, what);
  if (logDirectory === null) {
    const message = `The daemon (process ${pid}) runs in the foreground: its log goes where it was started.`;
    throw new CommandError(message, { exitCode: 1 });
  }
  const file = join(logDirectory, "hpim-dm.log");
  refuseUnreadable(file);
  const tail = spawn("tail", [...(follow ? ["-F"] : []), "-n", `${lines}`, "--", file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await writeOut(Readable.from(shown(createInterface({ input: tail.stdout }), json)));
  tail.kill();
}
