// hpim-dm log and watch, as the command line describes them.
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { areLineSubsystems, LINE_SUBSYSTEMS, LOG_LEVELS } from "../api/log-levels.ts";
import { logDir, runtimeDir } from "./directories.ts";
import { examples } from "./examples.ts";
import { filterOption } from "./filter-options.ts";
import { positive, whole } from "./numbers.ts";
import { suggesting } from "./suggested-values.ts";

function subsystems(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(",");
  if (areLineSubsystems(names)) return [...before, ...names];
  throw new InvalidArgumentError(`Expected names of subsystems: ${LINE_SUBSYSTEMS.join(", ")}.`);
}

const subsystemOption = (): Option =>
  suggesting(
    LINE_SUBSYSTEMS,
    new Option(
      "--subsystem <name>",
      `only this subsystem: ${LINE_SUBSYSTEMS.join(", ")}; several with commas, or again`,
    ).argParser(subsystems),
  );

const levelOption = (): Option =>
  new Option("--level <level>", "only what is at least as important").choices(LOG_LEVELS);

/** Adds the commands that show what happens. */
export function addEventCommands(program: Command): void {
  program
    .command("log")
    .summary("show what happened last, or what happens")
    .description(
      "show what happened last, from the log of the daemon: time, level and sentence of each line. With --follow, also " +
        "what happens from now on, from the daemon itself: also of one in the foreground, and at any level.",
    )
    .option("--follow", "go on with what happens, until interrupted")
    .option("--lines <number>", "how many lines of the past", whole(1, Number.MAX_SAFE_INTEGER), 20)
    .addOption(levelOption())
    .addOption(subsystemOption())
    .addOption(filterOption("interface"))
    .addOption(filterOption("group"))
    .addOption(filterOption("source"))
    .option("--json", "the lines as they are in the log, for programs")
    .addOption(runtimeDir())
    .addOption(logDir())
    .addHelpText(
      "after",
      examples(
        ["hpim-dm log --follow", "look on"],
        [
          "hpim-dm log --follow --level debug --interface eth0",
          "each message there, too, and why one is dropped",
        ],
        ["hpim-dm log --lines 50 --subsystem neighbors", "who came and went"],
      ),
    )
    .action(async (options) => (await import("./log.ts")).log(options));
  program
    .command("watch")
    .summary("look on: trees by their traffic, neighbors, events")
    .description(
      "look on in a terminal: interfaces, neighbors, the trees with the most traffic, and what happens. " +
        'Keys: q ends, ? lists the others. "hpim-dm show" has more of each.',
    )
    .option("--interval <seconds>", "time between two looks", positive, 2)
    .option("--once", "print what there is after one interval, and end")
    .addOption(runtimeDir())
    .addHelpText(
      "after",
      examples(
        ["hpim-dm watch", "until q"],
        ["hpim-dm watch --once --interval 10", "for scripts: rates over ten seconds"],
      ),
    )
    .action(async (options) => (await import("./watch/watch.ts")).watch(options));
}
