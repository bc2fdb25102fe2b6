// The log of a daemon in the background, as a file; tail(1) finds its last lines.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createInterface } from "node:readline";
import { parseGroups, parseSources } from "../api/lists/filters.ts";
import { isAtLeast } from "../api/log-levels.ts";
import type { LineFields } from "../api/readable-line.ts";
import { fieldsOfLine } from "../api/readable-line.ts";
import type { Prefix } from "../base/address.ts";
import { parseAddress, prefixHolds } from "../base/address.ts";
import { CommandError } from "./command-error.ts";
import type { EventQuery } from "./events.ts";

/** Throws CommandError if the file cannot be read. */
export function refuseUnreadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`The log cannot be read: ${reason}.`, { exitCode: 3, cause });
  }
}

function isIn(prefix: Prefix | undefined, text: unknown): boolean {
  const address = typeof text === "string" ? parseAddress(text) : undefined;
  return prefix !== undefined && address !== undefined && prefixHolds(prefix, address);
}

function hasLevel({ level }: LineFields, least: EventQuery["level"]): boolean {
  if (least === undefined || level === "fatal") return true;
  const known = level === "debug" || level === "info" || level === "warn" || level === "error";
  return known && isAtLeast(level, least);
}

/** An interface that is missing is told of by its name. */
const isAbout = (line: LineFields, name: string): boolean =>
  (line.kind === "missing" ? line.name : line.interface) === name;

/** Whether a query of events wants a line of the log, with these fields. */
function wants(query: EventQuery, line: LineFields): boolean {
  const { level, subsystem = [], interface: name, group, source } = query;
  const groups = [line.group, line.treeGroup, line.groups].flat();
  const sources = [line.source, line.treeSource];
  return (
    hasLevel(line, level) &&
    (subsystem.length === 0 || subsystem.some((one) => one === line.subsystem)) &&
    (name === undefined || isAbout(line, name)) &&
    (group === undefined || groups.some((one) => isIn(parseGroups(group), one))) &&
    (source === undefined || sources.some((one) => isIn(parseSources(source), one)))
  );
}

async function* tail(file: string, from: string): AsyncGenerator<string> {
  const child = spawn("tail", ["-n", from, "--", file], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    yield* createInterface({ input: child.stdout });
  } finally {
    child.kill();
  }
}

/** The last `count` lines of the file, without their ends; if something narrows the query, the last of those that it wants. */
export async function* lastLines(
  file: string,
  count: number,
  query: EventQuery,
): AsyncGenerator<string> {
  const isNarrowed = Object.values(query).some((value) => value !== undefined);
  if (!isNarrowed) {
    yield* tail(file, `${count}`);
    return;
  }
  const last: string[] = [];
  for await (const line of tail(file, "+1")) {
    const fields = fieldsOfLine(line);
    if (fields === undefined || !wants(query, fields)) continue;
    last.push(line);
    if (last.length > count) last.shift();
  }
  yield* last;
}
