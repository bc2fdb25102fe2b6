// The other scenarios of HPIM-DM, and those of IGMP, on the real kernel, as in scenarios.test.ts.
import { loadScenario, scenarioNames } from "../scenarios/files.ts";
import { isForKernel, kernelPlayer } from "../scenarios/on-kernel.ts";
import { testScenarios } from "../scenarios/runs.ts";
import { needsRoot } from "../support/namespace.ts";

const others = scenarioNames.filter((name) => !name.startsWith("hpim-")).map(loadScenario);

testScenarios(others.filter(isForKernel), {
  prefix: "on the real kernel: ",
  test: needsRoot,
  open: kernelPlayer,
});
