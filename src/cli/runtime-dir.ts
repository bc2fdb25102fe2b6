// Where a command finds the daemon: the option that all commands share.
import { Option } from "commander";

/** The environment variable that stands for the option, as `lab exec` sets it. */
export const RUNTIME_DIR_VARIABLE = "HPIM_DM_RUNTIME_DIR";

/** `--runtime-dir`. */
export const runtimeDir = (): Option =>
  new Option("--runtime-dir <directory>", "where the control socket is")
    .env(RUNTIME_DIR_VARIABLE)
    .default("/run/hpim-dm");
