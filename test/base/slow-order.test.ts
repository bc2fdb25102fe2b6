// Keys in order step by step: as sorted in one go, with rests in between.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compare } from "../../src/base/ordered.ts";
import { inOrderSlowly } from "../../src/base/slow-order.ts";

/** The keys as they come, with the rests. */
const all = (keys: readonly (string | number)[]): readonly (string | number | undefined)[] => [
  ...inOrderSlowly(new Set(keys).keys()),
];

test("the keys come in ascending order, each once, however many there are", () => {
  const key = fc.oneof(fc.string({ maxLength: 8, unit: "binary" }), fc.string({ maxLength: 1 }));
  const repeated = fc
    .tuple(fc.array(key), fc.nat(6_000))
    .map(([some, count]) => [
      ...some,
      ...Array.from({ length: count }, (_, n) => String((n * 7_919) % 10_007)),
    ]);
  fc.assert(
    fc.property(repeated, (keys) => {
      const found = all(keys).filter((one) => one !== undefined);
      assert.deepEqual(found, [...new Set(keys)].sort(compare));
    }),
    { numRuns: 50 },
  );
});

test("few keys come at once; of many none comes before some have rested, once for each thousand and each merge", () => {
  assert.deepEqual(all([3, 1, 2]), [1, 2, 3]);
  const found = all(Array.from({ length: 10_240 }, (_, n) => -n));
  const rests = found.indexOf(-10_239);
  // 10 runs in four rounds of merges.
  assert.ok(rests >= 9 + 3 * 10 && rests < 9 + 4 * 11, `${rests} rests`);
  assert.ok(found.slice(0, rests).every((one) => one === undefined));
});

test("a key that leaves and comes back while it is put in order comes once", () => {
  const keys = new Set(Array.from({ length: 3_000 }, (_, n) => n));
  const slowly = inOrderSlowly(keys.keys());
  assert.equal(slowly.next().value, undefined);
  for (const key of [0, 1, 2_999]) {
    keys.delete(key);
    keys.add(key);
  }
  keys.delete(1_500);
  const found = [...slowly].filter((key) => key !== undefined);
  assert.deepEqual(
    found,
    [...keys].sort((a, b) => a - b),
  );
});
