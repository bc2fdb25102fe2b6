// Configuration files as plain data: one laid over another, and single values set and taken away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { laidOver, withValue } from "../../src/api/configuration-document.ts";

test("what is laid over goes before what is below, section by section", () => {
  const below = { hpim: { helloPeriod: 1 }, interfaces: { a: { igmp: true }, b: { hpim: true } } };
  const above = { hpim: { floodInitialData: false }, interfaces: { b: { hpim: false }, c: {} } };
  assert.deepEqual(laidOver(below, above), {
    hpim: { helloPeriod: 1, floodInitialData: false },
    interfaces: { a: { igmp: true }, b: { hpim: false }, c: {} },
  });
  assert.deepEqual(laidOver(below, {}), below);
});

test("a protocol that is switched on keeps its own settings; switched off, it has none", () => {
  const below = { a: { hpim: { helloPeriod: 1 } } };
  assert.deepEqual(laidOver(below, { a: { hpim: true } }), below);
  assert.deepEqual(laidOver(below, { a: { hpim: false } }), { a: { hpim: false } });
});

test("an interface that a pattern speaks of gets a section of its own with all of that", () => {
  const below = {
    interfaces: { "e*": { hpim: { helloPeriod: 1 }, igmp: true }, e1: { igmp: true } },
  };
  const above = { interfaces: { e0: { igmp: false }, e1: { hpim: true }, f: { hpim: true } } };
  assert.deepEqual(laidOver(below, above), {
    interfaces: {
      "e*": { hpim: { helloPeriod: 1 }, igmp: true },
      e1: { igmp: true, hpim: true },
      e0: { hpim: { helloPeriod: 1 }, igmp: false },
      f: { hpim: true },
    },
  });
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
    const whole = laidOver({ interfaces: {} }, above);
    assert.equal(JSON.stringify(whole), `{"interfaces":{"${name}":{"hpim":true}}}`);
    assert.deepEqual(withValue(whole, ["interfaces", name, "hpim"], undefined), {});
  });
}
