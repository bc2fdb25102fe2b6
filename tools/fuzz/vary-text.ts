// Changes to texts of words and lines, such as YAML and JSON: by what a person or an accident would do to them.
import type { Random } from "../../src/base/random.ts";
import { happens, pick } from "../campaign/generate.ts";
import type { Material } from "./target.ts";
import { MOST_BYTES } from "./vary-bytes.ts";

const MOST_CHANGES = 4;
/** What means something to YAML, or lies on a bound. */
const PIECES: readonly string[] = [
  ...[
    "- ",
    ": ",
    "<<: ",
    "? ",
    "|\n",
    "---\n",
    "...\n",
    "!!str ",
    "\t",
    "\n",
    "\r\n",
    "\0",
    "\u2028",
  ],
  ...`{ } [ ] : , # &a *a ! " ' \\ % @ \` ~ null {} [] '' "" * true false yes on __proto__ constructor`.split(
    " ",
  ),
  ..."0 -1 1e9 1e400 0x10 010 .inf .nan 65535 65536 4294967295 4294967296 10ms 2s 0.1 1h".split(
    " ",
  ),
  ..."eth0 eth1 toString 10.0.0.0/8 239.1.2.3 ::1 é 𝄞".split(" "),
];

type Change = (text: string, random: Random, words: Vocabulary) => string;

/** Where a change takes its words from. */
interface Vocabulary {
  readonly other: string;
  readonly words: readonly string[];
}

const place = (text: string, random: Random): number => random.below(text.length + 1);

const spliced = (text: string, at: number, remove: number, insert: string): string =>
  text.slice(0, at) + insert + text.slice(at + remove);

/** The words of a text, and where they begin. */
const wordsIn = (text: string): readonly RegExpExecArray[] => [...text.matchAll(/[\w.]+/g)];

function withWord(text: string, random: Random, change: (word: string) => string): string {
  const words = wordsIn(text);
  if (words.length === 0) return text;
  const { 0: word, index } = pick(random, words);
  return spliced(text, index, word.length, change(word));
}

function withLines(
  text: string,
  random: Random,
  change: (lines: string[], at: number) => void,
): string {
  const lines = text.split("\n");
  change(lines, random.below(lines.length));
  return lines.join("\n");
}

const CHANGES: readonly Change[] = [
  (text, random, { words }) => withWord(text, random, () => pick(random, words)),
  (text, random, { words }) => withWord(text, random, () => pick(random, words)),
  (text, random) => withWord(text, random, () => pick(random, PIECES)),
  (text, random) =>
    withWord(text, random, (word) => spliced(word, place(word, random), random.below(2), "e")),
  (text, random) => withWord(text, random, (word) => String(Number(word) + random.below(3) - 1)),
  (text, random, { words }) => spliced(text, place(text, random), 0, pick(random, words)),
  (text, random) => spliced(text, place(text, random), random.below(2), pick(random, PIECES)),
  (text, random) => spliced(text, place(text, random), 1 + random.below(8), ""),
  (text, random) => text.slice(0, place(text, random)),
  (text, random) =>
    spliced(text, place(text, random), random.below(2), String.fromCharCode(random.below(128))),
  (text, random) => withLines(text, random, (lines, at) => lines.splice(at, 1)),
  (text, random) => withLines(text, random, (lines, at) => lines.splice(at, 0, lines[at] ?? "")),
  (text, random) =>
    withLines(text, random, (lines, at) => {
      const line = lines[at] ?? "";
      lines[at] = happens(random, 50) ? `  ${line}` : line.replace(/^ {1,2}/, "");
    }),
  (text, random, { other }) =>
    withLines(text, random, (lines, at) => {
      lines.splice(at, random.below(2), pick(random, other.split("\n")));
    }),
  (text, random, { other }) =>
    text.slice(0, place(text, random)) + other.slice(place(other, random)),
];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The text of an input. */
export const textOf = (input: Uint8Array): string => decoder.decode(input);

/** The input that is a text. */
export const inputOf = (text: string): Uint8Array => encoder.encode(text).subarray(0, MOST_BYTES);

/** A few changes to a text, one after the other. `words`: those that mean something in it. */
export function varyText(
  text: string,
  { random, other }: Material,
  words: readonly string[],
): string {
  const vocabulary = { other: textOf(other), words };
  let varied = text;
  for (let left = 1 + random.below(MOST_CHANGES); left > 0; left--) {
    varied = pick(random, CHANGES)(varied, random, vocabulary);
  }
  return varied;
}
