// Timers of the core: what is another timer has another key.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import { type TimerEvent, timerKey } from "../../src/core/timers.ts";
import { treeKey } from "../../src/core/tree-id.ts";
import { otherTree, TREE } from "../support/bench.ts";

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
