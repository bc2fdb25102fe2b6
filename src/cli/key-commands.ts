// hpim-dm key, as the command line describes it.
import type { Command } from "commander";
import { Argument, InvalidArgumentError, Option } from "commander";
import { ALGORITHM_NAMES } from "../api/algorithms.ts";
import { HIGHEST_IDENTIFIER, NEWEST } from "../api/key-identifier.ts";
import { runtimeDir } from "./directories.ts";
import { examples } from "./examples.ts";
import { interfaceName } from "./interface-argument.ts";
import { suggesting } from "./suggested-values.ts";

function identifierOf(text: string): number {
  const identifier = Number(text);
  if (/^\d{1,5}$/.test(text) && identifier <= HIGHEST_IDENTIFIER) return identifier;
  throw new InvalidArgumentError(`Expected a whole number from 0 to ${HIGHEST_IDENTIFIER}.`);
}

const where = (): Argument =>
  new Argument("<interface>", "its name, such as eth0").argParser(interfaceName);

const identifier = (): Argument =>
  new Argument("<identifier>", `the key's number, 0 to ${HIGHEST_IDENTIFIER}`).argParser(
    identifierOf,
  );

function addAdd(group: Command): void {
  group
    .command("add")
    .summary("add a key to an interface")
    .description(
      "add a key to an interface: from then on only messages that one of its keys has signed are accepted there, and the " +
        'newest key signs, unless another was chosen ("key send"). The secret is asked for, or read from the standard ' +
        "input; it is kept in the state directory.",
    )
    .addArgument(where())
    .addArgument(identifier())
    .addArgument(new Argument("<algorithm>", "of the signature").choices(ALGORITHM_NAMES))
    .addOption(new Option("--secret-file <file>", "read the secret from a file"))
    .addOption(
      new Option(
        "--secret <text>",
        "the secret itself: it shows in the list of processes",
      ).conflicts("secretFile"),
    )
    .option("--accept-only", "accept it, and let the key that signs go on")
    .addOption(runtimeDir())
    .addHelpText(
      "after",
      examples(
        ["hpim-dm key add eth0 7 sha256", "asks for the secret"],
        ["hpim-dm key add eth0 7 sha256 --secret-file /root/eth0", "or < /root/eth0"],
        [
          "hpim-dm key add eth0 8 sha256 --accept-only",
          "the first step of a rollover, on all routers",
        ],
      ),
    )
    .action(async (name, id, algorithm, options) =>
      (await import("./key.ts")).addKey({ name, identifier: id, algorithm }, options),
    );
}

function addRemove(group: Command): void {
  group
    .command("remove")
    .summary("take a key away from an interface")
    .description(
      "take a key away from an interface; without any, nothing is signed there, and signed messages are dropped",
    )
    .addArgument(where())
    .addArgument(identifier())
    .addOption(runtimeDir())
    .addHelpText("after", examples(["hpim-dm key remove eth0 7", "the last step of a rollover"]))
    .action(async (name, id, options) => (await import("./key.ts")).removeKey(name, id, options));
}

function addSend(group: Command): void {
  group
    .command("send")
    .summary("choose the key that signs on an interface")
    .description("choose the key that signs on an interface; all of its keys are accepted")
    .addArgument(where())
    .addArgument(
      suggesting(
        [NEWEST],
        new Argument("<identifier>", `the key's number, or ${NEWEST}`).argParser((text) =>
          text === NEWEST ? null : identifierOf(text),
        ),
      ),
    )
    .addOption(runtimeDir())
    .addHelpText(
      "after",
      examples(["hpim-dm key send eth0 newest", "the second step of a rollover"]),
    )
    .action(async (name, id, options) => (await import("./key.ts")).sendWith(name, id, options));
}

/** Adds the commands about keys. */
export function addKeyCommands(program: Command): void {
  const group = program.command("key").description("the keys that sign messages on an interface");
  addAdd(group);
  addRemove(group);
  addSend(group);
  group
    .command("list")
    .description('list the keys, without their secrets; the same as "show keys"')
    .addOption(new Option("--interface <name>", "only this interface").argParser(interfaceName))
    .addOption(runtimeDir())
    .option("--json", "as JSON, for programs")
    .action(async (options) => (await import("./show/show.ts")).showList("keys", options));
  group
    .command("algorithms")
    .description("list the algorithms")
    .action(async () => (await import("./key.ts")).listAlgorithms());
}
