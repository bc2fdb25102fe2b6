// A configuration file made whole: what it leaves out is derived as the RFC says, or takes its default.
import type { ConfigurationDocument } from "../api/configuration-document.ts";
import type { ConfigurationFile, InterfaceSection } from "../api/configuration-file.ts";
import type { FileReading, Problem } from "../api/read-configuration-file.ts";
import { readConfigurationFile } from "../api/read-configuration-file.ts";
import type { TreeFilter } from "../base/tree-filter.ts";
import { ALL_TREES } from "../base/tree-filter.ts";
import { millis } from "../base/units.ts";
import type { InterfaceSettings, RouterSettings } from "../core/settings.ts";
import { DEFAULT_INTERFACE_SETTINGS, DEFAULT_ROUTER_SETTINGS } from "../core/settings.ts";
import type { MembershipSettings } from "../membership/settings.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../membership/settings.ts";
import type { Configuration, InterfaceConfiguration } from "./configuration.ts";
import { MAIN_ROUTING_TABLE } from "./configuration.ts";
import { readSecurity } from "./load-security.ts";
import { SecretFiles } from "./secret-files.ts";
import type { Security } from "./security.ts";

/** The configuration that a file's text asks for, or all of the text's problems. */
export type Loaded =
  | {
      readonly kind: "configuration";
      readonly configuration: Configuration;
      /** The same as plain data: the file's text with the changes laid over it. */
      readonly document: ConfigurationDocument;
      /** Secrets that are redacted: the configuration must not run before there are none. */
      readonly lacking: readonly Problem[];
      /** What is to be said of a file of the Python router. */
      readonly remarks: readonly Problem[];
    }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

type RouterSection = NonNullable<ConfigurationFile["hpim"]>;
type IgmpSection = NonNullable<ConfigurationFile["igmp"]>;
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

const filterOf = (lists: InterfaceSection["allow"]): TreeFilter["allow"] => ({
  groups: lists?.groups ?? [],
  sources: lists?.sources ?? [],
});

function interfaceConfiguration(
  own: InterfaceSection,
  { hpim = {}, igmp = {} }: ConfigurationFile,
  security: Security,
): InterfaceConfiguration {
  const isFiltered = own.allow !== undefined || own.deny !== undefined;
  return {
    hpim: own.hpim ? interfaceSettings({ ...hpim, ...own.hpim }) : null,
    igmp: own.igmp ? withDerived({ ...igmp, ...own.igmp }) : null,
    security,
    filter: isFiltered ? { allow: filterOf(own.allow), deny: filterOf(own.deny) } : ALL_TREES,
    ttlThreshold: own.ttlThreshold ?? 1,
  };
}

interface Interfaces {
  readonly interfaces: ReadonlyMap<string, InterfaceConfiguration>;
  readonly problems: readonly Problem[];
  readonly lacking: readonly Problem[];
}

function readInterfaces(
  file: ConfigurationFile,
  problemAt: ProblemAt,
  secretFiles: SecretFiles,
): Interfaces {
  const interfaces = new Map<string, InterfaceConfiguration>();
  const problems: Problem[] = [];
  const lacking: Problem[] = [];
  for (const [name, own] of Object.entries(file.interfaces ?? {})) {
    const reading = readSecurity(own.security ?? {}, secretFiles);
    const problemOf = ([place, message]: readonly [readonly PropertyKey[], string]): Problem =>
      problemAt(["interfaces", name, "security", ...place], message);
    problems.push(...reading.problems.map(problemOf));
    lacking.push(...reading.lacking.map(problemOf));
    interfaces.set(name, interfaceConfiguration(own, file, reading.security));
  }
  return { interfaces, problems, lacking };
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

/** What is laid over a file's text, and the secrets that are read already. */
export interface LoadOptions {
  /** Keep to the schema. */
  readonly changes?: ConfigurationDocument;
  readonly secretFiles?: SecretFiles;
}

/** What the text of a configuration file asks for. Reads the files of secrets that it names. */
export function loadConfiguration(text: string, options: LoadOptions = {}): Loaded {
  const { changes = {}, secretFiles = new SecretFiles() } = options;
  const reading = readConfigurationFile(text, changes);
  if (reading.kind === "problems") return reading;
  const { file, document, problemAt, remarks } = reading;
  const { hpim = {}, igmp = {} } = file;
  const { interfaces, lacking, ...read } = readInterfaces(file, problemAt, secretFiles);
  const configuration: Configuration = {
    routingTable: hpim.routingTable ?? MAIN_ROUTING_TABLE,
    router: routerSettings(hpim),
    defaults: { hpim: interfaceSettings(hpim), igmp: withDerived(igmp) },
    interfaces,
    logLevel: file.log?.level ?? "info",
  };
  const problems = [...timingProblems(configuration, problemAt), ...read.problems];
  return problems.length > 0
    ? { kind: "problems", problems }
    : { kind: "configuration", configuration, document, lacking, remarks };
}
