// Values of the configuration file: durations and counts. Each message says what was expected.
import { z } from "zod";
import type { Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["min", 60_000],
  ["h", 3_600_000],
]);

/** The duration that a number of seconds or a text such as "100ms" or "1.5s" says, or undefined. */
export function parseDuration(value: unknown): Millis | undefined {
  if (typeof value === "number") return millis(Math.round(value * 1_000));
  if (typeof value !== "string") return undefined;
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?) ?(ms|s|min|h)$/.exec(value) ?? [];
  const factor = UNITS.get(unit);
  if (digits === undefined || factor === undefined) return undefined;
  return millis(Math.round(Number(digits) * factor));
}

const written = (span: number): string => (span < 1_000 ? `${span}ms` : `${span / 1_000}s`);

function durationIn(allowed: (span: Millis) => boolean, expected: string) {
  return z.unknown().transform((value, context) => {
    const span = parseDuration(value);
    if (span !== undefined && allowed(span)) return span;
    context.issues.push({ code: "custom", message: expected, input: value });
    return z.NEVER;
  });
}

/** A duration of `least` to `most` milliseconds: a number of seconds, or a text with a unit. */
export const duration = (least: number, most: number) =>
  durationIn(
    (span) => span >= least && span <= most,
    `expected a duration from ${written(least)} to ${written(most)}, such as 2, "2s" or "200ms"`,
  );

/** A duration that the Max Response Time of an IGMP query can say: one byte of tenths of a second (RFC 2236 §2.2). */
export const maxResponseTime = () =>
  durationIn(
    (span) => span >= 100 && span <= 25_500 && span % 100 === 0,
    "expected a duration from 0.1s to 25.5s in steps of 0.1s: a query says it in one byte of tenths",
  );

/** A whole number. */
export function count(least: number, most: number) {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** A switch. */
export const flag = () => z.boolean({ error: "expected true or false" });

/** A map with these keys and no others, all of which can be left out. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, otherwise = "") {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `known here are ${known}`
        : `expected ${otherwise}a map of settings`,
  });
}
