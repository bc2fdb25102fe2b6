// Trees and their costs as people write them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { formatRpc, formatTree } from "../../src/base/tree-text.ts";

test("a tree is its source and its group, of either family", () => {
  const tree = { source: ip("10.1.1.100"), group: ip("224.12.12.12") };
  assert.equal(formatTree(tree), "(10.1.1.100, 224.12.12.12)");
  const tree6 = { source: ip("2001:db8::64"), group: ip("ff1e::1") };
  assert.equal(formatTree(tree6), "(2001:db8::64, ff1e::1)");
});

test("an RPC is its preference and its metric", () => {
  assert.equal(formatRpc({ preference: 11, metric: 20 }), "11/20");
});
