// What a daemon is configured to do, whole and resolved: every interface has all of its settings.
import { isPattern, keyFor } from "../api/interface-name.ts";
import type { ListenAddress } from "../api/listen-address.ts";
import type { LogLevel, Subsystem } from "../api/log-levels.ts";
import type { TreeFilter } from "../base/tree-filter.ts";
import { ALL_TREES } from "../base/tree-filter.ts";
import type { InterfaceSettings, RouterSettings } from "../core/settings.ts";
import { DEFAULT_INTERFACE_SETTINGS, DEFAULT_ROUTER_SETTINGS } from "../core/settings.ts";
import type { MembershipSettings } from "../membership/settings.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../membership/settings.ts";
import type { StaticJoin } from "../membership/static-joins.ts";
import type { Security } from "./security.ts";
import { NO_SECURITY } from "./security.ts";

/** The kernel's main table (linux/rtnetlink.h: RT_TABLE_MAIN). */
export const MAIN_ROUTING_TABLE = 254;

/** A protocol that can be switched on per interface. */
export type Protocol = "hpim" | "igmp";

/** What is configured on an interface; of a protocol null: it is off. */
export interface InterfaceConfiguration {
  readonly hpim: InterfaceSettings | null;
  readonly igmp: MembershipSettings | null;
  /** Of IGMP: groups that are wanted there whoever reports. */
  readonly joins: readonly StaticJoin[];
  /** Of HPIM-DM, whether or not it is switched on. */
  readonly security: Security;
  /** Which trees are allowed on it (§2.4). */
  readonly filter: TreeFilter;
  /** Packets leave by it only if they arrived with a greater TTL (§9); 1 to 254. */
  readonly ttlThreshold: number;
}

/** From which level on notices are in the log: those of each subsystem, and of one that has no level of its own. */
export interface LogLevels {
  readonly level: LogLevel;
  readonly subsystems: Readonly<Record<Subsystem, LogLevel>>;
}

/** All levels, where some subsystems have their `own`. */
export function logLevels(
  level: LogLevel,
  own: { readonly [Name in Subsystem]?: LogLevel } = {},
): LogLevels {
  const of = (name: Subsystem): LogLevel => own[name] ?? level;
  return {
    level,
    subsystems: {
      interfaces: of("interfaces"),
      neighbors: of("neighbors"),
      trees: of("trees"),
      forwarding: of("forwarding"),
      membership: of("membership"),
      drops: of("drops"),
      kernel: of("kernel"),
      messages: of("messages"),
    },
  };
}

/** What is configured of metrics. */
export interface MetricsConfiguration {
  /** Where they are served over TCP; null: nowhere. */
  readonly listen: ListenAddress | null;
  /** Of so many trees, the busiest, packets and bytes are told one by one. */
  readonly trees: number;
}

/** A whole configuration. */
export interface Configuration {
  /** The kernel's routing table that RPCs are looked up in (§1); taken when the daemon starts. */
  readonly routingTable: number;
  readonly router: RouterSettings;
  /** Settings of a protocol that is switched on later without any of its own. */
  readonly defaults: { readonly hpim: InterfaceSettings; readonly igmp: MembershipSettings };
  /** By name, or by a pattern of names with *; the interface need not exist. */
  readonly interfaces: ReadonlyMap<string, InterfaceConfiguration>;
  readonly log: LogLevels;
  readonly metrics: MetricsConfiguration;
}

/** Nothing is configured anywhere; §16's and RFC 2236 §8's defaults. */
export const EMPTY_CONFIGURATION: Configuration = {
  routingTable: MAIN_ROUTING_TABLE,
  router: DEFAULT_ROUTER_SETTINGS,
  defaults: { hpim: DEFAULT_INTERFACE_SETTINGS, igmp: DEFAULT_MEMBERSHIP_SETTINGS },
  interfaces: new Map(),
  log: logLevels("info"),
  metrics: { listen: null, trees: 100 },
};

/** Nothing is configured on an interface. */
export const NOT_CONFIGURED: InterfaceConfiguration = {
  hpim: null,
  igmp: null,
  joins: [],
  security: NO_SECURITY,
  filter: ALL_TREES,
  ttlThreshold: 1,
};

/** What is configured on the interface called `name`: under its own name, else under the first pattern that matches. */
export function configurationOf(
  { interfaces }: Configuration,
  name: string,
): InterfaceConfiguration {
  const own = interfaces.get(name);
  if (own !== undefined) return own;
  const key = keyFor(interfaces.keys(), name);
  return (key === undefined ? undefined : interfaces.get(key)) ?? NOT_CONFIGURED;
}

/** `configuration` with a protocol on or off on one interface; settings that it has there already stay. */
export function withProtocol(
  configuration: Configuration,
  name: string,
  protocol: Protocol,
  on: boolean,
): Configuration {
  const before = configurationOf(configuration, name);
  const settings = on ? (before[protocol] ?? configuration.defaults[protocol]) : null;
  const interfaces = new Map(configuration.interfaces);
  interfaces.set(name, { ...before, [protocol]: settings });
  return { ...configuration, interfaces };
}

/** The names, not patterns, that something is configured for and that are not `present`, in order. */
export const missingNames = (
  { interfaces }: Configuration,
  present: ReadonlySet<string>,
): readonly string[] =>
  [...interfaces]
    .filter(([name, { hpim, igmp }]) => !present.has(name) && (hpim !== null || igmp !== null))
    .filter(([name]) => !isPattern(name))
    .map(([name]) => name)
    .sort();

/** The names of interfaces that something is configured for, those that are `present` and others, in order. */
export function configuredNames(
  configuration: Configuration,
  present: readonly string[],
): readonly string[] {
  const named = [...configuration.interfaces.keys()].filter((key) => !isPattern(key));
  const names = [...new Set([...named, ...present])];
  return names.filter((name) => configurationOf(configuration, name) !== NOT_CONFIGURED).sort();
}
