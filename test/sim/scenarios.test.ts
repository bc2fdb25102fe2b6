// All scenarios, on the simulator.
import { test } from "node:test";
import { IGMP } from "../scenarios/igmp.ts";
import { INTEREST } from "../scenarios/interest.ts";
import { LOOP } from "../scenarios/loop.ts";
import { configurationOfSettings } from "../scenarios/settings.ts";
import { SimNetwork, simulate } from "../scenarios/sim-network.ts";
import { SOURCE_LOOP } from "../scenarios/source-loop.ts";
import { SYNC } from "../scenarios/sync.ts";
import { SYNCHRONISE_AGAIN } from "../scenarios/synchronise-again.ts";
import { TREE_FORMATION } from "../scenarios/tree-formation.ts";

for (const { title, topology, settings, run } of [
  ...SYNC,
  ...TREE_FORMATION,
  ...INTEREST,
  ...SYNCHRONISE_AGAIN,
  ...LOOP,
  ...SOURCE_LOOP,
  ...IGMP,
]) {
  test(title, () => run(new SimNetwork(simulate(topology), configurationOfSettings(settings))));
}
