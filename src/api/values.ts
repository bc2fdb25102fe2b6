// Values of the configuration file: durations and counts. Each message says what was expected.
import { z } from "zod";
import type { Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import { didYouMean } from "./suggestion.ts";

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

/** A span of milliseconds as a text that `parseDuration` reads. */
export const formatDuration = (span: number): string =>
  span < 1_000 ? `${span}ms` : `${span / 1_000}s`;

/** The schemas of durations. */
export const DURATIONS = new WeakSet<object>();

function durationIn(allowed: (span: Millis) => boolean, expected: string) {
  const schema = z
    .unknown()
    .transform((value, context) => {
      const span = parseDuration(value);
      if (span !== undefined && allowed(span)) return span;
      context.issues.push({ code: "custom", message: expected, input: value });
      return z.NEVER;
    })
    .meta({ type: ["number", "string"], description: expected });
  DURATIONS.add(schema);
  return schema;
}

/** A duration of `least` to `most` milliseconds: a number of seconds, or a text with a unit. */
export const duration = (least: number, most: number) =>
  durationIn(
    (span) => span >= least && span <= most,
    `expected a duration from ${formatDuration(least)} to ${formatDuration(most)}, such as 2, "2s" or "200ms"`,
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

/** A text of at least one character. */
export function filledText(what: string) {
  const error = `expected ${what}, a text of at least one character`;
  return z.string({ error }).min(1, { error });
}

/** One of these words. */
export const oneOf = <const Word extends string>(words: readonly Word[]) =>
  z.enum(words, {
    error: ({ input }) =>
      `expected one of ${words.join(", ")}${typeof input === "string" ? didYouMean(input, words) : ""}`,
  });

/** A text that `parse` makes a value of; undefined: it is not `what`. `example` is one. */
export const textOf = <Value>(parse: (text: string) => Value | undefined, what: string) =>
  z
    .unknown()
    .transform((input, context): Value => {
      const value = typeof input === "string" ? parse(input) : undefined;
      if (value !== undefined) return value;
      context.issues.push({ code: "custom", message: `expected ${what}`, input });
      return z.NEVER;
    })
    .meta({ type: "string", description: what });

/** A list of such values. */
export const listOf = <Item extends z.ZodType>(item: Item, what: string) =>
  z.array(item, { error: `expected a list of ${what}` });

/** A map with these keys and no others. `otherwise`: what else can stand in its place, with " or " behind it. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, otherwise = "") {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => unknownSetting(key, known)).join("\n")
        : `expected ${otherwise}a map of settings`,
  });
}

/** One line for each key. */
const unknownSetting = (key: string, known: readonly string[]): string =>
  `unknown setting${didYouMean(key, known)}; known here are ${known.join(", ")}`;
