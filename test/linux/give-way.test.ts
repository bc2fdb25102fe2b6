import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "../../src/base/units.ts";
import { GiveWay } from "../../src/linux/give-way.ts";

test("a router gives way when it has let packets on, and not more often than each 5 ms", () => {
  let now = 1_000;
  const yields: number[] = [];
  const giveWay = new GiveWay({
    now: () => millis(now),
    yieldProcessor: () => yields.push(now),
  });
  for (const at of [1_000, 1_000, 1_004.9, 1_005, 1_009, 1_020]) {
    now = at;
    giveWay.letOn();
  }
  assert.deepEqual(yields, [1_000, 1_005, 1_020]);
});
