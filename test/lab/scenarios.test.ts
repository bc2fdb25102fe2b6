// Scenarios that the simulator runs, on the real kernel: real daemons, packets, captures and time.
import { test } from "node:test";
import { EVERYWHERE } from "../scenarios/everywhere.ts";
import { QUICK_IGMP } from "../scenarios/igmp.ts";
import { runOnKernel } from "../scenarios/lab-network.ts";
import { needsRoot } from "../support/namespace.ts";

/** The others are about timers alone, whose length is what takes time. */
const IGMP_ON_KERNEL = ["1", "5", "7", "8"];

const ON_KERNEL = [
  ...EVERYWHERE,
  ...QUICK_IGMP.filter(({ title }) =>
    IGMP_ON_KERNEL.some((number) => title.startsWith(`IGMP test ${number}: `)),
  ),
];

for (const scenario of ON_KERNEL) {
  test(`on the real kernel: ${scenario.title}`, needsRoot, (context) =>
    runOnKernel(context, scenario),
  );
}
