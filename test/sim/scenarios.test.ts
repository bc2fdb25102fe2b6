// All scenarios, on the simulator.
import { test } from "node:test";
import { IGMP } from "../scenarios/igmp.ts";
import { LOOP } from "../scenarios/loop.ts";
import { configurationOfSettings } from "../scenarios/settings.ts";
import { SEVEN_ROUTERS } from "../scenarios/seven-routers.ts";
import { SimNetwork, simulate } from "../scenarios/sim-network.ts";
import { SOURCE_LOOP } from "../scenarios/source-loop.ts";
import { SYNC } from "../scenarios/sync.ts";

for (const { title, topology, settings, run } of [
  ...SYNC,
  ...SEVEN_ROUTERS,
  ...LOOP,
  ...SOURCE_LOOP,
  ...IGMP,
]) {
  test(title, () => run(new SimNetwork(simulate(topology), configurationOfSettings(settings))));
}
