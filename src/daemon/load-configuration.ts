// A configuration file made whole: what it leaves out is derived as the RFC says, or takes its default.
import type { ConfigurationDocument } from "../api/configuration-document.ts";
import { interfacesOf, valueAt } from "../api/configuration-document.ts";
import type { ConfigurationFile, InterfaceSection } from "../api/configuration-file.ts";
import { igmpOfInterface } from "../api/configuration-file.ts";
import { formatDuration } from "../api/duration.ts";
import type { Path, Problem, ProblemAt } from "../api/file-problem.ts";
import { inOrder } from "../api/file-problem.ts";
import type { PlainReading } from "../api/read-configuration-file.ts";
import { readConfigurationFile } from "../api/read-configuration-file.ts";
import type { TreeFilter } from "../base/tree-filter.ts";
import { ALL_TREES } from "../base/tree-filter.ts";
import type { Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { InterfaceSettings, RouterSettings } from "../core/settings.ts";
import { DEFAULT_INTERFACE_SETTINGS, DEFAULT_ROUTER_SETTINGS } from "../core/settings.ts";
import type { MembershipSettings } from "../membership/settings.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../membership/settings.ts";
import type { Configuration, InterfaceConfiguration } from "./configuration.ts";
import { EMPTY_CONFIGURATION, logLevels, MAIN_ROUTING_TABLE } from "./configuration.ts";
import { lackingSecrets, secretProblems, securityOf } from "./load-security.ts";
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
  const { treesPerNeighborLimit, treeLimit, dataEntryLimit, sequenceNumberLimit, windowLimit } =
    settings;
  return {
    sourceActiveTime,
    floodInitialData,
    initialFloodTime,
    preferences,
    treesPerNeighborLimit,
    treeLimit,
    dataEntryLimit,
    sequenceNumberLimit,
    windowLimit,
  };
}

function interfaceSettings(section: RouterSection): InterfaceSettings {
  const settings = { ...DEFAULT_INTERFACE_SETTINGS, ...section };
  const { helloPeriod, triggeredHelloDelay, syncRetransmissionTime, syncHoldTime } = settings;
  const { retransmissionTime, ackFailureThreshold, holdForwarding, holdForwardingTime } = settings;
  const { treesPerSync, neighborLimit } = settings;
  return {
    helloPeriod,
    triggeredHelloDelay,
    syncRetransmissionTime,
    syncHoldTime,
    retransmissionTime,
    ackFailureThreshold,
    holdForwarding,
    holdForwardingTime,
    treesPerSync,
    neighborLimit,
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
  const { join = [], ...ownIgmp } = own.igmp ?? {};
  return {
    hpim: own.hpim ? interfaceSettings({ ...hpim, ...own.hpim }) : null,
    igmp: own.igmp ? withDerived({ ...igmp, ...ownIgmp }) : null,
    joins: join,
    security,
    filter: isFiltered ? { allow: filterOf(own.allow), deny: filterOf(own.deny) } : ALL_TREES,
    ttlThreshold: own.ttlThreshold ?? 1,
  };
}

/** The duration at `key` in these sections, the first that has one; undefined: none that is a duration. */
function durationOf(key: TimingKey, sections: readonly unknown[]): Millis | undefined {
  const written = sections.map((section) => valueAt(section, key));
  const first = written.find((value) => value !== undefined);
  if (first === undefined) return DEFAULT_MEMBERSHIP_SETTINGS[key];
  return igmpOfInterface[key].safeParse(first).data;
}

type TimingKey = "queryInterval" | "queryResponseInterval";

/** RFC 2236 §8.3: the Query Response Interval is less than the Query Interval. */
function timingProblem(
  path: Path,
  sections: readonly unknown[],
  problemAt: ProblemAt,
): readonly Problem[] {
  const response = durationOf("queryResponseInterval", sections);
  const interval = durationOf("queryInterval", sections);
  if (response === undefined || interval === undefined || response < interval) return [];
  const [is, below] = [formatDuration(response), formatDuration(interval)];
  return [
    problemAt(
      path,
      `expected queryResponseInterval, ${is} here, below queryInterval, ${below} here`,
    ),
  ];
}

/** Also if other things are wrong with the file. An interface without either setting has what is said of the router. */
function timingProblems({ document, problemAt }: PlainReading): readonly Problem[] {
  const ofRouter = valueAt(document, "igmp");
  const own = Object.entries(interfacesOf(document)).flatMap(([name, section]) => {
    const igmp = valueAt(section, "igmp");
    const isOwn = ["queryInterval", "queryResponseInterval"].some(
      (key) => valueAt(igmp, key) !== undefined,
    );
    return isOwn ? timingProblem(["interfaces", name, "igmp"], [igmp, ofRouter], problemAt) : [];
  });
  return [...timingProblem(["igmp"], [ofRouter], problemAt), ...own];
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
  const plain = reading.kind === "file" ? reading : reading.plain;
  const found =
    plain === null ? [] : [...timingProblems(plain), ...secretProblems(plain, secretFiles)];
  if (reading.kind === "problems" || found.length > 0) {
    const known = reading.kind === "problems" ? reading.problems : [];
    return { kind: "problems", problems: inOrder([...known, ...found]) };
  }
  const { file, document, remarks } = reading;
  const { hpim = {}, igmp = {} } = file;
  const interfaces = Object.entries(file.interfaces ?? {}).map(([name, own]) => {
    const security = securityOf(own.security ?? {}, secretFiles);
    return [name, interfaceConfiguration(own, file, security)] as const;
  });
  const configuration: Configuration = {
    routingTable: hpim.routingTable ?? MAIN_ROUTING_TABLE,
    router: routerSettings(hpim),
    defaults: { hpim: interfaceSettings(hpim), igmp: withDerived(igmp) },
    interfaces: new Map(interfaces),
    log: logLevels(file.log?.level ?? "info", file.log?.subsystems),
    metrics: { ...EMPTY_CONFIGURATION.metrics, ...file.metrics },
  };
  const lacking = lackingSecrets(reading);
  return { kind: "configuration", configuration, document, lacking, remarks };
}
