import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "../../src/base/units.ts";
import { GiveWay } from "../../src/linux/give-way.ts";

test("a router gives way after an event in which it let packets on, and not more often than each 5 ms", () => {
  let now = 1_000;
  const yields: number[] = [];
  const giveWay = new GiveWay({
    now: () => millis(now),
    yieldProcessor: () => yields.push(now),
  });
  const handledAt = (at: number, entries: number): void => {
    now = at;
    for (let n = 0; n < entries; n++) giveWay.letOn();
    giveWay.handled();
  };
  handledAt(1_000, 0);
  assert.deepEqual(yields, []);
  handledAt(1_001, 2);
  handledAt(1_002, 0);
  handledAt(1_005.9, 1);
  assert.deepEqual(yields, [1_001]);
  // What was let on too early for it is not made up for later.
  handledAt(1_007, 0);
  assert.deepEqual(yields, [1_001]);
  handledAt(1_007, 1);
  assert.deepEqual(yields, [1_001, 1_007]);
});
