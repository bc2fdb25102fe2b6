// Durations as people write them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "../../src/api/duration.ts";

for (const [written, span] of [
  [3, 3_000],
  [0.05, 50],
  ["100ms", 100],
  ["1.5s", 1_500],
  ["2 min", 120_000],
  ["1h", 3_600_000],
] as const) {
  test(`${JSON.stringify(written)} is ${span} milliseconds`, () =>
    assert.equal(parseDuration(written), span));
}

for (const written of [
  "3",
  "",
  "-1s",
  "1 second",
  "s",
  "1e3s",
  "1s2s",
  true,
  null,
  [3],
  undefined,
]) {
  test(`${JSON.stringify(written)} is no duration`, () =>
    assert.equal(parseDuration(written), undefined));
}
