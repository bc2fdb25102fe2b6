// hpim-dm watch: rates between two readings, and their order.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MrouteAnswer } from "../../src/api/lists/mroute.ts";
import { flowsOf, readingOf } from "../../src/cli/watch/flows.ts";

type Entry = MrouteAnswer["entries"][number];

const entry = (n: number, packets: number): Entry => ({
  ...{ source: "10.1.1.100", group: `239.1.1.${n}`, inKernel: true },
  ...{ incoming: "eth0", outgoing: ["eth1"], packets, bytes: packets * 125, wrongInterface: 0 },
  ...{ unresolved: false, daemon: null, difference: null },
});

const reading = (at: number, ...entries: readonly Entry[]) =>
  readingOf({ version: 1, entries: [...entries] }, at);

test("rates are what counters have grown by, by the time between the readings", () => {
  const before = reading(10, entry(1, 1_000), entry(2, 500));
  const [busy, other, fresh] = flowsOf(
    reading(14, entry(1, 1_400), entry(2, 5_000), entry(3, 9)),
    before,
  );
  assert.deepEqual(
    [busy, other].map((flow) => [flow?.group, flow?.packetsPerSecond, flow?.bitsPerSecond]),
    [
      ["239.1.1.2", 1_125, 1_125_000],
      ["239.1.1.1", 100, 100_000],
    ],
  );
  assert.deepEqual([fresh?.packetsPerSecond, fresh?.bitsPerSecond], [null, null]);
});

test("a counter that began anew has what it counts since", () => {
  const [flow] = flowsOf(reading(12, entry(1, 20)), reading(10, entry(1, 1_000_000)));
  assert.equal(flow?.packetsPerSecond, 10);
});

test("one reading has no rates, and trees as busy as others keep their places", () => {
  const first = reading(0, entry(1, 0), entry(2, 0), entry(3, 0));
  assert.deepEqual(
    flowsOf(first, null).map(({ packetsPerSecond }) => packetsPerSecond),
    [null, null, null],
  );
  const later = flowsOf(reading(1, entry(1, 110), entry(2, 112), entry(3, 400)), first);
  assert.deepEqual(
    later.map(({ group }) => group),
    ["239.1.1.3", "239.1.1.1", "239.1.1.2"],
  );
});
