// All scenarios, on the simulator. Every daemon is recorded: what it does follows from that alone.
import { test } from "node:test";
import { EVERYWHERE } from "../scenarios/everywhere.ts";
import { FLOODING } from "../scenarios/flooding.ts";
import { IGMP } from "../scenarios/igmp.ts";
import { runOnSimulator, simulate } from "../scenarios/sim-network.ts";
import { expectSame, recordAll } from "./replay-rig.ts";

for (const scenario of [...EVERYWHERE, ...FLOODING, ...IGMP]) {
  test(scenario.title, async () => {
    const network = simulate(scenario.topology);
    const recordings = recordAll(network);
    await runOnSimulator(scenario, network);
    expectSame(recordings);
  });
}
