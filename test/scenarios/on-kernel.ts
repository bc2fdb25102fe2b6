// Scenarios on the real kernel.
import type { TestContext } from "node:test";
import { formatCommand } from "../../src/scenario/commands.ts";
import { type LoadedScenario, settingsOf } from "./files.ts";
import { LabNetwork } from "./lab-network.ts";
import { Player } from "./player.ts";
import { openKeysOf } from "./settings.ts";
import { isSimulated } from "./stage.ts";

/** Commands of a scenario, and of those that it continues, that only the simulator can do: "line 3: weather good". */
export const onSimulatorOnly = (scenario: LoadedScenario): readonly string[] =>
  [...scenario.before, scenario].flatMap(({ file, steps }) =>
    steps.flatMap(({ line, command }) =>
      isSimulated(command)
        ? [`${file}:${line}: "${formatCommand(command)}" can only be done on the simulator`]
        : [],
    ),
  );

/** Whether the scenario is meant for the real kernel too. */
export const isForKernel = ({ first, head }: LoadedScenario): boolean =>
  first.simulatorOnly === null && head.simulatorOnly === null;

/** A network of namespaces in which these scenarios are played. Throws before anything starts if one cannot be. */
export async function kernelPlayer(
  context: TestContext,
  scenario: LoadedScenario,
): Promise<Player> {
  const problems = onSimulatorOnly(scenario);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const { settings, quickSettings } = scenario.first;
  const own = settingsOf(quickSettings ?? settings);
  const network = await LabNetwork.up(context, scenario.topology, own);
  return new Player(network, scenario.topology, openKeysOf(own));
}
