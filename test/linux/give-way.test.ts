import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "../../src/base/units.ts";
import { GiveWay } from "../../src/linux/give-way.ts";

/** When a router gives way that writes an entry at each of these instants, where others then take the processor for so long. */
function yieldsAt(instants: readonly number[], others: number): readonly number[] {
  let now = 0;
  const yields: number[] = [];
  const giveWay = new GiveWay({
    now: () => millis(now),
    yieldProcessor: () => {
      yields.push(now);
      now += others;
    },
  });
  for (const instant of instants) {
    now = Math.max(now, instant);
    giveWay.toOthers();
  }
  return yields;
}

test("a router gives way when it has let packets on, and rests for 5 ms from then on", () => {
  assert.deepEqual(
    yieldsAt([1_000, 1_000, 1_004.9, 1_005, 1_009, 1_020], 0),
    [1_000, 1_005, 1_020],
  );
  assert.deepEqual(yieldsAt([1_000, 1_005.1, 1_005.2], 0.2), [1_000, 1_005.2]);
});

test("a router whose processor others take for long gives way the more seldom", () => {
  const busy = Array.from({ length: 2_000 }, (_, n) => n);
  assert.deepEqual(yieldsAt(busy, 35), [0, 735, 1_470]);
  assert.deepEqual(yieldsAt(busy, 500), [0, 1_500]);
});
