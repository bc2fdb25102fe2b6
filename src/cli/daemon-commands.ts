// hpim-dm start, stop and restart, as the command line describes them.
import type { Command } from "commander";
import { logDir, runtimeDir, stateDir } from "./directories.ts";
import { examples } from "./examples.ts";

/** Adds the commands that start and end the daemon. */
export function addDaemonCommands(program: Command): void {
  program
    .command("start")
    .summary("start the daemon; returns when it answers")
    .description(
      "start the daemon; returns when it answers. It runs what the configuration file says, and what commands changed " +
        "when it ran before. Takes the rights CAP_NET_ADMIN and CAP_NET_RAW, which root has.",
    )
    .option("--config <file>", "configuration file (YAML); without one, nothing is configured")
    .option("--clean", "forget what commands changed when it ran before")
    .option(
      "--record <file>",
      "write all that it takes in and does to a new file, from which it can be replayed; without secrets",
    )
    .option("--foreground", "stay, log to the standard error output, forward signals")
    .addOption(runtimeDir())
    .addOption(stateDir())
    .addOption(logDir())
    .addHelpText(
      "after",
      examples(
        ["hpim-dm start --config /etc/hpim-dm.yaml", "what is written there, and changes since"],
        ["hpim-dm start --clean", "nothing is configured"],
        ["hpim-dm start --foreground 2>&1 | tee log", "under a supervisor, or to look on"],
      ),
    )
    .action(async (options) => (await import("./start.ts")).start(options));
  program
    .command("stop")
    .summary("stop the daemon; returns when it is gone")
    .description(
      "stop the daemon; returns when it is gone. It says goodbye to its neighbors and removes all forwarding entries; " +
        "what commands changed is kept for the next start.",
    )
    .addOption(runtimeDir())
    .addHelpText("after", examples(["hpim-dm stop", "nothing is forwarded any more"]))
    .action(async (options) => (await import("./stop.ts")).stop(options));
  program
    .command("restart")
    .summary("stop the daemon and start it again")
    .description(
      "stop the daemon, in good order, and start it again with the same directories and configuration file. What " +
        "commands changed is kept. If the configuration file has problems, the daemon goes on.",
    )
    .addOption(runtimeDir())
    .addHelpText("after", examples(["hpim-dm restart", "run the program that is installed now"]))
    .action(async (options) => (await import("./restart.ts")).restart(options));
}
