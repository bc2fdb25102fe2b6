// All scenarios, on the simulator. Every daemon is recorded: what it does follows from that alone.
import { loadScenario, scenarioNames } from "../scenarios/files.ts";
import { networkOf, simulatedPlayer } from "../scenarios/on-simulator.ts";
import { testScenarios } from "../scenarios/runs.ts";
import { expectSame, recordAll } from "./replay-rig.ts";

testScenarios(scenarioNames.map(loadScenario), {
  open: async (context, end) => {
    const network = networkOf(end);
    const recordings = recordAll(network);
    context.after(() => expectSame(recordings));
    return simulatedPlayer(end, { network });
  },
});
