// hpim-dm explain and doctor, as the command line describes them.
import type { Command } from "commander";
import { Argument, InvalidArgumentError, Option } from "commander";
import { FILTERS, parseGroups, parseSources } from "../api/lists/filters.ts";
import { runtimeDir } from "./directories.ts";
import { examples } from "./examples.ts";
import { interfaceName } from "./interface-argument.ts";

const ONE_ADDRESS = 32;

function addressArgument(
  name: "source" | "group",
  parse: typeof parseGroups,
  example: string,
): Argument {
  return new Argument(`<${name}>`, `the address of a ${name}, such as ${example}`).argParser(
    (text: string) => {
      if (parse(text)?.length === ONE_ADDRESS && !text.includes("/")) return text;
      throw new InvalidArgumentError(`Expected the address of a ${name}, such as ${example}.`);
    },
  );
}

/** Adds the commands that say why. */
export function addDiagnosisCommands(program: Command): void {
  program
    .command("explain")
    .summary("say why a tree is forwarded, or is not")
    .description(
      "say why packets of a source to a group are forwarded by this router, or are not: the route to the source, who " +
        "offers the tree, what each interface does, since when, why, and what would change it. Also of a tree that " +
        "does not exist. It listens for a second for packets of it.",
    )
    .addArgument(addressArgument("source", parseSources, "10.1.1.100"))
    .addArgument(addressArgument("group", parseGroups, "239.1.2.3"))
    .addOption(
      new Option(
        "--interface <name>",
        `why it goes out there, or does not: ${FILTERS.interface.expected}`,
      ).argParser(interfaceName),
    )
    .option("--json", "as JSON, for programs")
    .addOption(runtimeDir())
    .addHelpText(
      "after",
      examples([
        "hpim-dm explain 10.1.1.100 239.1.2.3 --interface eth1",
        "why it does not get there",
      ]),
    )
    .action(async (source, group, options) =>
      (await import("./explain.ts")).explain({ source, group }, options),
    );
  program
    .command("doctor")
    .summary("look for what is wrong with this machine and its neighbors")
    .description(
      "look for what keeps multicast from being routed: settings of the kernel, interfaces, neighbors, keys, routes, " +
        "packets that may not be sent on. Says what it found, and what mends it. Exit code 1 if something was found.",
    )
    .option("--json", "as JSON, for programs")
    .addOption(runtimeDir())
    .addHelpText("after", examples(["hpim-dm doctor", "when packets do not arrive"]))
    .action(async (options) => (await import("./doctor.ts")).doctor(options));
}
