// The time of day in nanoseconds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WallClock } from "../../src/traffic/wall-clock.ts";

const MILLI = 1_000_000n;

test("it goes with the machine's, between two of its milliseconds", () => {
  const clock = new WallClock();
  const before = BigInt(Date.now()) * MILLI;
  const told = clock.at(process.hrtime.bigint());
  const after = BigInt(Date.now() + 1) * MILLI;
  // A clock that is slewed meanwhile may be a little off.
  assert.ok(told >= before - MILLI && told <= after + MILLI, `${before} ${told} ${after}`);
});

test("it goes on evenly within a second, and follows when the machine's clock is set", (t) => {
  const clock = new WallClock();
  const now = process.hrtime.bigint();
  assert.equal(clock.at(now + 5n) - clock.at(now), 5n);
  const later = Date.now() + 3_600_000;
  t.mock.method(Date, "now", () => later);
  assert.equal(clock.at(now + 2_000n * MILLI), BigInt(later) * MILLI);
  t.mock.method(Date, "now", () => later + 1_009);
  assert.equal(clock.at(now + 3_001n * MILLI), BigInt(later + 1_001) * MILLI, "slewed, not set");
});
