// The table of addresses, against a map that is searched from end to end.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Address, type Family, prefixHolds, prefixOf } from "../../src/base/address.ts";
import { AddressTable } from "../../src/base/address-table.ts";
import { orderedEntries } from "../../src/base/ordered.ts";

/** Few enough that they meet: the last bytes count to three. */
const addressOf = (family: Family): fc.Arbitrary<Address> =>
  fc
    .array(fc.constantFrom(0, 1, 127, 255), { minLength: 2, maxLength: 2 })
    .map(
      (last) =>
        String.fromCharCode(
          ...new Array<number>(family === 4 ? 2 : 14).fill(10),
          ...last,
        ) as Address,
    );

for (const family of [4, 6] as const) {
  test(`a table of IPv${family} addresses is a map whose part in any prefix is known, in order`, () => {
    const address = addressOf(family);
    const bits = family === 4 ? 32 : 128;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(address, fc.option(fc.integer()))),
        fc.tuple(address, fc.integer({ min: 0, max: bits })),
        (steps, [within, length]) => {
          const table = new AddressTable<number>();
          const map = new Map<Address, number>();
          for (const [key, value] of steps) {
            if (value === null) {
              table.delete(key);
              map.delete(key);
            } else {
              table.set(key, value);
              map.set(key, value);
            }
            assert.equal(table.get(key), map.get(key));
          }
          const all = orderedEntries(map);
          assert.deepEqual(table.entries(), all);
          const prefix = prefixOf(within, length);
          assert.deepEqual(
            table.within(prefix),
            all.filter(([key]) => prefixHolds(prefix, key)),
          );
          assert.deepEqual(new AddressTable(all).entries(), all);
        },
      ),
    );
  });
}
