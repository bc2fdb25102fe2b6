// Durations as people write them. Light, for the command line loads it at each call.
import type { Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["min", 60_000],
  ["h", 3_600_000],
]);

/** How a duration is written with its unit. */
export const DURATION = /^(\d+(?:\.\d+)?) ?(ms|s|min|h)$/;

/** The duration that a number of seconds or a text such as "100ms" or "1.5s" says, or undefined. */
export function parseDuration(value: unknown): Millis | undefined {
  if (typeof value === "number") return millis(Math.round(value * 1_000));
  if (typeof value !== "string") return undefined;
  const [, digits, unit = ""] = DURATION.exec(value) ?? [];
  const factor = UNITS.get(unit);
  if (digits === undefined || factor === undefined) return undefined;
  return millis(Math.round(Number(digits) * factor));
}

/** A span of milliseconds as a text that `parseDuration` reads. */
export const formatDuration = (span: number): string =>
  span < 1_000 ? `${span}ms` : `${span / 1_000}s`;
