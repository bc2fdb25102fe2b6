// What must hold of problems that are told of a text.
import assert from "node:assert/strict";
import type { Problem } from "../../src/api/file-problem.ts";
import { magnitude } from "./expect.ts";

const FIRST_WORDS = 6;

/** Fails unless each problem has its place within the text, and says something. */
export function expectProblems(text: string, ...lists: readonly (readonly Problem[])[]): void {
  const lines = text.split("\n").length;
  for (const { line, column, message } of lists.flat()) {
    assert.ok(Number.isInteger(line) && line >= 1 && line <= lines, `line ${line} of ${lines}`);
    assert.ok(Number.isInteger(column) && column >= 1, `column ${column}`);
    assert.ok(message.length > 0, "it says what is wrong");
  }
}

/** How many they are, by magnitude, and how the first one begins. */
export function kindOfProblems(problems: readonly Pick<Problem, "message">[]): string {
  const [first] = problems;
  assert.ok(first !== undefined, "what is refused has a problem");
  const words = first.message.replaceAll(/["'\d(:].*$/gs, "").split(" ");
  return `${words.slice(0, FIRST_WORDS).join(" ")} ${magnitude(problems.length)}`;
}
