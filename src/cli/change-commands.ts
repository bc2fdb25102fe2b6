// hpim-dm interface, igmp and set: what changes a running daemon, as the command line describes it.
import type { Command } from "commander";
import { Argument, InvalidArgumentError, Option } from "commander";
import type { Setting } from "../api/settings.ts";
import { commandName, problemWithValue, SETTINGS, valueOfText } from "../api/settings.ts";
import { parseDuration } from "../api/values.ts";
import { runtimeDir } from "./directories.ts";
import { examples } from "./examples.ts";
import { EVERY_INTERFACE, interfaceName, interfaceNameOrAll } from "./interface-argument.ts";
import { suggesting } from "./suggested-values.ts";

/** What is to be said of a setting beside its name. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  floodInitialData: "forward at first also where nobody has said yet whether they want it",
  holdForwarding:
    "keep forwarding for a while after another router on the link took over; a duration switches it on for so long",
};

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
        interfaceNameOrAll,
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

const isSwitch = ({ schema }: Setting): boolean => schema.safeParse(true).success;

function valueFor(setting: Setting): (text: string) => string {
  const words = wordsFor(setting);
  return (text) => {
    const problem = words.includes(text) ? null : problemWithValue(setting, valueOfText(text));
    const isTime = setting.name === "holdForwarding" && parseDuration(valueOfText(text));
    if (problem === null || isTime) return text;
    throw new InvalidArgumentError(`${sentence(problem)}, or "default".`);
  };
}

const wordsFor = (setting: Setting): readonly string[] =>
  isSwitch(setting) ? ["on", "off", "toggle", "default"] : ["default"];

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function addSetting(group: Command, setting: Setting): void {
  const word = commandName(setting);
  const description =
    DESCRIPTIONS[setting.name] ?? `${setting.name} of the section ${setting.section}`;
  const values = isSwitch(setting) ? "on, off, toggle" : "its value";
  const value = new Argument(
    "<value>",
    `${values}, or default: as the configuration file says`,
  ).argParser(valueFor(setting));
  const command = group
    .command(word)
    .description(`${description}; prints what holds then`)
    .addArgument(suggesting(wordsFor(setting), value))
    .addOption(runtimeDir())
    .addHelpText("after", examples([`hpim-dm set ${word} default`, "as the file says"]))
    .action(async (text, options) => (await import("./set.ts")).set(setting.name, text, options));
  if (setting.scope === "router") return;
  command.addOption(
    new Option("--interface <name>", "on this interface alone").argParser(interfaceName),
  );
}

function addSettings(program: Command): void {
  const group = program
    .command("set")
    .summary("change a setting of the running daemon")
    .description(
      'change a setting of the running daemon, at once and for the next start; "show settings" lists what is in force',
    );
  for (const setting of SETTINGS) addSetting(group, setting);
}

/** Adds the commands that change a running daemon. */
export function addChangeCommands(program: Command): void {
  addProtocol(program, "interface", "hpim", "HPIM-DM");
  addProtocol(program, "igmp", "igmp", "IGMP");
  addSettings(program);
}
