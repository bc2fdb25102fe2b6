// A configuration file made whole: what it leaves out is derived as the RFC says, or takes its default.
import type { ConfigurationDocument } from "../api/configuration-document.ts";
import type { ConfigurationFile } from "../api/configuration-file.ts";
import type { FileReading, Problem } from "../api/read-configuration-file.ts";
import { readConfigurationFile } from "../api/read-configuration-file.ts";
import { millis } from "../base/units.ts";
import type { InterfaceSettings, RouterSettings } from "../core/settings.ts";
import { DEFAULT_INTERFACE_SETTINGS, DEFAULT_ROUTER_SETTINGS } from "../core/settings.ts";
import type { MembershipSettings } from "../membership/settings.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../membership/settings.ts";
import type { Configuration, InterfaceConfiguration } from "./configuration.ts";
import { MAIN_ROUTING_TABLE, NOTHING_CONFIGURED } from "./configuration.ts";

/** The configuration that a file's text asks for, or all of the text's problems. */
export type Loaded =
  | {
      readonly kind: "configuration";
      readonly configuration: Configuration;
      /** The same as plain data: the file's text with the changes laid over it. */
      readonly document: ConfigurationDocument;
    }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

type RouterSection = NonNullable<ConfigurationFile["hpim"]>;
type IgmpSection = NonNullable<ConfigurationFile["igmp"]>;
type InterfacesSection = NonNullable<ConfigurationFile["interfaces"]>;
type ProblemAt = Extract<FileReading, { kind: "file" }>["problemAt"];

/** RFC 2236 §8.6, §8.7 and §8.10: these follow from other settings unless they are set. */
function withDerived(set: IgmpSection): MembershipSettings {
  const settings = { ...DEFAULT_MEMBERSHIP_SETTINGS, ...set };
  const { robustnessVariable, queryInterval } = settings;
  return {
    ...settings,
    startupQueryInterval: set.startupQueryInterval ?? millis(Math.ceil(queryInterval / 4)),
    startupQueryCount: set.startupQueryCount ?? robustnessVariable,
    lastMemberQueryCount: set.lastMemberQueryCount ?? robustnessVariable,
  };
}

function routerSettings(section: RouterSection): RouterSettings {
  const settings = { ...DEFAULT_ROUTER_SETTINGS, ...section };
  const { sourceActiveTime, floodInitialData, initialFloodTime, preferences } = settings;
  const { treesPerNeighborLimit, treeLimit, dataEntryLimit, sequenceNumberLimit } = settings;
  return {
    ...{ sourceActiveTime, floodInitialData, initialFloodTime, preferences },
    ...{ treesPerNeighborLimit, treeLimit, dataEntryLimit, sequenceNumberLimit },
  };
}

function interfaceSettings(section: RouterSection): InterfaceSettings {
  const settings = { ...DEFAULT_INTERFACE_SETTINGS, ...section };
  const { helloPeriod, triggeredHelloDelay, syncRetransmissionTime, syncHoldTime } = settings;
  const { retransmissionTime, ackFailureThreshold, holdForwarding, holdForwardingTime } = settings;
  const { treesPerSync, neighborLimit } = settings;
  return {
    ...{ helloPeriod, triggeredHelloDelay, syncRetransmissionTime, syncHoldTime },
    ...{ retransmissionTime, ackFailureThreshold, holdForwarding, holdForwardingTime },
    ...{ treesPerSync, neighborLimit },
  };
}

function interfaceConfigurations(
  section: InterfacesSection,
  hpim: RouterSection,
  igmp: IgmpSection,
): ReadonlyMap<string, InterfaceConfiguration> {
  const interfaces = new Map<string, InterfaceConfiguration>();
  for (const [name, own] of Object.entries(section)) {
    interfaces.set(name, {
      ...NOTHING_CONFIGURED,
      hpim: own.hpim ? interfaceSettings({ ...hpim, ...own.hpim }) : null,
      igmp: own.igmp ? withDerived({ ...igmp, ...own.igmp }) : null,
    });
  }
  return interfaces;
}

/** RFC 2236 §8.3: the Query Response Interval is less than the Query Interval. */
function timingProblems(configuration: Configuration, problemAt: ProblemAt): readonly Problem[] {
  const sections: [readonly string[], MembershipSettings][] = [
    [["igmp"], configuration.defaults.igmp],
  ];
  for (const [name, { igmp }] of configuration.interfaces) {
    if (igmp !== null) sections.push([["interfaces", name, "igmp"], igmp]);
  }
  return sections
    .filter(([, settings]) => settings.queryResponseInterval >= settings.queryInterval)
    .map(([path, { queryResponseInterval, queryInterval }]) =>
      problemAt(
        path,
        `expected queryResponseInterval (${queryResponseInterval}ms here) below queryInterval (${queryInterval}ms here)`,
      ),
    );
}

/** What the text of a configuration file asks for with `changes`, which keep to the schema, laid over it. */
export function loadConfiguration(text: string, changes: ConfigurationDocument = {}): Loaded {
  const reading = readConfigurationFile(text, changes);
  if (reading.kind === "problems") return reading;
  const { file, document, problemAt } = reading;
  const hpim = file.hpim ?? {};
  const igmp = file.igmp ?? {};
  const configuration: Configuration = {
    routingTable: hpim.routingTable ?? MAIN_ROUTING_TABLE,
    router: routerSettings(hpim),
    defaults: { hpim: interfaceSettings(hpim), igmp: withDerived(igmp) },
    interfaces: interfaceConfigurations(file.interfaces ?? {}, hpim, igmp),
  };
  const problems = timingProblems(configuration, problemAt);
  return problems.length > 0
    ? { kind: "problems", problems }
    : { kind: "configuration", configuration, document };
}
