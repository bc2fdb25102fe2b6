// The list of settings as they are in force, on the router and on each interface.

import { formatDuration } from "../../api/duration.ts";
import type { SettingRow } from "../../api/lists/settings.ts";
import { SUBSYSTEM_NAMES } from "../../api/log-levels.ts";
import type { Setting } from "../../api/settings.ts";
import { formatSetting, SETTINGS } from "../../api/settings.ts";
import type { Millis } from "../../base/units.ts";
import { holdTimeOf, holdTimeOptions } from "../../core/hello.ts";
import type { InterfaceSettings } from "../../core/settings.ts";
import type { MembershipSettings } from "../../membership/settings.ts";
import { groupMembershipInterval, otherQuerierPresentInterval } from "../../membership/settings.ts";
import type { Configuration } from "../configuration.ts";
import { configurationOf, configuredNames } from "../configuration.ts";
import { valueInForce } from "../control-settings.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Filter, List } from "./list.ts";
import { wantsInterface } from "./list.ts";

interface Settings {
  readonly hpim: InterfaceSettings | null;
  readonly igmp: MembershipSettings | null;
}

function* derivedRows({ hpim, igmp }: Settings, name: string | null): Generator<SettingRow> {
  const row = (setting: string, span: Millis): SettingRow => ({
    ...{ setting, interface: name, subsystem: null },
    ...{ value: formatDuration(span), raw: span, derived: true },
  });
  if (hpim !== null) yield row("holdTime", holdTimeOf(holdTimeOptions(hpim)));
  if (igmp === null) return;
  yield row("groupMembershipInterval", groupMembershipInterval(igmp));
  yield row("otherQuerierPresentInterval", otherQuerierPresentInterval(igmp));
}

const isPlain = (value: unknown): value is SettingRow["raw"] =>
  value === null || ["number", "boolean", "string"].includes(typeof value);

function* subsystemRows(
  configuration: Configuration,
  setting: Setting,
  ofRouter: SettingRow["raw"],
): Generator<SettingRow> {
  for (const subsystem of SUBSYSTEM_NAMES) {
    const raw = valueInForce(configuration, setting, subsystem);
    if (!isPlain(raw) || raw === ofRouter) continue;
    const value = formatSetting(setting, raw);
    yield { setting: setting.name, interface: null, subsystem, value, raw, derived: false };
  }
}

function* rowsOf(configuration: Configuration, name: string | null): Generator<SettingRow> {
  for (const setting of SETTINGS) {
    if (name !== null && setting.scope !== "interface") continue;
    const raw = valueInForce(configuration, setting, name);
    if (!isPlain(raw)) continue;
    const value = formatSetting(setting, raw);
    const where = { interface: name, subsystem: null };
    yield { setting: setting.name, ...where, value, raw, derived: false };
    if (setting.scope === "subsystem") yield* subsystemRows(configuration, setting, raw);
  }
  const settings = name === null ? configuration.defaults : configurationOf(configuration, name);
  yield* derivedRows(settings, name);
}

function* rows(engine: EngineReading, filter: Filter): Generator<SettingRow> {
  const { configuration } = engine;
  if (filter.interface === null) yield* rowsOf(configuration, null);
  const present = engine.ports().map(({ link }) => link.name);
  for (const name of configuredNames(configuration, present)) {
    if (wantsInterface(filter, name)) yield* rowsOf(configuration, name);
  }
}

/** The list of settings. */
export const listSettings: List<"settings"> = (engine, filter) => ({
  settings: rows(engine, filter),
});
