// Timers of the core: what is another timer has another key.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex, millis } from "../../src/base/units.ts";
import type { TreeId } from "../../src/core/messages.ts";
import { type TimerEvent, timerKey } from "../../src/core/timers.ts";
import { treeKey } from "../../src/core/tree-id.ts";
import { originator, otherTree, TREE } from "../support/bench.ts";

/** Another group of the same source, of many. */
const manyTree = (n: number): TreeId => ({
  ...TREE,
  group: ip(`239.3.${Math.floor(n / 256)}.${n % 256}`),
});

test("timers have different keys unless they are the same timer", () => {
  const timers = (): readonly TimerEvent[] => {
    const places = [1, 12].map(interfaceIndex);
    const trees = [treeKey(TREE), treeKey(otherTree(1))];
    const neighbors = [ip("10.0.0.1"), ip("10.0.0.2")];
    return [
      { kind: "readSources" },
      { kind: "readStandIns" },
      { kind: "limits" },
      ...trees.flatMap((tree) =>
        (["wake", "sourceActive", "watch"] as const).map((kind) => ({ kind, tree })),
      ),
      { kind: "firstHello", interface: interfaceIndex(2), drawn: 0.5 },
      ...places.flatMap((at): readonly TimerEvent[] => [
        { kind: "hello", interface: at },
        ...neighbors.flatMap((neighbor) =>
          (["liveness", "syncRetransmission"] as const).map((kind) => ({
            kind,
            interface: at,
            neighbor,
          })),
        ),
        ...[null, ...neighbors].flatMap((destination) =>
          trees.map((tree) => ({
            kind: "retransmission" as const,
            interface: at,
            tree,
            destination,
          })),
        ),
      ]),
    ];
  };
  const keys = timers().map(timerKey);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.every((key) => typeof key === "string"));
  assert.deepEqual(timers().map(timerKey), keys);
});

test("of many timers that are due some are handled at a time, and all in the end", () => {
  const bench = originator();
  const trees = Array.from({ length: 1_000 }, (_, n) => manyTree(n));
  bench.run(5_000);
  for (const tree of trees) bench.data(1, tree);
  bench.now = millis(bench.now + 215_000);
  bench.actions.length = 0;
  bench.handle({ kind: "time" });
  const due = bench.router.nextDeadline();
  assert.ok(due !== undefined && due <= bench.now, "some are left");
  bench.run(0);
  const next = bench.router.nextDeadline();
  assert.ok(next !== undefined && next > bench.now, "none is left");
  // All that send are asked for once; of those that end the first ones in the same reading, the others some at a time.
  const asked = bench.actions.flatMap((action) =>
    action.kind === "readCounters" ? [action.trees.length] : [],
  );
  assert.ok(asked.length > 2 && asked[0] === trees.length, `${asked}`);
  assert.ok(Math.max(...asked.slice(1)) < trees.length / 2);
});
