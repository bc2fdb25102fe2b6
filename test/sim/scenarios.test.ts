// All scenarios, on the simulator.
import { test } from "node:test";
import { configurationOfSettings } from "../scenarios/settings.ts";
import { SEVEN_ROUTERS } from "../scenarios/seven-routers.ts";
import { SimNetwork, simulate } from "../scenarios/sim-network.ts";

for (const { title, topology, settings, run } of [...SEVEN_ROUTERS]) {
  test(title, () => run(new SimNetwork(simulate(topology), configurationOfSettings(settings))));
}
