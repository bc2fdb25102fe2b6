// The numbered scenarios of HPIM-DM, which the simulator runs, on the real kernel: real daemons, packets, captures and time.
import { test } from "node:test";
import { EVERYWHERE, isNumbered } from "../scenarios/everywhere.ts";
import { runOnKernel } from "../scenarios/lab-network.ts";
import { needsRoot } from "../support/namespace.ts";

for (const scenario of EVERYWHERE.filter(isNumbered)) {
  test(`on the real kernel: ${scenario.title}`, needsRoot, (context) =>
    runOnKernel(context, scenario),
  );
}
