// hpim-dm interface, igmp and set: what changes a running daemon, as the command line describes it.
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { isInterfaceName } from "../api/interface-name.ts";
import type { Setting } from "../api/settings.ts";
import {
  commandName,
  expectedValues,
  problemWithValue,
  SETTINGS,
  valueOfText,
} from "../api/settings.ts";
import { parseDuration } from "../api/values.ts";
import { runtimeDir } from "./directories.ts";
import { examples } from "./examples.ts";

/** In place of an interface's name. */
const EVERY_INTERFACE = "*";

function interfaceName(text: string): string {
  if (text === EVERY_INTERFACE || isInterfaceName(text)) return text;
  throw new InvalidArgumentError(
    'Expected the name of an interface, such as eth0 ("ip link" lists them), or "*" for all.',
  );
}

function addProtocol(
  program: Command,
  name: "interface" | "igmp",
  protocol: "hpim" | "igmp",
  title: string,
): void {
  const group = program.command(name).description(`enable or disable ${title} on an interface`);
  for (const [verb, method, effect] of [
    ["add", "PUT", "enable"],
    ["remove", "DELETE", "disable"],
  ] as const) {
    group
      .command(verb)
      .description(`${effect} ${title} on an interface, now and at the next start`)
      .argument(
        "<interface>",
        'its name, such as eth0; "*": every interface that can',
        interfaceName,
      )
      .addOption(runtimeDir())
      .addHelpText("after", examples([`hpim-dm ${name} ${verb} eth0`, `${effect} ${title} there`]))
      .action(async (where, options) => {
        const { switchEverywhere, switchProtocol } = await import("./switch-protocol.ts");
        if (where === EVERY_INTERFACE) await switchEverywhere(method, protocol, options);
        else await switchProtocol(method, protocol, where, options);
      });
  }
}

function valueFor(setting: Setting): (text: string) => string {
  const isSwitch = setting.schema.safeParse(true).success;
  return (text) => {
    const isWord = text === "default" || (isSwitch && text === "toggle");
    const problem = isWord ? null : problemWithValue(setting, valueOfText(text));
    const isTime = setting.name === "holdForwarding" && parseDuration(valueOfText(text));
    if (problem === null || isTime) return text;
    throw new InvalidArgumentError(`${sentence(problem)}, or "default".`);
  };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** What a setting takes on the command line. */
function wordsFor(setting: Setting): string {
  const isSwitch = setting.schema.safeParse(true).success;
  const values = isSwitch ? "on, off, toggle" : expectedValues(setting);
  return setting.name === "holdForwarding"
    ? `${values}, a duration, which switches it on for so long`
    : values;
}

function addSetting(group: Command, setting: Setting): void {
  const word = commandName(setting);
  const { name, section, scope, description } = setting;
  const isOfRouter = scope === "router";
  const where = isOfRouter ? "of the router" : "of the router and its interfaces";
  const ofInterface = new Option("--interface <name>", "on this interface alone");
  group
    .command(word)
    .summary(description)
    .description(`${description} (${name}, section ${section}, ${where})`)
    .argument(
      "<value>",
      `${wordsFor(setting)}; default: as the configuration file says`,
      valueFor(setting),
    )
    // The daemon says why, where an interface has none of its own.
    .addOption(ofInterface.argParser(interfaceName).hideHelp(isOfRouter))
    .addOption(runtimeDir())
    .addHelpText("after", examples([`hpim-dm set ${word} default`, "as the file says"]))
    .action(async (value, options) => (await import("./set.ts")).set(name, value, options));
}

function addSettings(program: Command): void {
  const group = program
    .command("set")
    .summary("change a setting of the running daemon")
    .description(
      "change a setting of the running daemon, at once and for the next start, and print what holds then. " +
        '"hpim-dm show settings" lists what is in force. What is not here (log, preferences, routingTable, allow, ' +
        'deny, ttlThreshold) is set in the configuration file: edit it, and "hpim-dm config load" it.',
    )
    .usage("<setting> <value> [--interface <name>]")
    .addHelpText(
      "after",
      examples(
        ["hpim-dm set hello-period 2", "on every interface without a period of its own"],
        ["hpim-dm set hello-period 500ms --interface eth0", "there alone"],
        ["hpim-dm set hello-period default --interface eth0", "as the file says"],
      ),
    );
  for (const setting of SETTINGS) addSetting(group, setting);
}

/** Adds the commands that change a running daemon. */
export function addChangeCommands(program: Command): void {
  addProtocol(program, "interface", "hpim", "HPIM-DM");
  addProtocol(program, "igmp", "igmp", "IGMP");
  addSettings(program);
}
