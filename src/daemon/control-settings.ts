// Settings that the control API changes one by one, on the router or on one interface.
import { valueAt } from "../api/configuration-document.ts";
import { SUBSYSTEM_NAMES } from "../api/log-levels.ts";
import type { Setting } from "../api/settings.ts";
import {
  commandName,
  formatSetting,
  pathOfSetting,
  problemWithValue,
  settingCalled,
  valueOfText,
} from "../api/settings.ts";
import type { Changeable, Outcome } from "./carry-out.ts";
import { carryOut, outcome, refusedForProblems } from "./carry-out.ts";
import type { Configuration } from "./configuration.ts";
import { configurationOf } from "./configuration.ts";
import { notEnabled, refusedName } from "./control-changes.ts";
import type { Change, RunningConfiguration } from "./running-configuration.ts";

/** What is to become of a setting. */
export interface Wish {
  /** As in the configuration file. */
  readonly setting: string;
  /** A value as in the configuration file, "toggle", or "default": what the configuration file says. */
  readonly value: string;
  /** null, as `subsystem`: the router, and all interfaces or subsystems without a value of their own. */
  readonly interface: string | null;
  /** Of the log. */
  readonly subsystem: string | null;
}

/**
 * The value of a setting that is in force on the router, or on the interface, or for the subsystem, called `name`; undefined: its
 * protocol is off there.
 */
export function valueInForce(
  configuration: Configuration,
  { name: setting, section, scope }: Setting,
  name: string | null,
): unknown {
  const { router, defaults, log } = configuration;
  if (section === "log") return name === null ? log.level : valueAt(log.subsystems, name);
  const ofInterface = name === null ? defaults : configurationOf(configuration, name);
  const settings = scope === "router" ? router : ofInterface[section];
  return settings === null ? undefined : valueAt(settings, setting);
}

/** What can have a setting of its own, by name. */
function placesOf({ interfaces }: Configuration, { scope }: Setting): readonly string[] {
  switch (scope) {
    case "router":
      return [];
    case "interface":
      return [...interfaces.keys()];
    case "subsystem":
      return SUBSYSTEM_NAMES;
  }
}

const at = ({ scope }: Setting, name: string): string =>
  scope === "subsystem" ? `for ${name}` : `on ${name}`;

/** Interfaces or subsystems with another value than the router's: what they have, as the end of a sentence. */
function exceptions(configuration: Configuration, setting: Setting): string {
  const ofRouter = valueInForce(configuration, setting, null);
  const others = placesOf(configuration, setting).flatMap((name) => {
    const value = valueInForce(configuration, setting, name);
    const isOther = value !== undefined && value !== ofRouter;
    return isOther ? [`${formatSetting(setting, value)} ${at(setting, name)}`] : [];
  });
  return others.length === 0 ? "." : `, but ${others.sort().join(", ")}.`;
}

function sayWhatHolds(configuration: Configuration, setting: Setting, name: string | null): string {
  const value = formatSetting(setting, valueInForce(configuration, setting, name));
  const where = name === null ? exceptions(configuration, setting) : ` ${at(setting, name)}.`;
  return `${setting.name} is ${value}${where}`;
}

/** Whether `value` would also hold without a change of this setting: it follows the file then, when that changes. */
function isAsInFile(
  { configuration, ofFile }: RunningConfiguration,
  setting: Setting,
  name: string | null,
  value: unknown,
): boolean {
  const isUnchanged = (where: string | null): boolean =>
    valueInForce(configuration, setting, where) === valueInForce(ofFile, setting, where);
  const { data } = setting.schema.safeParse(value);
  return data === valueInForce(ofFile, setting, name) && (name === null || isUnchanged(null));
}

/** HoldForwardingState can be switched on with its time in one. */
function ofHoldForwarding(setting: Setting, value: unknown): readonly [Setting, unknown][] {
  const time = settingCalled("holdForwardingTime");
  const isTime = setting.name === "holdForwarding" && time !== undefined;
  if (!isTime || typeof value === "boolean" || problemWithValue(time, value) !== null) return [];
  return [
    [setting, true],
    [time, value],
  ];
}

/** What is to be set, to which value, by the text of a wish; undefined: what the file says. */
function valuesOf(
  configuration: Configuration,
  setting: Setting,
  text: string,
  name: string | null,
): readonly (readonly [Setting, unknown])[] {
  if (text === "default") return [[setting, undefined]];
  const now = valueInForce(configuration, setting, name);
  const value = text === "toggle" && typeof now === "boolean" ? !now : valueOfText(text);
  const both = ofHoldForwarding(setting, value);
  return both.length > 0 ? both : [[setting, value]];
}

function refusedInterface(
  configuration: Configuration,
  setting: Setting,
  name: string,
): Outcome | null {
  if (setting.scope !== "interface") {
    return outcome(400, `${setting.name} is a setting of the router: leave the interface out.`);
  }
  const badName = refusedName(name);
  if (badName !== null) return badName;
  const protocol = setting.section === "igmp" ? "igmp" : "hpim";
  if (configurationOf(configuration, name)[protocol] !== null) return null;
  return notEnabled(name, protocol);
}

function refusedSubsystem({ name: setting, scope }: Setting, name: string): Outcome | null {
  if (scope !== "subsystem") {
    return outcome(400, `${setting} has nothing to do with the log: leave the subsystem out.`);
  }
  if (SUBSYSTEM_NAMES.some((one) => one === name)) return null;
  const known = `there are ${SUBSYSTEM_NAMES.join(", ")}`;
  return outcome(400, `The log has no subsystem ${name}: ${known}.`);
}

function refusalOf(
  configuration: Configuration,
  setting: Setting,
  { interface: name, subsystem }: Wish,
): Outcome | null {
  const refused = subsystem === null ? null : refusedSubsystem(setting, subsystem);
  if (refused !== null || name === null) return refused;
  return refusedInterface(configuration, setting, name);
}

/** Changes a setting, and says what holds then. */
export function set(daemon: Changeable, wish: Wish): Outcome {
  const setting = settingCalled(wish.setting);
  if (setting === undefined) return outcome(404, `There is no setting ${wish.setting}.`);
  const { configuration } = daemon.running;
  const refusal = refusalOf(configuration, setting, wish);
  if (refusal !== null) return refusal;
  const name = wish.interface ?? wish.subsystem;
  const values = valuesOf(configuration, setting, wish.value, name);
  for (const [one, value] of values) {
    const problem = value === undefined ? null : problemWithValue(one, value);
    if (problem !== null) return outcome(400, `${commandName(one)}: ${problem}.`);
  }
  const changes = values.map(([one, value]): Change => {
    const isNone = isAsInFile(daemon.running, one, name, value);
    return { path: pathOfSetting(one, name), value: isNone ? undefined : value };
  });
  const judgement = { ofProblems: refusedForProblems };
  const refused = carryOut(daemon, () => daemon.running.propose(...changes), judgement);
  if (refused !== null) return refused;
  const sentences = values.map(([one]) => sayWhatHolds(daemon.running.configuration, one, name));
  return outcome(200, sentences.join(" "));
}
