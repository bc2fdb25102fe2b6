// All scenarios, on the simulator.
import { loadScenario, scenarioNames } from "../scenarios/files.ts";
import { simulatedPlayer } from "../scenarios/on-simulator.ts";
import { testScenarios } from "../scenarios/runs.ts";

testScenarios(scenarioNames.map(loadScenario), {
  open: async (_, end) => simulatedPlayer(end),
});
