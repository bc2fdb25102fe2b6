// hpim-dm set SETTING, as the command line describes it: loaded for those command lines alone that are about settings,
// for it takes the schema of the configuration file along.
import type { Command } from "commander";
import { Argument, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../api/duration.ts";
import { LOG_LEVELS, SUBSYSTEM_NAMES } from "../api/log-levels.ts";
import type { Setting } from "../api/settings.ts";
import {
  commandName,
  expectedValues,
  problemWithValue,
  SETTINGS,
  valueOfText,
} from "../api/settings.ts";
import { SET } from "./change-commands.ts";
import { runtimeDir } from "./directories.ts";
import { examples } from "./examples.ts";
import { interfaceName } from "./interface-argument.ts";
import { suggesting } from "./suggested-values.ts";

const isSwitch = ({ schema }: Setting): boolean => schema.safeParse(true).success;

function wordsFor(setting: Setting): readonly string[] {
  if (setting.scope === "subsystem") return [...LOG_LEVELS, "default"];
  return isSwitch(setting) ? ["on", "off", "toggle", "default"] : ["default"];
}

function valueFor(setting: Setting): (text: string) => string {
  const words = wordsFor(setting);
  return (text) => {
    const problem = words.includes(text) ? null : problemWithValue(setting, valueOfText(text));
    const isTime = setting.name === "holdForwarding" && parseDuration(valueOfText(text));
    if (problem === null || isTime) return text;
    throw new InvalidArgumentError(`${sentence(problem)}, or "default".`);
  };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** What a setting takes on the command line. */
function expectedOn(setting: Setting): string {
  const values = isSwitch(setting) ? "on, off, toggle" : expectedValues(setting);
  return setting.name === "holdForwarding"
    ? `${values}, a duration, which switches it on for so long`
    : values;
}

const WHERE: Readonly<Record<Setting["scope"], string>> = {
  router: "of the router",
  interface: "of the router and its interfaces",
  subsystem: "of the router and the subsystems of its log",
};

function addSetting(group: Command, setting: Setting): void {
  const word = commandName(setting);
  const { name, section, scope, description } = setting;
  const ofInterface = new Option("--interface <name>", "on this interface alone");
  const explained = `${expectedOn(setting)}; default: as the configuration file says`;
  const value = new Argument("<value>", explained).argParser(valueFor(setting));
  const command = group
    .command(word)
    .summary(description)
    .description(`${description} (${name}, section ${section}, ${WHERE[scope]})`)
    .addArgument(suggesting(wordsFor(setting), value))
    // The daemon says why, where an interface has none of its own.
    .addOption(ofInterface.argParser(interfaceName).hideHelp(scope !== "interface"))
    .addOption(runtimeDir())
    .addHelpText("after", examples([`hpim-dm set ${word} default`, "as the file says"]))
    .action(async (text, options) => (await import("./set.ts")).set(name, text, options));
  if (scope === "subsystem") {
    const ofSubsystem = new Option("--subsystem <name>", "of this subsystem alone");
    command.addOption(ofSubsystem.choices(SUBSYSTEM_NAMES));
  }
}

/** Adds the settings to `set`. */
export function addSettings(program: Command): void {
  const group = program.commands.find((command) => command.name() === SET);
  if (group === undefined) return;
  for (const setting of SETTINGS) addSetting(group, setting);
}
