// Medians, ranges, and numbers as the table of measurements shows them.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatNumber,
  formatRange,
  meets,
  NEVER,
  summaryOf,
} from "../../tools/bench/statistics.ts";

test("of an odd count the middle one is the median, of an even one the mean of two; the order does not matter", () => {
  assert.deepEqual(summaryOf([9, 1, 4]), { count: 3, median: 4, least: 1, most: 9 });
  assert.deepEqual(summaryOf([10, 9, 1, 4]), { count: 4, median: 6.5, least: 1, most: 10 });
  assert.deepEqual(summaryOf([7]), { count: 1, median: 7, least: 7, most: 7 });
  assert.equal(summaryOf([]), null);
});

test("what never came is more than anything: it is the median only of most", () => {
  assert.equal(summaryOf([1, NEVER, 2])?.median, 2);
  assert.equal(summaryOf([1, NEVER])?.median, NEVER);
  assert.equal(summaryOf([NEVER, NEVER, 2])?.median, NEVER);
});

test("a median that is equal to what is asked for meets it; nothing measured does not", () => {
  assert.ok(meets(summaryOf([1, 2, 3]), 2));
  assert.ok(!meets(summaryOf([1, 2.1, 3]), 2));
  assert.ok(meets(summaryOf([0, 0, 9]), 0));
  assert.ok(!meets(summaryOf([NEVER]), 1e9));
  assert.ok(!meets(null, 1e9));
});

test("numbers have three digits that count, and none behind the point in vain", () => {
  const numbers = [0, 0.0004, 0.15349, 1.5, 1.006, 15.349, 153.49, 15349, NEVER];
  assert.deepEqual(numbers.map(formatNumber), [
    ...["0", "0", "0.15", "1.5", "1.01", "15.3", "153", "15349", "never"],
  ]);
});

test("a range of one value is that value", () => {
  const range = (...values: readonly number[]): string => {
    const summary = summaryOf(values);
    return summary === null ? "" : formatRange(summary);
  };
  assert.equal(range(3, 1, 2), "1 - 3");
  assert.equal(range(2, 2), "2");
  assert.equal(range(2, NEVER), "2 - never");
});
