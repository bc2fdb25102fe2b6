// The numbered scenarios of HPIM-DM, which the simulator runs, on the real kernel: real daemons, packets, captures and time.
import { loadScenario, scenarioNames } from "../scenarios/files.ts";
import { isForKernel, kernelPlayer } from "../scenarios/on-kernel.ts";
import { testScenarios } from "../scenarios/runs.ts";
import { needsRoot } from "../support/namespace.ts";

const numbered = scenarioNames.filter((name) => name.startsWith("hpim-")).map(loadScenario);

testScenarios(numbered.filter(isForKernel), {
  prefix: "on the real kernel: ",
  test: needsRoot,
  open: kernelPlayer,
});
