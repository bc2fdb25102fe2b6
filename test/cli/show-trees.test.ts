// Trees as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TreesAnswer } from "../../src/api/lists/trees.ts";
import { renderTrees } from "../../src/cli/show/trees.ts";
import { duration } from "../../src/cli/table.ts";

const RPC = { preference: 11, metric: 20 };
const ANSWER: TreesAnswer = {
  version: 1,
  trees: [
    {
      ...{ source: "10.1.1.100", group: "239.1.2.3", state: "ACTIVE" },
      ...{ reason: "10.2.2.1 offers 2/0, less than our 11/20", rpc: RPC, originator: false },
      ...{ root: "eth0", interested: true, sourceExpiresInSeconds: null },
      entry: { kind: "tree", incoming: "eth0", outgoing: ["eth1"] },
      interfaces: [
        {
          ...{ interface: "eth0", role: "root", advertised: null, nonRoot: null },
          bun: { neighbor: "10.2.2.1", rpc: { preference: 2, metric: 0 } },
          told: { neighbor: "10.2.2.1", interested: true },
        },
        {
          ...{ interface: "eth1", role: "non-root", bun: null, advertised: RPC, told: null },
          nonRoot: {
            assert: {
              winner: true,
              winnerAddress: "10.3.3.2",
              reason: "no neighbor offers the tree",
            },
            downstream: { interested: true, reason: "a listener wants the group" },
            forwarding: { state: "forwarding", reason: "a listener wants the group" },
          },
        },
      ],
    },
  ],
};

test("a tree shows its state and why, and so does each of its interfaces", () => {
  assert.deepEqual(
    [...renderTrees(ANSWER, { width: undefined, isNarrowed: false })],
    [
      "(10.1.1.100, 239.1.2.3)  ACTIVE: 10.2.2.1 offers 2/0, less than our 11/20",
      "  root eth0, cost 11/20, interested",
      "  Interface  Role      Assert       Interest  State       Why",
      "  eth0       root      -            -         -           upstream 10.2.2.1 offers 2/0, was told Interest",
      "  eth1       non-root  AW 10.3.3.2  DI        forwarding  a listener wants the group",
    ],
  );
});

test("on a terminal the reasons are broken into lines, below each other", () => {
  const why = "10.3.3.3 is interested; assert winner: no neighbor offers the tree";
  const answer = structuredClone(ANSWER);
  const [, below] = answer.trees[0]?.interfaces ?? [];
  if (below?.nonRoot) below.nonRoot.forwarding.reason = why;
  const lines = [...renderTrees(answer, { width: 90, isNarrowed: false })];
  assert.ok(lines.every((line) => line.length <= 90));
  assert.deepEqual(lines.slice(3), [
    "  eth0       root      -            -         -           upstream 10.2.2.1 offers 2/0,",
    `${" ".repeat(58)}was told Interest`,
    "  eth1       non-root  AW 10.3.3.2  DI        forwarding  10.3.3.3 is interested; assert",
    `${" ".repeat(58)}winner: no neighbor offers the`,
    `${" ".repeat(58)}tree`,
  ]);
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
