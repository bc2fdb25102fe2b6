// The other scenarios of HPIM-DM, and those of IGMP, on the real kernel, as in scenarios.test.ts.
import { test } from "node:test";
import { EVERYWHERE, isNumbered } from "../scenarios/everywhere.ts";
import { QUICK_IGMP } from "../scenarios/igmp.ts";
import { runOnKernel } from "../scenarios/lab-network.ts";
import { needsRoot } from "../support/namespace.ts";

/** The others are about timers alone, whose length is what takes time. */
const IGMP_ON_KERNEL = ["1", "5", "7", "8"];

const ON_KERNEL = [
  ...EVERYWHERE.filter((scenario) => !isNumbered(scenario)),
  ...QUICK_IGMP.filter(({ title }) =>
    IGMP_ON_KERNEL.some((number) => title.startsWith(`IGMP test ${number}: `)),
  ),
];

for (const scenario of ON_KERNEL) {
  test(`on the real kernel: ${scenario.title}`, needsRoot, (context) =>
    runOnKernel(context, scenario),
  );
}
