// What a chaos run draws: the same for the same seed, everything in time, and a scenario that can be read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random.ts";
import { parseCommand } from "../../src/scenario/commands.ts";
import { parseTranscript } from "../../src/scenario/transcript.ts";
import { GROUPS } from "../../tools/campaign/generate.ts";
import { quietScene, type Scene, sceneAfter } from "../../tools/campaign/scene.ts";
import { LONG, SHORT } from "../../tools/chaos/pace.ts";
import { type Due, shocksOf } from "../../tools/chaos/shock.ts";
import { scenarioOf } from "../../tools/chaos/story.ts";
import { DATA_TTL } from "../../tools/chaos/traffic.ts";
import { readTopology } from "../topology/files.ts";

const SEEDS = 100;
const SPARED = new Set(["R3", "R6"]);
const TEMPER = { ...SHORT.temper, spared: SPARED };

const SCENE = quietScene(readTopology("chaos"), DATA_TTL);

const drawn = (seed: number): readonly Due[] => shocksOf(new Random(seed), SCENE, TEMPER);

const all = Array.from({ length: SEEDS }, (_, seed) => drawn(seed));

test("a seed gives the same round each time, another seed another one", () => {
  assert.deepEqual(drawn(7), all[7]);
  assert.notDeepEqual(drawn(7), drawn(8));
});

test("every harm and every change comes, none to those that are spared from being killed", () => {
  const shocks = all.flat().map(({ shock }) => shock);
  const harms = shocks.flatMap((shock) => (shock.kind === "harm" ? [shock] : []));
  assert.deepEqual([...new Set(harms.map(({ harm }) => harm.kind))].sort(), [
    ...[
      "blackhole",
      "carrier",
      "delete",
      "down",
      "hang",
      "hpim",
      "igmp",
      "kill",
      "loss",
      "noAddress",
    ],
    ...["noRoute", "reload", "renumber", "routeBurst", "secondAddress", "stop", "worseRoute"],
  ]);
  const killed = harms
    .filter(({ harm }) => /kill|stop/.test(harm.kind))
    .map(({ router }) => router);
  assert.deepEqual([...new Set(killed)].sort(), ["R1", "R2", "R4", "R5", "R7"]);
  const changes = shocks.flatMap((shock) => (shock.kind === "change" ? [shock.what.kind] : []));
  assert.deepEqual([...new Set(changes)].sort(), ["flow", "interface", "member"]);
});

test("harms are shorter and longer than the hold time, and all begin before the round's end", () => {
  const { holdTime, longestHarm, span } = LONG.temper;
  const rounds = Array.from({ length: SEEDS }, (_, seed) =>
    shocksOf(new Random(seed), SCENE, { ...LONG.temper, spared: SPARED }),
  );
  const due = rounds.flat();
  const spans = due.flatMap(({ shock }) => (shock.kind === "harm" ? [shock.span] : []));
  assert.ok(spans.some((one) => one < holdTime / 4) && spans.some((one) => one > 4 * holdTime));
  assert.ok(spans.every((one) => one <= longestHarm + 20));
  assert.ok(due.every(({ at }) => at <= span));
});

test("in the end some listener wants what some source sends", () => {
  for (const due of all) {
    const end = due.reduce(
      (scene, { shock }) => (shock.kind === "change" ? sceneAfter(scene, shock.what) : scene),
      SCENE,
    );
    const heard = end.flows.filter(({ group }) => end.members.some((m) => m.group === group));
    assert.ok(heard.length > 0);
  }
});

test("a round is told as a scenario: what no command can say is a remark", () => {
  const [group] = GROUPS;
  assert.ok(group !== undefined);
  const scene: Scene = {
    ...SCENE,
    members: [{ host: "h1", group }],
    flows: [{ host: "s0", group }],
  };
  for (const [seed, due] of all.entries()) {
    const text = scenarioOf({
      ...{ title: `seed ${seed}`, scene, due, problems: ["R1: odd", "R2: even"] },
      ...{ settings: SHORT.settings, span: SHORT.temper.span },
    });
    const parsed = parseTranscript(text);
    assert.equal(parsed.kind, "transcript", text);
    if (parsed.kind !== "transcript") return;
    const { head, steps, below } = parsed.transcript;
    assert.match(head, /^title: seed \d+\ntopology:\n {2}name: chaos\n/);
    for (const { command } of steps) assert.equal(parseCommand(command).kind, "command", command);
    assert.deepEqual(below, ["# R1: odd", "# R2: even"]);
    const remarks = steps.flatMap(({ above }) => above);
    const ends = due.filter(({ shock }) => shock.kind === "harm").length;
    assert.equal(remarks.length, due.length + ends, text);
  }
});
