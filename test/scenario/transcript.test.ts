// The layout of scenario files: taken apart and put together again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTranscript, parseTranscript } from "../../src/scenario/transcript.ts";

const TEXT = `---
title: what follows
topology: pair
---
# Two routers meet.
> start

> show neighbors
  R1  10.2.2.2 SYNCED
  R2  10.2.2.1 SYNCED

# The end.
`;

test("a scenario file is a head, and commands with what follows from them", () => {
  const parsed = parseTranscript(TEXT);
  assert.ok(parsed.kind === "transcript");
  assert.deepEqual(parsed.transcript, {
    head: "title: what follows\ntopology: pair",
    steps: [
      { above: ["# Two routers meet."], line: 6, command: "start", expected: [] },
      {
        above: [""],
        line: 8,
        command: "show neighbors",
        expected: ["R1  10.2.2.2 SYNCED", "R2  10.2.2.1 SYNCED"],
      },
    ],
    below: ["", "# The end."],
  });
  assert.equal(formatTranscript(parsed.transcript), TEXT);
});

for (const [what, text, line, message] of [
  ["no head", "> start\n", 1, 'the first line is "---", then comes the head'],
  ["a head without end", "---\ntitle: a\n", 2, 'the head ends with a line "---"'],
  ["a line of no kind", "---\n---\nstart\n", 3, 'a line begins with "> ", "#" or two spaces'],
  ["no command", "---\n---\n  R1\n", 3, "an expected line stands right below its command"],
  ["a gap", "---\n---\n> a\n\n  R1\n", 5, "an expected line stands right below its command"],
] as const) {
  test(`a scenario file with ${what} is refused, with the line`, () => {
    assert.deepEqual(parseTranscript(text), { kind: "problem", line, message });
  });
}
