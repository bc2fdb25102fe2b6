// Which trees and groups the lists of an interface allow (§2.4).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ip } from "../../src/base/address.ts";
import {
  ALL_TREES,
  allowsGroup,
  allowsTree,
  mayAllowMoreGroups,
  type TreeFilter,
} from "../../src/base/tree-filter.ts";
import { prefix } from "../support/core-network.ts";
import { allowing, denying } from "../support/filters.ts";

const GROUP = ip("239.1.1.1");
const SOURCE = ip("10.1.1.1");

const ROWS: readonly (readonly [
  what: string,
  filter: TreeFilter,
  group: boolean,
  tree: boolean,
])[] = [
  ["no lists", ALL_TREES, true, true],
  ["empty lists", allowing({}), true, true],
  ["its group is allowed", allowing({ groups: ["232.0.0.0/8", "239.1.0.0/16"] }), true, true],
  ["other groups are allowed", allowing({ groups: ["239.2.0.0/16"] }), false, false],
  ["its group is denied", denying({ groups: ["239.2.0.0/16", "239.1.1.1/32"] }), false, false],
  ["other groups are denied", denying({ groups: ["239.1.1.2/32"] }), true, true],
  ["its source is allowed", allowing({ sources: ["10.1.1.0/24"] }), true, true],
  ["other sources are allowed", allowing({ sources: ["10.1.2.0/24"] }), true, false],
  ["its source is denied", denying({ sources: ["10.0.0.0/8"] }), true, false],
  ["other sources are denied", denying({ sources: ["10.1.1.2/32"] }), true, true],
  [
    "its source is allowed, its group is not",
    allowing({ groups: ["239.2.0.0/16"], sources: ["10.0.0.0/8"] }),
    false,
    false,
  ],
  ["a prefix of the other family is allowed", allowing({ groups: ["ff00::/8"] }), false, false],
];

for (const [what, filter, group, tree] of ROWS) {
  test(`§2.4 ${what}: the group is ${group ? "" : "not "}allowed, the tree is ${tree ? "" : "not "}allowed`, () => {
    assert.equal(allowsGroup(filter, GROUP), group);
    assert.equal(allowsTree(filter, SOURCE, GROUP), tree);
  });
}

test("§2.4: what is denied is not allowed, whatever the allow list says", () => {
  const { allow } = allowing({ groups: ["239.1.0.0/16"], sources: ["10.0.0.0/8"] });
  const { deny } = denying({ groups: ["239.1.1.0/24"], sources: ["10.1.1.1/32"] });
  const filter = { allow, deny };
  assert.equal(allowsGroup(filter, GROUP), false);
  assert.equal(allowsTree(filter, SOURCE, ip("239.1.2.1")), false);
  assert.equal(allowsTree(filter, ip("10.1.1.2"), ip("239.1.2.1")), true);
});

test("§2.4: groups may be allowed that were not only where lists were, and are others now", () => {
  const one = denying({ groups: ["239.1.0.0/16"] });
  const sameOfOtherSources = { ...one, deny: { ...one.deny, sources: [prefix("10.0.0.0/8")] } };
  const none = [ALL_TREES, allowing({ sources: ["10.0.0.0/8"] })];
  for (const before of none) assert.equal(mayAllowMoreGroups(before, one), false);
  assert.equal(mayAllowMoreGroups(one, denying({ groups: ["239.1.0.0/16"] })), false);
  assert.equal(mayAllowMoreGroups(one, sameOfOtherSources), false);
  assert.equal(mayAllowMoreGroups(one, ALL_TREES), true);
  assert.equal(mayAllowMoreGroups(one, allowing({ groups: ["239.1.0.0/16"] })), true);
});

const groups = fc.array(
  fc.constantFrom(...["239.1.1.0/31", "239.1.1.0/30", "239.1.1.3/32", "239.0.0.0/8"].map(prefix)),
  { maxLength: 2 },
);
const lists = fc.record({ groups, sources: fc.constant([]) });
const anyFilter: fc.Arbitrary<TreeFilter> = fc.record({ allow: lists, deny: lists });

test("§2.4: if no more may be allowed, none is", () => {
  fc.assert(
    fc.property(anyFilter, anyFilter, (before, next) => {
      if (mayAllowMoreGroups(before, next)) return;
      for (const group of ["239.1.1.0", "239.1.1.2", "239.1.1.3", "239.2.0.0", "225.0.0.1"].map(
        ip,
      )) {
        assert.ok(allowsGroup(before, group) || !allowsGroup(next, group));
      }
    }),
  );
});
