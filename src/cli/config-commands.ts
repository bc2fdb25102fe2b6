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
      "print the configuration that runs, as a configuration file: what the file says, and what commands changed. " +
        "Secrets are hidden; loaded into the same daemon, they are still known.",
    )
    .addOption(runtimeDir())
    .addHelpText(
      "after",
      examples(["hpim-dm config show > new.yaml", 'to be edited, and run by "config load"']),
    )
    .action(async (options) => (await import("./config.ts")).show(options));
  group
    .command("load")
    .summary("run another configuration file")
    .description(
      "run another configuration file, or one that was edited, in place of the one that runs, and forget what " +
        "commands changed. What is the same in both goes on undisturbed. With a problem in the file, nothing changes.",
    )
    .argument("<file>", "configuration file (YAML), ours or the Python router's")
    .option("--start", "start a daemon with it if none is there")
    .addOption(runtimeDir())
    .addOption(stateDir())
    .addOption(logDir())
    .addHelpText("after", examples(["hpim-dm config load /etc/hpim-dm.yaml", "after editing it"]))
    .action(async (file, options) => (await import("./config.ts")).load(file, options));
  group
    .command("check")
    .description("list all problems of a configuration file; no daemon is needed")
    .argument("<file>", "configuration file (YAML), ours or the Python router's")
    .addHelpText("after", examples(["hpim-dm config check new.yaml", "before it is loaded"]))
    .action(async (file) => (await import("./config.ts")).check(file));
  group
    .command("convert")
    .description("print a configuration file of the Python router as one of ours, with remarks")
    .argument("<file>", "configuration file of hpim-dm 1.5.1")
    .addHelpText(
      "after",
      examples(["hpim-dm config convert old.yaml > /etc/hpim-dm.yaml", "it has the secrets in it"]),
    )
    .action(async (file) => (await import("./config.ts")).convert(file));
  group
    .command("schema")
    .description("print the JSON Schema of the configuration file, for editors")
    .action(async () => (await import("./config.ts")).schema());
}
