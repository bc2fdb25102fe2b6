// When a timer ends that runs while its length changes (§16).
import assert from "node:assert/strict";
import { test } from "node:test";
import { retimed, retimedInFull } from "../../src/base/length-change.ts";
import { millis } from "../../src/base/units.ts";

/** Of a timer of 100 that is set at 0. */
const change = (is: number): Parameters<typeof retimed>[1] => ({
  was: millis(100),
  is: millis(is),
});
const DUE = millis(100);

test("§16: a timer ends when it would have ended had it been set with the new length", () => {
  assert.equal(retimed(DUE, change(250)), 250);
  assert.equal(retimed(DUE, change(70)), 70);
  assert.equal(
    retimed(millis(0.1 + 0.2), change(100)),
    0.1 + 0.2,
    "the same length changes nothing",
  );
});

test("§16: one whose end gives somebody up runs a shorter length in full, but no longer than before", () => {
  const at40 = (is: number): number => retimedInFull(DUE, change(is), millis(40));
  assert.equal(at40(250), 250);
  assert.equal(at40(100), 100);
  assert.equal(at40(90), 100);
  assert.equal(at40(50), 90);
  assert.equal(at40(10), 50);
});
