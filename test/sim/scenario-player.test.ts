// How scenarios are played: what is wrong fails with the difference, what is right is not rewritten, what grows is seen.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadScenario, loadText, scenarioNames } from "../scenarios/files.ts";
import { kernelPlayer, onSimulatorOnly } from "../scenarios/on-kernel.ts";
import { playOnSimulator } from "../scenarios/on-simulator.ts";
import { rewritten } from "../scenarios/rewrite.ts";
import { runsOf } from "../scenarios/runs.ts";
import { fromRoot } from "../support/root.ts";

const ABOUT = { name: "example", file: "example.scenario" };

const played = async (text: string): Promise<string> => {
  try {
    await playOnSimulator(loadText(text, ABOUT));
    return "as expected";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const textOf = (name: string): string =>
  readFileSync(fromRoot(`test/scenarios/${name}.scenario`), "utf8");

const TREE_FORMS = textOf("hpim-04-tree-forms");

test("a line that is wrong fails with the place and the difference", async () => {
  const wrong = TREE_FORMS.replace("E  R6 Interest to R4", "E  R6 Interest to R3");
  const line = wrong.split("\n").indexOf("> show said") + 1;
  const [place, ...difference] = (await played(wrong)).split("\n");
  assert.equal(place, `example.scenario:${line}: > show said`);
  assert.deepEqual(
    difference.slice(10, 14),
    [
      "  E  R5 NoInterest to R4",
      "- E  R6 Interest to R3",
      "+ E  R6 Interest to R4",
      "  F  R5 IamUpstream 11/30",
    ].toSpliced(0, 0),
  );
});

test("what was shown and then grows fails when it is looked at again", async () => {
  const text = `---
title: nothing is over yet
topology: sync
---
> start R1 R2
> show exchange L
  L  nothing
`;
  const [place, ...difference] = (await played(text)).split("\n");
  assert.match(
    place ?? "",
    /^example.scenario:6: > show exchange L, which was so, when all was quiet again$/,
  );
  assert.equal(difference[0], "- L  nothing");
  assert.match(difference[1] ?? "", /^\+ L {2}R[12] Sync 0 M-/);
});

test("what is right is not rewritten, and what is wrong or missing is, with the comments as they were", async () => {
  assert.equal(await rewritten(TREE_FORMS, ABOUT), TREE_FORMS);
  const text = textOf("hpim-01-new-neighbors");
  const bare = text.split("\n").filter((line) => !line.startsWith("  "));
  assert.equal(await rewritten(bare.join("\n"), ABOUT), text);
  assert.equal(await rewritten(text.replace("1/0", "9/0"), ABOUT), text);
  const timed = textOf("hpim-03-neighbor-dies");
  assert.equal(await rewritten(timed.replace("after 4 x", "after 3 x"), ABOUT), timed);
});

test("a command that fails is told with its place", async () => {
  const text = "---\ntitle: silence\ntopology: sync\n---\n> until R1 says Hello on L\n";
  assert.equal(
    await played(text),
    "example.scenario:5: > until R1 says Hello on L\nsaid 0 times, not 1",
  );
});

test("a name that is not in the network is told before anything starts", async () => {
  const text = "---\ntitle: a\ntopology: sync\n---\n> start R1 R9\n";
  assert.match(await played(text), /^example.scenario:5: the network has no router R9/);
});

for (const [what, settings, problem] of [
  ["a setting", "hpim: { helloPerod: 1 }", /hpim.helloPerod: .*helloPeriod/],
  [
    "a setting of a single interface",
    "interfaces: { R1: { eth0: { hpim: { helloPerod: 1 } } } }",
    /interfaces.eth0.hpim.helloPerod: .*helloPeriod/,
  ],
  [
    "an interface with settings",
    "interfaces: { R1: { eth7: { hpim: { helloPeriod: 1 } } } }",
    /the network has no interface R1.eth7$/,
  ],
] as const) {
  test(`${what} that does not exist is told before anything starts`, async () => {
    const text = `---\ntitle: a\ntopology: sync\nsettings: { ${settings} }\n---\n> start\n`;
    const told = await played(text);
    assert.match(told, /^example.scenario: settings: /);
    assert.match(told, problem);
  });
}

test("the kernel refuses by name what only the simulator can do, before anything starts", async (context) => {
  const faults = loadScenario("p8-faults-leave-nothing");
  const refused = onSimulatorOnly(faults);
  assert.equal(refused.length, 14);
  assert.match(
    refused[0] ?? "",
    /scenario:\d+: "weather lost 200 .*" can only be done on the simulator$/,
  );
  await assert.rejects(() => kernelPlayer(context, faults), /"lag 500ms" can only be done/);
});

test("every scenario is played once, after those that it continues", () => {
  const all = scenarioNames.map(loadScenario);
  const runs = runsOf(all);
  const names = runs.flatMap(({ played: some }) => some.map(({ name }) => name));
  assert.deepEqual(names.toSorted(), scenarioNames);
  for (const { before, played: some } of runs) {
    const path = [...before, ...some];
    for (const [i, scenario] of path.entries()) assert.deepEqual(scenario.before, path.slice(0, i));
  }
});
