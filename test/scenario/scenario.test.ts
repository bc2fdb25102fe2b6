// Scenario files as values and back, and what people are told of those that are none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../../src/base/invariant.ts";
import { nameProblem } from "../../src/scenario/check-names.ts";
import type { Command } from "../../src/scenario/command.ts";
import { parseCommand } from "../../src/scenario/commands.ts";
import { formatHead } from "../../src/scenario/head.ts";
import { parseScenario, withExpected } from "../../src/scenario/scenario.ts";
import { readTopology } from "../topology/files.ts";

const WHOLE = `---
title: two routers
topology:
  name: two
  igmpVersion: 2
  links:
    L:
      subnet: 10.0.0.0/24
      snooping: false
  routers:
    R1:
      interfaces:
        eth0:
          link: L
          cost: 10
          up: true
          hpim: true
          igmp: true
          address: 10.0.0.1
      routes: []
  hosts: {}
  flows: []
settings:
  hpim:
    helloPeriod: 60
quickSettings:
  hpim:
    helloPeriod: 1
seed: 7
latencies:
  L: 20ms
simulatorOnly: it is slow
---
# For people.
> start R1

> show neighbors
  R1  no neighbors
`;

const problemsOf = (text: string): readonly string[] => {
  const parsed = parseScenario(text);
  assert.ok(parsed.kind === "problems");
  return parsed.problems.map(({ line, message }) => `${line}: ${message}`);
};

const commandOf = (line: string): Command => {
  const parsed = parseCommand(line);
  assert.ok(parsed.kind === "command", line);
  return parsed.command;
};

test("a scenario with a network of its own is read and written", () => {
  const parsed = parseScenario(WHOLE);
  assert.ok(parsed.kind === "scenario", JSON.stringify(parsed));
  const { head, steps } = parsed.scenario;
  assert.equal(formatHead(head), WHOLE.slice("---\n".length, WHOLE.lastIndexOf("\n---\n")));
  assert.equal(head.latencies.get("L"), 20);
  assert.deepEqual(
    steps.map(({ above, line, expected }) => [above, line, expected]),
    [
      [["# For people."], 35, []],
      [[""], 37, ["R1  no neighbors"]],
    ],
  );
});

test("all that is wrong with a scenario is told, with its line", () => {
  const text = `---
title: 3
topolgy: pair
latencies: { L: soon }
---
> stat R1
> mark
  nothing
`;
  assert.deepEqual(
    problemsOf(text).map((problem) => problem.slice(0, 40)),
    [
      "2: title: Invalid input: expected string",
      "4: latencies.L: expected a time such as ",
      '2: Unrecognized key: "topolgy"',
      '6: "stat" is unknown here (did you mean ',
      "8: lines follow only from what begins wi",
    ],
  );
});

test("a head begins somewhere, and only there says how", () => {
  const head = (yaml: string): string => `---\ntitle: a\n${yaml}\n---\n`;
  assert.deepEqual(problemsOf(head("seed: 2")), ["2: expected either topology or continues"]);
  assert.deepEqual(problemsOf(head("continues: b\nseed: 2")), [
    "2: a scenario that continues another one has the head of that one",
  ]);
  assert.deepEqual(problemsOf(head("topology: { name: two }")), [
    "3: topology: links: expected a map of links by name",
  ]);
  assert.deepEqual(problemsOf(head("topology: [")).length, 1);
});

test("other lines take the place of those below a command, and all else stays", () => {
  const lines = new Map([
    [known(WHOLE.split("\n").indexOf("> show neighbors"), "line") + 1, ["a", "b"]],
  ]);
  assert.equal(withExpected(WHOLE, lines), WHOLE.replace("  R1  no neighbors\n", "  a\n  b\n"));
});

for (const [line, problem] of [
  ["start R11", "the network has no router R11 (did you mean R1?)"],
  ["interface R1.eth9 up", "the network has no interface R1.eth9 (did you mean R1.eth0?)"],
  ["join Clent 224.12.12.12", "the network has no host Clent (did you mean Client?)"],
  ["show said Q", "the network has no link Q (did you mean A?)"],
  ["until Client says Report on B", "Client is not on link B"],
  [
    "show groups since Report of R9 on B",
    "the network has no router or host R9 (did you mean R1?)",
  ],
  ["deaf R1.eth1 to R2.eth0", undefined],
  ["lose 1 Sync of R2 on B", undefined],
  ["show lost Client", undefined],
] as const) {
  test(`of the names in "${line}" it is told: ${problem}`, () => {
    assert.equal(nameProblem(readTopology("pair"), commandOf(line)), problem);
  });
}
