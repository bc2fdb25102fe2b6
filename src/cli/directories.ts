// Where a command finds the daemon, and where a daemon keeps its files: options that commands share.
import { Option } from "commander";

/** Environment variables that stand for the options, as `lab exec` sets them. */
export const RUNTIME_DIR_VARIABLE = "HPIM_DM_RUNTIME_DIR";
export const STATE_DIR_VARIABLE = "HPIM_DM_STATE_DIR";

/** `--runtime-dir`. */
export const runtimeDir = (): Option =>
  new Option("--runtime-dir <directory>", "where the control socket is")
    .env(RUNTIME_DIR_VARIABLE)
    .default("/run/hpim-dm");

/** `--state-dir`. */
export const stateDir = (): Option =>
  new Option("--state-dir <directory>", "where state and log are kept")
    .env(STATE_DIR_VARIABLE)
    .default("/var/lib/hpim-dm");
