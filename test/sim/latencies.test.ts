// The scenarios whose end does not depend on who is heard first, with links that take their time.
import { test } from "node:test";
import { Random } from "../../src/base/random.ts";
import { millis } from "../../src/base/units.ts";
import type { Network } from "../../src/sim/network.ts";
import { HOLD_FORWARDING } from "../scenarios/hold-forwarding.ts";
import { INTEREST } from "../scenarios/interest.ts";
import { LOOP } from "../scenarios/loop.ts";
import { ORIGINATOR } from "../scenarios/originator.ts";
import { runOnSimulator, simulate } from "../scenarios/sim-network.ts";
import { SOURCE_LOOP } from "../scenarios/source-loop.ts";
import { TREE_FORMATION } from "../scenarios/tree-formation.ts";

const SEEDS = 3;
const LONGEST_LATENCY = 12;

function withRandomLatencies(network: Network, seed: number): Network {
  const random = new Random(seed);
  for (const name of network.topology.links.keys()) {
    network.link(name).latency = millis(1 + random.below(LONGEST_LATENCY));
  }
  return network;
}

for (const scenario of [
  ...HOLD_FORWARDING,
  ...ORIGINATOR,
  ...TREE_FORMATION,
  ...INTEREST,
  ...LOOP,
  ...SOURCE_LOOP,
]) {
  for (let seed = 1; seed <= SEEDS; seed++) {
    test(`${scenario.title}, links of random latency ${seed}`, () => {
      const network = withRandomLatencies(simulate(scenario.topology, seed), seed);
      return runOnSimulator(scenario, network);
    });
  }
}
