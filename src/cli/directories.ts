// Where a command finds the daemon, and where a daemon keeps its files: options that commands share.
import { Option } from "commander";

/** Environment variables that stand for the options, as `lab exec` sets them. */
export const RUNTIME_DIR_VARIABLE = "HPIM_DM_RUNTIME_DIR";
export const STATE_DIR_VARIABLE = "HPIM_DM_STATE_DIR";
export const LOG_DIR_VARIABLE = "HPIM_DM_LOG_DIR";

/** `--runtime-dir`. */
export const runtimeDir = (): Option =>
  new Option("--runtime-dir <directory>", "where the control socket is")
    .env(RUNTIME_DIR_VARIABLE)
    .default("/run/hpim-dm");

/** `--state-dir`. */
export const stateDir = (): Option =>
  new Option("--state-dir <directory>", "where BootTimes and changes are kept")
    .env(STATE_DIR_VARIABLE)
    .default("/var/lib/hpim-dm");

/** `--log-dir`. */
export const logDir = (): Option =>
  new Option("--log-dir <directory>", "where the log of a daemon in the background is")
    .env(LOG_DIR_VARIABLE)
    .default("/var/log/hpim-dm");
