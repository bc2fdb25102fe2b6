// Tests of scenarios: those that continue each other are played in one network, one after the other.
import { type TestContext, type TestOptions, test } from "node:test";
import { known } from "../../src/base/invariant.ts";
import type { LoadedScenario } from "./files.ts";
import type { Player } from "./player.ts";

/** Scenarios of which each continues the one before. */
export interface Run {
  /** Played in another run, or not asked for: they only lead to the others. */
  readonly before: readonly LoadedScenario[];
  readonly played: readonly LoadedScenario[];
}

/** The fewest runs that play all of these scenarios. */
export function runsOf(scenarios: readonly LoadedScenario[]): readonly Run[] {
  const continued = new Set(scenarios.flatMap(({ before }) => before.map(({ name }) => name)));
  const ends = scenarios.filter(({ name }) => !continued.has(name));
  const asked = new Set(scenarios.map(({ name }) => name));
  const played = new Set<string>();
  return ends.map((end) => {
    const path = [...end.before, end];
    const run = {
      before: path.filter(({ name }) => played.has(name) || !asked.has(name)),
      played: path.filter(({ name }) => asked.has(name) && !played.has(name)),
    };
    for (const { name } of path) played.add(name);
    return run;
  });
}

/** Where and how scenarios are played. */
export interface RunOptions {
  /** Before the titles of the tests. */
  readonly prefix?: string;
  readonly test?: TestOptions;
  /** A network in which the scenario, which ends a run, is played from its beginning. */
  readonly open: (context: TestContext, end: LoadedScenario) => Promise<Player>;
}

/** Tests these scenarios: one test for each run, and one in it for each scenario. */
export function testScenarios(
  scenarios: readonly LoadedScenario[],
  { prefix = "", test: options = {}, open }: RunOptions,
): void {
  for (const { before, played } of runsOf(scenarios)) {
    const last = known(played.at(-1), "a run has an end");
    const title = prefix + played.map(({ head }) => head.title).join("; then ");
    test(title, options, async (context) => {
      const player = await open(context, last);
      for (const { file, steps } of before) await player.play(steps, { file });
      for (const { file, steps, head } of played) {
        if (played.length === 1) await player.play(steps, { file });
        else await context.test(head.title, async () => void (await player.play(steps, { file })));
      }
    });
  }
}
