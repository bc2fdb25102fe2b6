// hpim-dm show, as the command line describes it: a subcommand for each list.
import type { Command } from "commander";
import { LIST_NAMES, LISTS } from "../api/lists/lists.ts";
import { runtimeDir } from "./directories.ts";
import { filterOption } from "./filter-options.ts";
import { whole } from "./numbers.ts";

const MOST_ROWS = 1_000_000_000;

const WORDS = `
The words of the list:
  AW   assert winner: this router forwards onto the link what is wanted there; its address follows
  AL   assert loser: the router with the address that follows forwards onto the link, not this one
  DI   downstream interested: a listener or a neighbor on the link wants the tree
  NDI  not downstream interested: nobody on the link wants it
  forwarding, pruned   data of the tree go out here, or do not
  holding              a loser goes on forwarding for a moment, until the winner's data arrive`;

/** Adds the lists, and the version. */
export function addShowCommands(program: Command): void {
  const show = program.command("show").description("show a list of the daemon");
  for (const name of LIST_NAMES) {
    const { summary, filters } = LISTS[name];
    const command = show
      .command(name)
      .description(summary)
      .addOption(runtimeDir())
      .option("--json", "as JSON, for programs")
      .option("--limit <number>", "so many rows at most, the first ones", whole(1, MOST_ROWS))
      .action(async (options) => (await import("./show/show.ts")).showList(name, options));
    for (const filter of filters) command.addOption(filterOption(filter));
    if (name === "trees") command.addHelpText("after", WORDS);
  }
  show
    .command("metrics")
    .description("metrics of the daemon, as Prometheus reads them")
    .addOption(runtimeDir())
    .action(async (options) => (await import("./show/metrics.ts")).showMetrics(options));
  show
    .command("version")
    .description("which daemon runs, and for how long")
    .addOption(runtimeDir())
    .option("--json", "as JSON, for programs")
    .action(async (options) => (await import("./show/show.ts")).showVersion(options));
}
