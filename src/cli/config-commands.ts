// hpim-dm config, as the command line describes it.
import type { Command } from "commander";
import { logDir, runtimeDir, stateDir } from "./directories.ts";
import { examples } from "./examples.ts";

/** Adds the commands about the configuration as a whole. */
export function addConfigCommands(program: Command): void {
  const group = program.command("config").description("the configuration as a whole");
  group
    .command("show")
    .summary("print the configuration that runs")
    .description(
      "print the configuration that runs, as a configuration file: what the file says, and what commands changed",
    )
    .addOption(runtimeDir())
    .addHelpText(
      "after",
      examples(["hpim-dm config show > /etc/hpim-dm.yaml", "write down what runs"]),
    )
    .action(async (options) => (await import("./config.ts")).show(options));
  group
    .command("load")
    .summary("run another configuration file")
    .description(
      "run another configuration file, or one that was edited, in place of the one that runs, and forget what " +
        "commands changed. What is the same in both goes on undisturbed. With a problem in the file, nothing changes.",
    )
    .argument("<file>", "configuration file (YAML)")
    .option("--start", "start a daemon with it if none is there")
    .addOption(runtimeDir())
    .addOption(stateDir())
    .addOption(logDir())
    .addHelpText("after", examples(["hpim-dm config load /etc/hpim-dm.yaml", "after editing it"]))
    .action(async (file, options) => (await import("./config.ts")).load(file, options));
}
