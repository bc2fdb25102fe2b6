// The settings that commands change one by one: names of the configuration file, and where they stand in it.
import type { z } from "zod";
import { hpimOfInterface, hpimOfRouter, igmpOfInterface, logLevel } from "./configuration-file.ts";
import { formatDuration } from "./duration.ts";
import { DESCRIPTIONS } from "./setting-descriptions.ts";
import { DURATIONS } from "./values.ts";

/** Path of a value in a configuration file: keys from the top, at least one. */
export type ConfigurationPath = readonly [string, ...string[]];

/** A setting. */
export interface Setting {
  /** As in the configuration file, where the name of its section is not needed to tell what it is. */
  readonly name: string;
  readonly section: "hpim" | "igmp" | "log";
  /** What can have its own, besides the router: nothing, each interface, or each subsystem of the log. */
  readonly scope: "router" | "interface" | "subsystem";
  /** Part of a sentence. */
  readonly description: string;
  readonly schema: z.ZodType;
  /** Its values are durations, in milliseconds. */
  readonly isDuration: boolean;
}

const IN_FILE_ONLY: ReadonlySet<string> = new Set(["routingTable", "preferences"]);

function settingsIn(
  shape: Readonly<Partial<Record<keyof typeof DESCRIPTIONS, z.ZodExactOptional<z.ZodType>>>>,
  section: Setting["section"],
  scope: Setting["scope"],
): readonly Setting[] {
  return Object.entries(shape)
    .filter(([name]) => !IN_FILE_ONLY.has(name))
    .map(([name, optional]) => {
      const schema = optional.unwrap();
      const description = DESCRIPTIONS[name as keyof typeof DESCRIPTIONS];
      return { name, section, scope, description, schema, isDuration: DURATIONS.has(schema) };
    });
}

const logLevelSetting: Setting = {
  ...{ name: "logLevel", section: "log", scope: "subsystem", isDuration: false },
  description: logLevel.unwrap().description ?? "",
  schema: logLevel.unwrap(),
};

/** All of them, in the order of docs/configuration.md. */
export const SETTINGS: readonly Setting[] = [
  logLevelSetting,
  ...settingsIn(hpimOfRouter, "hpim", "router"),
  ...settingsIn(hpimOfInterface, "hpim", "interface"),
  ...settingsIn(igmpOfInterface, "igmp", "interface"),
];

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** The name of a setting on the command line: "helloPeriod" is "hello-period". */
export const commandName = ({ name }: Setting): string => kebab(name);

/** The setting that is called `name`. */
export const settingCalled = (name: string): Setting | undefined =>
  SETTINGS.find((setting) => setting.name === name);

/** Where a setting stands in a configuration file: of an interface or subsystem called `place`, or, null, of the router. */
export function pathOfSetting(
  { name, section, scope }: Setting,
  place: string | null,
): ConfigurationPath {
  if (scope === "subsystem") {
    return place === null ? [section, "level"] : [section, "subsystems", place];
  }
  return place === null ? [section, name] : ["interfaces", place, section, name];
}

/** What is wrong with `value` as the value of a setting; null: nothing. */
export function problemWithValue({ schema }: Setting, value: unknown): string | null {
  const { error } = schema.safeParse(value);
  return error?.issues[0]?.message ?? null;
}

/** What a setting takes: "a whole number from 1 to 7". */
export const expectedValues = (setting: Setting): string =>
  (problemWithValue(setting, {}) ?? "").replace(/^expected /, "");

/** The value that is written as `text` on the command line, as plain data of a configuration file. */
export function valueOfText(text: string): unknown {
  if (text === "on" || text === "true") return true;
  if (text === "off" || text === "false") return false;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** A value of a setting, as the daemon has it, for people. */
export function formatSetting({ isDuration }: Setting, value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (value === null) return "automatic";
  return isDuration ? formatDuration(Number(value)) : String(value);
}
