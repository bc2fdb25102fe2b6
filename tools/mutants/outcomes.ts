// What tests came to, read from the report of `node --test` in the Test Anything Protocol.

/** How a test ended. */
export type Outcome =
  | { readonly kind: "passed" }
  /** `byAssertion`: an assertion or an invariant says so; else it fell over something. */
  | { readonly kind: "failed"; readonly byAssertion: boolean; readonly words: string };

const RESULT = /^(not )?ok \d+ - (.*)$/;
const SKIPPED = / # SKIP\b/;
const DETAIL = /^ {2}(code|error): (.*)$/;

const unescaped = (title: string): string => title.replaceAll(/\\([#\\])/g, "$1");

const unquoted = (value: string): string => value.replace(/^'(.*)'$/s, "$1");

/** What the lines that follow a failed test say of it. */
function failureOf(lines: readonly string[]): Outcome {
  let code = "";
  let words = "";
  for (const [index, line] of lines.entries()) {
    if (RESULT.test(line)) break;
    const [, key, value = ""] = DETAIL.exec(line) ?? [];
    if (key === "code") code = unquoted(value);
    // A text of several lines begins on the next one.
    if (key === "error")
      words = value.startsWith("|") ? (lines[index + 1] ?? "").trim() : unquoted(value);
  }
  return {
    kind: "failed",
    byAssertion: code === "ERR_ASSERTION" || words.startsWith("bug: "),
    words,
  };
}

/** The outcomes of the tests that ran, by title. */
export function outcomesOf(report: string): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  const lines = report.split("\n");
  for (const [index, line] of lines.entries()) {
    const [, not, title] = RESULT.exec(line) ?? [];
    if (title === undefined || SKIPPED.test(title)) continue;
    const outcome =
      not === undefined ? { kind: "passed" as const } : failureOf(lines.slice(index + 1));
    outcomes.set(unescaped(title), outcome);
  }
  return outcomes;
}
