// What is said of fuzzing: a line of a table for each target, and what an input that broke one looks like.
import type { Outcome } from "./run.ts";
import type { Broken } from "./search.ts";
import type { Target } from "./target.ts";
import { textOf } from "./vary-text.ts";

const WIDTHS = [14, 12, 14, 12, 10, 8] as const;
const HEXADECIMAL_LINE = 32;

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[i] ?? 0)))
    .join("");

/** Head of the table. */
export const HEAD: string = line([
  ...["target", "executions", "executions/s", "accepted", "kinds", "corpus"],
]);

/** The line of a target. */
export function lineOf(outcome: Outcome): string {
  const { target, executions, seconds, accepted, kinds, corpusSize } = outcome;
  const perSecond = Math.round(executions / seconds);
  return line([target.name, ...[executions, perSecond, accepted, kinds, corpusSize].map(String)]);
}

/** An input to read: a text as it is, bytes as hexadecimal digits. */
function shown({ isText }: Target, input: Uint8Array): string {
  if (isText) return textOf(input);
  const digits = Buffer.from(input).toString("hex");
  return digits.replaceAll(new RegExp(`.{${2 * HEXADECIMAL_LINE}}`, "g"), "$&\n");
}

/** What broke a target, and the file that keeps the input. */
export function brokenText(target: Target, { input, why }: Broken, file: string): string {
  return [
    `BROKEN: ${target.name}: ${why}`,
    `input, ${input.length} bytes, kept in ${file}:`,
    shown(target, input),
  ].join("\n");
}
