// When what is sent at a rate is due.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dueAfter, millisUntilNext } from "../../src/traffic/pace.ts";

const MILLI = 1_000_000;

test("the first is due at once, each other one a rate's part of a second after the one before", () => {
  for (const [rate, elapsed, due] of [
    [10, 0, 1],
    [10, 99 * MILLI, 1],
    [10, 100 * MILLI, 2],
    [5_000, MILLI, 6],
    [5_000, 1_000 * MILLI, 5_001],
  ] as const) {
    assert.equal(dueAfter(elapsed, rate), due, `${rate} a second, after ${elapsed} ns`);
  }
});

test("the wait ends when the next is due; for one that is late there is none", () => {
  assert.equal(millisUntilNext(1, 0, 10), 100);
  assert.equal(millisUntilNext(1, 30 * MILLI, 10), 70);
  assert.equal(millisUntilNext(6, MILLI, 5_000), 0.2);
  assert.equal(millisUntilNext(1, 250 * MILLI, 10), 0);
});
