// Metrics of the configuration that runs.
import type { RunningConfiguration } from "../running-configuration.ts";
import type { Families } from "./exposition.ts";
import { sample } from "./exposition.ts";

/** What of the configuration is told. */
export type ConfigurationFacts = Pick<RunningConfiguration, "isChanged" | "lastLoad">;

/** The last load of a configuration file, and whether commands have changed what it says. */
export function* configurationFamilies(running: ConfigurationFacts): Families {
  const { isTaken, takenAtSeconds } = running.lastLoad;
  yield {
    ...{ name: "hpim_configuration_last_load_successful", type: "gauge" },
    help: "1: the configuration file that was loaded last, at the start, by command or by SIGHUP, is in force; 0: it was refused.",
    samples: [sample({}, Number(isTaken))],
  };
  yield {
    ...{ name: "hpim_configuration_last_load_success_timestamp_seconds", type: "gauge" },
    help: "When a configuration file was last taken, in seconds of Unix time.",
    samples: [sample({}, takenAtSeconds)],
  };
  yield {
    ...{ name: "hpim_configuration_changed", type: "gauge" },
    help: "1: commands have changed what the configuration file says.",
    samples: [sample({}, Number(running.isChanged))],
  };
}
