// Scenarios on the simulator.
import { Network } from "../../src/sim/network.ts";
import { type LoadedScenario, settingsOf } from "./files.ts";
import { Player, type PlayOptions, type Shown } from "./player.ts";
import type { ScenarioSettings } from "./scenario-network.ts";
import { openKeysOf } from "./settings.ts";
import { SimNetwork } from "./sim-network.ts";

/** What differs from what the scenario's head says. */
export interface SimulatorOptions {
  readonly network?: Network;
  readonly security?: ScenarioSettings["security"];
}

/** The network that a scenario begins in. */
export function networkOf({ topology, first }: LoadedScenario, seed: number = first.seed): Network {
  const network = new Network(topology, seed);
  for (const [link, latency] of first.latencies) network.link(link).latency = latency;
  return network;
}

/** A simulated network in which this scenario is played from its beginning. */
export function simulatedPlayer(
  scenario: LoadedScenario,
  { network = networkOf(scenario), security }: SimulatorOptions = {},
): Player {
  const settings = {
    ...settingsOf(scenario.first.settings),
    ...(security === undefined ? {} : { security }),
  };
  const simulated = new SimNetwork(network, settings);
  return new Player(simulated, scenario.topology, openKeysOf(settings));
}

/** Plays a scenario on the simulator, and before it those that it continues. */
export async function playOnSimulator(
  scenario: LoadedScenario,
  options: Pick<PlayOptions, "takes"> = {},
): Promise<Shown> {
  const player = simulatedPlayer(scenario);
  for (const { file, steps } of scenario.before) await player.play(steps, { file });
  return player.play(scenario.steps, { file: scenario.file, ...options });
}
