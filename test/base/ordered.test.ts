// Ordered iteration, the seeded generator, and what must hold.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ip } from "../../src/base/address.ts";
import { invariant, known } from "../../src/base/invariant.ts";
import { compare, orderedEntries, orderedKeys, orderedValues } from "../../src/base/ordered.ts";
import { Random } from "../../src/base/random.ts";
import { after, millis, seconds } from "../../src/base/units.ts";

test("keys, entries and values come in the order of the keys, not of their insertion", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { maxLength: 40, size: "max" }), (keys) => {
      const map = new Map(keys.map((key) => [key, `v${key}`]));
      const sorted = [...keys].sort((a, b) => a - b);
      assert.deepEqual(orderedKeys(map), sorted);
      assert.deepEqual(orderedKeys(new Set(keys)), sorted);
      assert.deepEqual(
        orderedEntries(map),
        sorted.map((key) => [key, `v${key}`]),
      );
      assert.deepEqual(
        orderedValues(map),
        sorted.map((key) => `v${key}`),
      );
    }),
  );
});

test("addresses are ordered as numbers", () => {
  const low = ip("10.0.0.9");
  const high = ip("10.0.0.200");
  assert.deepEqual(orderedKeys(new Set([high, low])), [low, high]);
  assert.equal(compare(low, high), -1);
  assert.equal(compare(high, low), 1);
  assert.equal(compare(low, ip("10.0.0.9")), 0);
});

test("the map may change during the walk", () => {
  const map = new Map([
    [2, "b"],
    [1, "a"],
  ]);
  const seen: number[] = [];
  for (const key of orderedKeys(map)) {
    seen.push(key);
    map.delete(2);
    map.set(0, "new");
  }
  assert.deepEqual(seen, [1, 2]);
});

test("the same seed gives the same numbers, another seed others", () => {
  const numbers = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 20 }, () => random.below(2 ** 32));
  };
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      assert.deepEqual(numbers(seed), numbers(seed));
      assert.deepEqual(numbers(seed), numbers(seed + 2 ** 32));
      assert.notDeepEqual(numbers(seed), numbers(seed + 1));
    }),
    { numRuns: 50 },
  );
  // mulberry32's published sequence for seed 0.
  assert.deepEqual(numbers(0).slice(0, 3), [1144304738, 1416247, 958946056]);
});

test("numbers lie below the limit, and all of them come", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, limit) => {
      const random = new Random(seed);
      const counts = new Array<number>(limit).fill(0);
      for (let i = 0; i < 200 * limit; i++) {
        const n = random.below(limit);
        assert.ok(Number.isInteger(n) && n >= 0 && n < limit);
        counts[n] = (counts[n] ?? 0) + 1;
      }
      assert.ok(
        counts.every((count) => count > 100 && count < 350),
        String(counts),
      );
    }),
    { numRuns: 30, seed: 1 },
  );
});

test("an invariant that holds is silent, one that does not throws", () => {
  invariant(1, "one");
  assert.throws(() => invariant(0, "zero"), /^Error: bug: zero$/);
  assert.equal(known(0, "zero"), 0);
  assert.throws(() => known(null, "nothing"), /^Error: bug: nothing$/);
  assert.throws(() => known(undefined, "nothing"), /^Error: bug: nothing$/);
});

test("seconds and instants are milliseconds", () => {
  assert.equal(seconds(3), 3000);
  assert.equal(after(millis(10), seconds(2)), 2010);
});
