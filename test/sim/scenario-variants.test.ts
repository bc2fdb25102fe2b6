// The scenarios once more where their end is to be the same: on links that take their time, and on links that are signed.
import { Random } from "../../src/base/random.ts";
import { millis } from "../../src/base/units.ts";
import type { Network } from "../../src/sim/network.ts";
import { type LoadedScenario, loadScenario, scenarioNames } from "../scenarios/files.ts";
import { networkOf, simulatedPlayer } from "../scenarios/on-simulator.ts";
import { testScenarios } from "../scenarios/runs.ts";

const SEEDS = [1, 2, 3];
const LONGEST_LATENCY = 12;

/** Who is heard first decides nothing in these. */
const WHATEVER_THE_ORDER = /^(hpim-(0[4-9]|1[0-3]|1[6-8])|x08-winner-returns-(not-)?held$|x11)/;
const WITH_TREES = /^hpim-/;
const ALGORITHMS = ["md5", "sha1", "sha256"] as const;

const scenariosOf = (pattern: RegExp): readonly LoadedScenario[] =>
  scenarioNames.filter((name) => pattern.test(name)).map(loadScenario);

function withRandomLatencies(network: Network, seed: number): Network {
  const random = new Random(seed);
  for (const name of network.topology.links.keys()) {
    network.link(name).latency = millis(1 + random.below(LONGEST_LATENCY));
  }
  return network;
}

for (const seed of SEEDS) {
  testScenarios(scenariosOf(WHATEVER_THE_ORDER), {
    prefix: `links of random latency ${seed}: `,
    open: async (_, end) =>
      simulatedPlayer(end, { network: withRandomLatencies(networkOf(end, seed), seed) }),
  });
}

for (const algorithm of ALGORITHMS) {
  const security = { keys: [{ identifier: 1, algorithm, secret: "of all routers" }] };
  testScenarios(scenariosOf(WITH_TREES), {
    prefix: `X13: all links signed by ${algorithm}: `,
    open: async (_, end) => simulatedPlayer(end, { security }),
  });
}
