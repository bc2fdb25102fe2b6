// Commands as text and back. Errors are for people: which word, and what was expected in its place.
import { didYouMean } from "../api/suggestion.ts";
import { known } from "../base/invariant.ts";
import type { Command } from "./command.ts";
import { ALL_FORMS, type AnyForm, type AnyPart, type AnySlot, describeParts } from "./forms.ts";
import { alternatives } from "./words.ts";

/** What a line turned out to be. */
export type ParsedCommand =
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "problem"; readonly message: string };

/** Something that a word was expected to be. */
interface Expected {
  readonly what: string;
  readonly words: readonly string[];
  readonly form: AnyForm;
}

/** The furthest that any form came, and what it expected there. */
interface Failure {
  at: number;
  expected: Expected[];
}

interface Reading {
  readonly form: AnyForm;
  readonly words: readonly string[];
  readonly fields: Record<string, unknown>;
  readonly failure: Failure;
}

function fail({ form, failure }: Reading, at: number, expected: Omit<Expected, "form">): null {
  if (at > failure.at) {
    failure.at = at;
    failure.expected = [];
  }
  if (at === failure.at) failure.expected.push({ ...expected, form });
  return null;
}

const quoted = (word: string): string => `"${word}"`;

/** Words that end a list in front of these parts. */
function stopsBefore(parts: readonly AnyPart[]): readonly string[] {
  const [first, ...rest] = parts;
  if (first === undefined) return [];
  if (typeof first === "string") return [first];
  return "optional" in first ? [...stopsBefore(first.optional), ...stopsBefore(rest)] : [];
}

function endOfList(words: readonly string[], at: number, after: readonly AnyPart[]): number {
  const stops = stopsBefore(after);
  const length = words.slice(at).findIndex((word) => stops.includes(word));
  return length === -1 ? words.length : at + length;
}

/** Where the parts end in the words, or null: they are not these. */
function readParts(reading: Reading, parts: readonly AnyPart[], at: number): number | null {
  const { words } = reading;
  const [part, ...rest] = parts;
  if (part === undefined) return at;
  if (typeof part === "string") {
    if (words[at] === part) return readParts(reading, rest, at + 1);
    return fail(reading, at, { what: quoted(part), words: [part] });
  }
  if (!("optional" in part)) return readValue(reading, [part, ...rest], at);
  const keyword = String(part.optional[0]);
  if (words[at] === keyword) return readParts(reading, [...part.optional, ...rest], at);
  fail(reading, at, { what: quoted(keyword), words: [keyword] });
  return readParts(reading, rest, at);
}

function readValue(
  reading: Reading,
  [{ field, value }, ...rest]: readonly [AnySlot, ...AnyPart[]],
  at: number,
): number | null {
  const { words, fields } = reading;
  const end = value.isList ? endOfList(words, at, rest) : Math.min(at + 1, words.length);
  const parsed = value.parse(words.slice(at, end));
  if (parsed === undefined) return fail(reading, at, value);
  fields[field] = parsed;
  return readParts(reading, rest, end);
}

function problemAt({ at, expected }: Failure, words: readonly string[]): string {
  const word = words[at];
  const whats = [...new Set(expected.map(({ what }) => what))];
  const near = didYouMean(word ?? "", [...new Set(expected.flatMap((one) => one.words))]);
  const place = word === undefined ? "the line ends too soon" : `${quoted(word)} is unknown here`;
  const forms = new Set(expected.map(({ form }) => describeParts(form.parts)));
  const [only = "", ...more] = forms;
  const usage = more.length === 0 ? `; it is written: ${only}` : "";
  return `${place}${near}; expected ${alternatives(whats)}${usage}`;
}

/** The command that a line writes, or what is wrong with it. */
export function parseCommand(text: string): ParsedCommand {
  const words = text.trim().split(/ +/);
  const failure: Failure = { at: -1, expected: [] };
  for (const form of ALL_FORMS) {
    const reading: Reading = { form, words, fields: { ...form.absent }, failure };
    const end = readParts(reading, form.parts, 0);
    if (end === words.length) {
      // The form has filled all fields of its command.
      const command = { kind: form.kind, ...reading.fields } as Command;
      return { kind: "command", command };
    }
    if (end !== null) fail(reading, end, { what: "the end of the line", words: [] });
  }
  return { kind: "problem", message: problemAt(failure, words) };
}

type Fields = Readonly<Record<string, unknown>>;

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether every field of an optional part has the value that it has when it is left out. */
const isAbsent = (fields: Fields, parts: readonly AnyPart[], absent: Fields): boolean =>
  parts.every(
    (part) =>
      typeof part === "string" ||
      "optional" in part ||
      isSame(fields[part.field], absent[part.field]),
  );

function formatParts(fields: Fields, parts: readonly AnyPart[], absent: Fields): readonly string[] {
  return parts.flatMap((part) => {
    if (typeof part === "string") return [part];
    if (!("optional" in part)) return [part.value.format(fields[part.field])];
    const { optional } = part;
    return isAbsent(fields, optional, absent) ? [] : formatParts(fields, optional, absent);
  });
}

/** The line that `parseCommand` reads as this command. */
export function formatCommand(command: Command): string {
  const { kind, ...fields } = command;
  const form = known(
    ALL_FORMS.find((one) => one.kind === kind),
    `${kind} is written somehow`,
  );
  const words = formatParts(fields, form.parts, form.absent);
  return words.filter((word) => word !== "").join(" ");
}
