// Scenarios that the simulator runs, on the real kernel: real daemons, packets, captures and time.
import { test } from "node:test";
import { known } from "../../src/base/invariant.ts";
import { QUICK_IGMP } from "../scenarios/igmp.ts";
import { INTEREST } from "../scenarios/interest.ts";
import { runOnKernel } from "../scenarios/lab-network.ts";
import { LOOP } from "../scenarios/loop.ts";
import type { Scenario } from "../scenarios/scenario-network.ts";
import { SYNC } from "../scenarios/sync.ts";
import { TREE_FORMATION } from "../scenarios/tree-formation.ts";
import { needsRoot } from "../support/namespace.ts";

const pick = (
  scenarios: readonly Scenario[],
  name: string,
  numbers: readonly number[],
): readonly Scenario[] =>
  numbers.map((number) => {
    const title = `${name} test ${number}: `;
    return known(
      scenarios.find((scenario) => scenario.title.startsWith(title)),
      `there is a scenario ${title}`,
    );
  });

const ON_KERNEL = [
  ...pick(
    [...SYNC, ...TREE_FORMATION, ...INTEREST, ...LOOP],
    "HPIM-DM",
    [1, 4, 5, 7, 8, 9, 11, 12, 13, 16],
  ),
  ...pick(QUICK_IGMP, "IGMP", [1, 5, 7, 8]),
];

for (const scenario of ON_KERNEL) {
  test(`on the real kernel: ${scenario.title}`, needsRoot, (context) =>
    runOnKernel(context, scenario),
  );
}
