// The prefix table, against a list that is searched from end to end.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ip, type Prefix, prefixHolds, prefixOf } from "../../src/base/address.ts";
import { PrefixTable } from "../../src/base/prefix-table.ts";

// Few bits, so that prefixes nest and collide.
const address = fc
  .tuple(fc.constantFrom(0, 128, 192, 255), fc.constantFrom(0, 1, 129))
  .map(([a, d]) => ip(`${a}.0.0.${d}`));
const prefix = fc
  .tuple(address, fc.constantFrom(0, 1, 2, 8, 31, 32))
  .map(([base, length]) => prefixOf(base, length));

test("find gives the longest prefix that holds the address and that the caller accepts", () => {
  const change = fc.tuple(prefix, fc.option(fc.nat(9), { nil: undefined }));
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 30 }),
      address,
      fc.nat(9),
      (changes, sought, least) => {
        const table = new PrefixTable<number>();
        const model = new Map<string, { prefix: Prefix; value: number }>();
        for (const [at, value] of changes) {
          table.set(at, value);
          const key = `${at.address}/${at.length}`;
          if (value === undefined) model.delete(key);
          else model.set(key, { prefix: at, value });
        }
        const accept = (value: number): string | undefined =>
          value >= least ? `found ${value}` : undefined;
        const [best] = [...model.values()]
          .filter((one) => prefixHolds(one.prefix, sought) && one.value >= least)
          .sort((a, b) => b.prefix.length - a.prefix.length);
        const expected = best === undefined ? undefined : `found ${best.value}`;
        assert.equal(table.find(sought, accept), expected);
      },
    ),
    { numRuns: 1000 },
  );
});

test("a value that is falsy is still a value", () => {
  const table = new PrefixTable<number>();
  table.set(prefixOf(ip("10.0.0.0"), 8), 0);
  assert.equal(
    table.find(ip("10.1.1.1"), (value) => value),
    0,
  );
  assert.equal(
    table.find(ip("11.1.1.1"), (value) => value),
    undefined,
  );
});
