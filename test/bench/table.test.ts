// The table of measurements, and its document for programs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NEVER } from "../../tools/bench/statistics.ts";
import type { Result } from "../../tools/bench/table.ts";
import { isMet, resultDocument, resultLines } from "../../tools/bench/table.ts";

const result = (later: readonly number[], first: readonly number[] = []): Result => ({
  ...{ name: "join", about: "join to first packet", unit: "ms", atLeast: 12, aim: 4, python: "24" },
  values: { first, later },
});

test("a row: median and range of later runs, first runs apart, and what it is held to", () => {
  const [head, ...rows] = resultLines([result([3, 9, 2.04], [20, 30]), result([12.1])]);
  const cells = (line = ""): readonly string[] => line.split(/ {2,}/);
  assert.deepEqual(cells(head), [
    ...["Row", "What", "Unit", "Median", "Range", "Runs", "First", "At least", "Aim"],
    ...["Python 1.5.1"],
  ]);
  assert.deepEqual(rows.map(cells), [
    ["join", "join to first packet", "ms", "3", "2.04 - 9", "3", "25 (20 - 30)", "12", "4", "24"],
    ["join", "join to first packet", "ms", "12.1", "12.1", "1", "12", "4", "24", "NOT MET"],
  ]);
});

test("first runs are not held to anything, what was never measured meets nothing", () => {
  assert.ok(isMet(result([3], [99])));
  assert.ok(!isMet(result([NEVER])));
  assert.ok(!isMet(result([], [3])));
});

test("a row that is held to nothing shows nothing there", () => {
  const limit = { ...result([3]), atLeast: null, aim: null, python: "" };
  assert.ok(isMet(limit));
  assert.match(resultLines([limit])[1] ?? "", /3 +3 +1$/);
});

test("the document has all values in their order; null is what never came to be", () => {
  const { rows, machine } = JSON.parse(
    resultDocument([result([3, NEVER, 2], [20])], { machine: "one" }),
  );
  assert.equal(machine, "one");
  const { name, first, later, median, isMet: met } = rows[0];
  assert.deepEqual([name, first, later, median, met], ["join", [20], [3, null, 2], 3, true]);
});
