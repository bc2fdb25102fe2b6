// Trees as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { renderTrees } from "../../src/cli/show-trees.ts";
import { duration } from "../../src/cli/table.ts";

test("a tree shows its state and why, and so does each of its interfaces", () => {
  const rpc = { preference: 11, metric: 20 };
  const shown = renderTrees({
    version: 1,
    trees: [
      {
        ...{ source: "10.1.1.100", group: "239.1.2.3", state: "ACTIVE" },
        ...{ reason: "10.2.2.1 offers 2/0, less than our 11/20", rpc, originator: false },
        ...{ root: "eth0", interested: true, sourceExpiresInSeconds: null },
        entry: { kind: "tree", incoming: "eth0", outgoing: ["eth1"] },
        interfaces: [
          {
            ...{ interface: "eth0", role: "root", advertised: null, nonRoot: null },
            bun: { neighbor: "10.2.2.1", rpc: { preference: 2, metric: 0 } },
            told: { neighbor: "10.2.2.1", interested: true },
          },
          {
            ...{ interface: "eth1", role: "non-root", bun: null, advertised: rpc, told: null },
            nonRoot: {
              assert: { winner: true, reason: "no neighbor offers the tree" },
              downstream: { interested: true, reason: "a listener wants the group" },
              forwarding: { state: "forwarding", reason: "a listener wants the group" },
            },
          },
        ],
      },
    ],
  });
  assert.equal(
    shown,
    [
      "(10.1.1.100, 239.1.2.3)  ACTIVE: 10.2.2.1 offers 2/0, less than our 11/20",
      "  root eth0, cost 11/20, interested",
      "  Interface  Role      Best upstream  Assert  Interest  State       Why",
      "  eth0       root      10.2.2.1 2/0   -       -         -           told Interest",
      "  eth1       non-root  -              AW      DI        forwarding  a listener wants the group",
    ].join("\n"),
  );
});

for (const [seconds, text] of [
  [0.4, "0s"],
  [59.9, "59s"],
  [125, "2m05s"],
  [3 * 3600 + 20 * 60, "3h20m"],
  [4 * 86_400 + 3 * 3600, "4d03h"],
] as const) {
  test(`${seconds} seconds are read as ${text}`, () => assert.equal(duration(seconds), text));
}
