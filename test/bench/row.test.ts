// Suites of rows: what they share, and what becomes of the others when one does not come to its end.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lab } from "../../src/lab/lab.ts";
import type { Network, Row, Site } from "../../tools/bench/row.ts";
import { oncePer, suite } from "../../tools/bench/row.ts";
import { NEVER } from "../../tools/bench/statistics.ts";
import { NotHeld } from "../../tools/lab-watch.ts";

const LAB: Lab = { name: "none", directory: "/nowhere", topology: {} as Lab["topology"] };
const FIGURE = { about: "", unit: "s", atLeast: 1, aim: 1, python: "" } as const;

function siteOf(interrupted: Promise<never> = new Promise(() => undefined)) {
  const said: string[] = [];
  const site: Site = {
    ...{ directory: "/nowhere", prefix: "none", isSmoke: true, program: [], interrupted },
    say: (line) => void said.push(line),
  };
  return { site, said };
}

function suiteOf(...rows: readonly Row<Network>[]) {
  const steps: string[] = [];
  const made = suite<Network>({
    ...{ name: "some", rows, runs: () => 1 },
    up: async (_, names) => {
      steps.push(`up for ${[...names].join(" ")}`);
      return { lab: LAB };
    },
    down: async () => void steps.push("down"),
  });
  return { made, steps };
}

test("rows that are asked for are measured in one network, first runs before later ones", async () => {
  const acts: string[] = [];
  const row = (name: string): Row<Network> => ({
    ...{ name, ...FIGURE },
    first: async () => [acts.push(`${name} first`)],
    measure: async () => [acts.push(name)],
  });
  const { made, steps } = suiteOf(row("a"), row("b"), row("c"));
  const values = await made.run(siteOf().site, new Set(["a", "c"]));
  assert.deepEqual(acts, ["a first", "a", "c first", "c"]);
  assert.deepEqual(steps, ["up for a c", "down"]);
  assert.deepEqual(
    [...values],
    [
      ["a", { first: [1], later: [2] }],
      ["c", { first: [3], later: [4] }],
    ],
  );
});

test("a row that does not come to its end never does, and those after it are left to other runs", async () => {
  const fails: Row<Network> = {
    ...{ name: "fails", ...FIGURE },
    measure: () => Promise.reject(new NotHeld("nothing came")),
  };
  const after: Row<Network> = { ...{ name: "after", ...FIGURE }, measure: async () => [1] };
  const { made, steps } = suiteOf(fails, after);
  const { site, said } = siteOf();
  const values = await made.run(site, new Set(["fails", "after"]));
  assert.deepEqual([...values], [["fails", { first: [], later: [NEVER] }]]);
  assert.deepEqual(said, ["some: fails: it did not come to be: nothing came"]);
  assert.equal(steps.at(-1), "down");
});

test("a run that is interrupted, or meets a bug, takes its network down", async () => {
  const waits: Row<Network> = {
    ...{ name: "waits", ...FIGURE },
    measure: () => new Promise(() => undefined),
  };
  const { made, steps } = suiteOf(waits);
  const interrupted = Promise.reject(new Error("interrupted"));
  await assert.rejects(made.run(siteOf(interrupted).site, new Set(["waits"])), /interrupted/);
  assert.deepEqual(steps, ["up for waits", "down"]);
});

test("what several rows ask for is done once for each network", async () => {
  let done = 0;
  const act = oncePer(async (_: Network) => ++done);
  const [one, two] = [{ lab: LAB }, { lab: LAB }];
  assert.deepEqual([await act(one), await act(one), await act(two)], [1, 1, 2]);
});
