// hpim-dm show, as the command line describes it.
import type { Command } from "commander";
import { runtimeDir } from "./directories.ts";

/** Adds the lists. */
export function addShowCommands(program: Command): void {
  const show = program.command("show").description("show a list of the daemon");
  for (const [name, description] of [
    ["interfaces", "the interfaces of the machine, and what runs on each"],
    ["neighbors", "the HPIM-DM neighbors"],
    ["trees", "the trees, their state on each interface, and why"],
    ["groups", "the groups with members"],
    ["mroute", "the kernel's forwarding entries"],
  ] as const) {
    show
      .command(name)
      .description(description)
      .addOption(runtimeDir())
      .option("--json", "as JSON, for programs")
      .action(async (options) => (await import("./show.ts")).LISTS[name](options));
  }
}
