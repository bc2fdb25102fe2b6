// Which sources of a group are wanted (RFC 3376 §3).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import type { SourceFilter } from "../../src/base/source-filter.ts";
import {
  EVERY_SOURCE,
  isSameFilter,
  NO_SOURCE,
  wantsAny,
  wantsSource,
} from "../../src/base/source-filter.ts";

const [A, B, C] = [ip("10.1.1.1"), ip("10.1.1.2"), ip("10.1.1.3")];

const ROWS: readonly (readonly [what: string, filter: SourceFilter, wanted: readonly string[]])[] =
  [
    ["nobody", NO_SOURCE, []],
    ["everybody", EVERY_SOURCE, [A, B, C]],
    ["two sources", { mode: "include", sources: [A, C] }, [A, C]],
    ["all but two", { mode: "exclude", sources: [A, C] }, [B]],
  ];

for (const [what, filter, wanted] of ROWS) {
  test(`${what}: what each source sends is wanted or not, and is anything`, () => {
    assert.deepEqual(
      [A, B, C].filter((source) => wantsSource(filter, source)),
      wanted,
    );
    assert.equal(wantsAny(filter), wanted.length > 0);
  });
}

test("filters are the same if mode and sources are", () => {
  const filters = [
    ...ROWS.map(([, filter]) => filter),
    { mode: "include", sources: [A, B] } as const,
  ];
  for (const a of filters) {
    for (const b of filters) {
      assert.equal(isSameFilter({ ...a, sources: [...a.sources] }, b), a === b);
    }
  }
});
