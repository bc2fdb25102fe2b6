// Configuration files as plain data: one laid over another, and single values set and taken away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { overlay, withValue } from "../../src/api/configuration-document.ts";

test("what is laid over goes before what is below, section by section", () => {
  const below = { hpim: { helloPeriod: 1 }, interfaces: { a: { igmp: true }, b: { hpim: true } } };
  const above = { hpim: { floodInitialData: false }, interfaces: { b: { hpim: false }, c: {} } };
  assert.deepEqual(overlay(below, above), {
    hpim: { helloPeriod: 1, floodInitialData: false },
    interfaces: { a: { igmp: true }, b: { hpim: false }, c: {} },
  });
  assert.deepEqual(overlay(below, {}), below);
});

test("a protocol that is switched on keeps its own settings; switched off, it has none", () => {
  const below = { a: { hpim: { helloPeriod: 1 } } };
  assert.deepEqual(overlay(below, { a: { hpim: true } }), below);
  assert.deepEqual(overlay(below, { a: { hpim: false } }), { a: { hpim: false } });
});

test("a value is set, and taken away with the sections that this leaves empty", () => {
  const path = ["interfaces", "a", "hpim"] as const;
  const set = withValue({ hpim: {} }, path, true);
  assert.deepEqual(set, { hpim: {}, interfaces: { a: { hpim: true } } });
  assert.deepEqual(withValue(set, path, undefined), { hpim: {} });
  const both = withValue(set, ["interfaces", "a", "igmp"], false);
  const one = { hpim: {}, interfaces: { a: { igmp: false } } };
  assert.deepEqual(withValue(both, path, undefined), one);
  assert.deepEqual(withValue({}, path, undefined), {});
});

for (const name of ["constructor", "__proto__", "toString"]) {
  test(`an interface may be called ${name}`, () => {
    const above = withValue({}, ["interfaces", name, "hpim"], true);
    const whole = overlay({ interfaces: {} }, above);
    assert.equal(JSON.stringify(whole), `{"interfaces":{"${name}":{"hpim":true}}}`);
    assert.deepEqual(withValue(whole, ["interfaces", name, "hpim"], undefined), {});
  });
}
