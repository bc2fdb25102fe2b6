// §1: which routes count, and what is told when they change.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Address, formatPrefix, ip } from "../../src/base/address.ts";
import { type InterfaceIndex, interfaceIndex } from "../../src/base/units.ts";
import type { RouteChange } from "../../src/core/events.ts";
import type { HopRecord, RouteRecord } from "../../src/linux/netlink-codec.ts";
import { diffRibs, type Rib, RibBuilder } from "../../src/linux/routes.ts";

const hop = (index: number, changes: Partial<HopRecord> = {}): HopRecord => ({
  interface: interfaceIndex(index),
  gateway: ip("10.1.0.2"),
  via: false,
  flags: 0,
  ...changes,
});

const record = (changes: Partial<RouteRecord> = {}): RouteRecord => ({
  prefixLength: 16,
  tos: 0,
  table: 254,
  protocol: 4,
  type: 1,
  flags: 0,
  destination: ip("10.9.0.0"),
  source: null,
  incoming: null,
  metric: 0,
  hops: [hop(1)],
  counters: { packets: 0, bytes: 0, wrongInterface: 0 },
  ...changes,
});

const DOWN = interfaceIndex(9);
const isUp = (index: InterfaceIndex): boolean => index !== DOWN;

function rib(...records: readonly RouteRecord[]): Rib {
  const builder = new RibBuilder(isUp);
  for (const taken of records) builder.add(taken);
  return builder.rib;
}

const nth = (i: number): Address => ip(`10.${i >> 8}.${i & 255}.0`);

function diff(before: Rib, after: Rib): readonly RouteChange[] {
  const steps = diffRibs(before, after);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const left: readonly (readonly [string, Partial<RouteRecord>])[] = [
  ["a blackhole", { type: 6 }],
  ["local", { type: 2 }],
  ["for one TOS", { tos: 0x10 }],
  ["cloned", { flags: 0x200 }],
  ["without a next hop", { hops: [] }],
  ["whose next hop is dead", { hops: [hop(1, { flags: 0x1 })] }],
  ["whose next hop has no carrier", { hops: [hop(1, { flags: 0x10 })] }],
  ["whose interface is down", { hops: [hop(9)] }],
  ["whose gateway is of the other family", { hops: [hop(1, { via: true, gateway: null })] }],
];
for (const [what, changes] of left) {
  test(`§1 a route ${what} does not count`, () => assert.equal(rib(record(changes)).size, 0));
}

test("§1 live next hops stay when others go, in their order", () => {
  const hops = [hop(3), hop(9), hop(2), hop(1, { flags: 1 })];
  const [entry] = rib(record({ hops })).values();
  const interfaces = entry?.routes[0]?.nextHops.map((next) => next.interface);
  assert.deepEqual(interfaces, [3, 2]);
});

test("diff: prefixes new, changed and gone, in ascending order; an equal table is no change", () => {
  const before = rib(
    record({ destination: ip("10.1.0.0") }),
    record({ destination: ip("10.2.0.0") }),
    record({ destination: ip("10.3.0.0") }),
  );
  const after = rib(
    record({ destination: ip("10.3.0.0"), metric: 5 }),
    record({ destination: null, prefixLength: 0 }),
    record({ destination: ip("10.2.0.0") }),
    record({ destination: ip("10.3.0.0"), prefixLength: 24 }),
  );
  const told = diff(before, after).map(({ prefix, routes }) => [
    formatPrefix(prefix),
    routes.length,
  ]);
  assert.deepEqual(told, [
    ["0.0.0.0/0", 1],
    ["10.1.0.0/16", 0],
    ["10.3.0.0/16", 1],
    ["10.3.0.0/24", 1],
  ]);
  assert.deepEqual(
    diff(
      after,
      rib(
        ...[
          record({ destination: null, prefixLength: 0 }),
          record({ destination: ip("10.2.0.0") }),
          record({ destination: ip("10.3.0.0"), metric: 5 }),
          record({ destination: ip("10.3.0.0"), prefixLength: 24 }),
        ],
      ),
    ),
    [],
  );
});

const differences: readonly (readonly [string, Partial<RouteRecord>])[] = [
  ["protocol", { protocol: 11 }],
  ["metric", { metric: 1 }],
  ["interface", { hops: [hop(2)] }],
  ["gateway", { hops: [hop(1, { gateway: null })] }],
  ["number of next hops", { hops: [hop(1), hop(1)] }],
];
for (const [what, changes] of differences) {
  test(`diff: another ${what} is a change`, () =>
    assert.equal(diff(rib(record()), rib(record(changes))).length, 1));
}

test("diff: another order of equal routes is a change", () => {
  const [a, b] = [record({ protocol: 11 }), record({ protocol: 12 })];
  assert.equal(diff(rib(a, b), rib(b, a)).length, 1);
});

test("diff: a large table is compared in parts", () => {
  const large = rib(...Array.from({ length: 10_000 }, (_, i) => record({ destination: nth(i) })));
  assert.equal([...diffRibs(large, large)].length, 10);
});
