// Values of the configuration file: durations, counts, texts, lists and maps. Each message says what was expected.
import { z } from "zod";
import { isDocument } from "./configuration-document.ts";
import { DURATION, formatDuration, parseDuration } from "./duration.ts";
import { didYouMean } from "./suggestion.ts";

/** What is wrong with `input`, which is not `what`: undefined: it is not there; null: nothing is behind its key. */
function notExpected(what: string, input: unknown): string {
  if (input === undefined) return `missing; expected ${what}`;
  return input === null ? `empty; expected ${what}` : `expected ${what}`;
}

/** The error of a schema whose values are `what`. */
export const expecting =
  (what: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    notExpected(what, input);

/** The schemas of durations. */
export const DURATIONS = new WeakSet<object>();

/** A value that is made of another one; undefined: that is not `what`. `written`: the JSON Schema of what it is made of. */
export function madeOf<Value>(
  make: (input: unknown) => Value | undefined,
  what: string,
  written: Readonly<Record<string, unknown>>,
) {
  return z
    .unknown()
    .transform((input, context): Value => {
      const value = make(input);
      if (value !== undefined) return value;
      context.issues.push({ code: "custom", message: notExpected(what, input), input });
      return z.NEVER;
    })
    .meta({ ...written, description: what });
}

function durationIn([least, most]: readonly [least: number, most: number], what: string, step = 1) {
  const schema = madeOf(
    (input) => {
      const span = parseDuration(input);
      const isAllowed = span !== undefined && span >= least && span <= most && span % step === 0;
      return isAllowed ? span : undefined;
    },
    what,
    {
      anyOf: [
        { type: "number", minimum: least / 1_000, maximum: most / 1_000 },
        { type: "string", pattern: DURATION.source },
      ],
    },
  );
  DURATIONS.add(schema);
  return schema;
}

/** A duration of `least` to `most` milliseconds: a number of seconds, or a text with a unit. */
export const duration = (least: number, most: number) =>
  durationIn(
    [least, most],
    `a duration from ${formatDuration(least)} to ${formatDuration(most)}, such as 2, "2s" or "2000ms"`,
  );

/** A duration that the Max Response Time of an IGMP query can say: one byte of tenths of a second (RFC 2236 §2.2). */
export const maxResponseTime = () =>
  durationIn(
    [100, 25_500],
    "a duration from 0.1s to 25.5s in steps of 0.1s: a query says it in one byte of tenths",
    100,
  );

/** A whole number. */
export function count(least: number, most: number) {
  const error = expecting(`a whole number from ${least} to ${most}`);
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** A switch. */
export const flag = () => z.boolean({ error: expecting("true or false") });

/** A text of at least one character. */
export const filledText = (what: string) =>
  z
    .string({
      error: ({ input }) =>
        input === undefined || input === null
          ? notExpected(`${what}, a text`, input)
          : `expected ${what} as a text: put it in quotes`,
    })
    .min(1, { error: `expected ${what}, a text of at least one character` });

/** One of these words. */
export const oneOf = <const Word extends string>(words: readonly Word[]) =>
  z.enum(words, {
    error: ({ input }) =>
      notExpected(`one of ${words.join(", ")}`, input) +
      (typeof input === "string" ? didYouMean(input, words) : ""),
  });

/** A text that `parse` makes a value of; undefined: it is not `what`. `pattern`: what such texts look like. */
export const textOf = <Value>(
  parse: (text: string) => Value | undefined,
  what: string,
  pattern: RegExp,
) =>
  madeOf((input) => (typeof input === "string" ? parse(input) : undefined), what, {
    type: "string",
    pattern: pattern.source,
  });

/** A list of such values. */
export const listOf = <Item extends z.ZodType>(item: Item, what: string) =>
  z.array(item, { error: expecting(`a list of ${what}`) });

/** For checks that also take place where something is wrong inside: a value of any type must not surprise them. */
export const ALSO_IF_WRONG = {
  when: ({ value }: { readonly value: unknown }): boolean => isDocument(value),
};

/** What the keys of a map are: `pattern` holds for all that are accepted. */
export interface Keys {
  readonly isKey: (key: string) => boolean;
  readonly pattern: RegExp;
  /** What is wrong with a key that is none. */
  readonly problem: (key: string) => string;
}

/** A map of such values by such keys. */
export const mapOf = <Value extends z.ZodType>(
  value: Value,
  { isKey, pattern, problem }: Keys,
  what: string,
) =>
  z
    .record(z.string().meta({ pattern: pattern.source }), value, {
      error: expecting(`a map of ${what}`),
    })
    .superRefine((map, context) => {
      for (const key of Object.keys(map)) {
        if (isKey(key)) continue;
        context.addIssue({ code: "custom", path: [key], message: problem(key) });
      }
    }, ALSO_IF_WRONG);

/** A map with these keys and no others. `what`: what can stand in its place. */
export function section<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  what = "a map of settings",
) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => unknownSetting(key, known)).join("\n")
        : notExpected(what, issue.input),
  });
}

/** One line for each key. */
const unknownSetting = (key: string, known: readonly string[]): string =>
  `unknown setting${didYouMean(key, known)}; known here are ${known.join(", ")}`;
