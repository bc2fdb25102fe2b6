// All scenarios, on the simulator.
import { test } from "node:test";
import { EVERYWHERE } from "../scenarios/everywhere.ts";
import { FLOODING } from "../scenarios/flooding.ts";
import { IGMP } from "../scenarios/igmp.ts";
import { runOnSimulator } from "../scenarios/sim-network.ts";

for (const scenario of [...EVERYWHERE, ...FLOODING, ...IGMP]) {
  test(scenario.title, () => runOnSimulator(scenario));
}
