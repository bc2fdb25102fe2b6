// The configuration file: what may be set on the router and on each interface (protocol.md §16, RFC 2236 §8).
// Everything can be left out; an interface's own setting goes before the router-wide one, that before the default.
// One source for what is checked, what commands set (settings.ts), and what editors are told (json-schema.ts).
import { z } from "zod";
import { filterSection } from "./filter-section.ts";
import { INTERFACE_NAME, isInterfaceName } from "./interface-name.ts";
import { joinSection } from "./join-section.ts";
import { listenAddress } from "./listen-address.ts";
import type { Subsystem } from "./log-levels.ts";
import { LOG_LEVELS, SUBSYSTEMS } from "./log-levels.ts";
import { ROUTE_PROTOCOLS } from "./route-protocols.ts";
import { securitySection } from "./security-section.ts";
import { didYouMean } from "./suggestion.ts";
import {
  count,
  duration,
  expecting,
  flag,
  mapOf,
  maxResponseTime,
  oneOf,
  section,
} from "./values.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;

const ROUTE_PROTOCOL_NAMES = [...ROUTE_PROTOCOLS.keys()];

function routeProtocol(text: string): number | undefined {
  const number = ROUTE_PROTOCOLS.get(text) ?? (/^\d{1,3}$/.test(text) ? Number(text) : 256);
  return number < 256 ? number : undefined;
}

const preferences = mapOf(
  count(0, 0xffff_ffff),
  {
    isKey: (text) => routeProtocol(text) !== undefined,
    pattern: new RegExp(`^(${ROUTE_PROTOCOL_NAMES.join("|")}|\\d{1,3})$`),
    problem: (text) =>
      `expected a routing protocol: ${ROUTE_PROTOCOL_NAMES.join(", ")}, or a number from 0 to 255${didYouMean(text, ROUTE_PROTOCOL_NAMES)}`,
  },
  "preferences by routing protocol",
).transform(
  (byName): ReadonlyMap<number, number> =>
    new Map(
      Object.entries(byName).map(([name, preference]) => [routeProtocol(name) ?? 0, preference]),
    ),
);

// Four HelloPeriods must fit the 3600 s to which receivers cap a HoldTime (§5.3), and so its 16 bits.
/** Settings of HPIM-DM on one interface; under the top section `hpim`, on all that have no own. */
export const hpimOfInterface = {
  helloPeriod: duration(50, 900_000).exactOptional(),
  triggeredHelloDelay: duration(0, 60_000).exactOptional(),
  syncRetransmissionTime: duration(10, HOUR).exactOptional(),
  syncHoldTime: duration(10, HOUR).exactOptional(),
  retransmissionTime: duration(10, HOUR).exactOptional(),
  ackFailureThreshold: count(1, 1_000).exactOptional(),
  holdForwarding: flag().exactOptional(),
  holdForwardingTime: duration(10, HOUR).exactOptional(),
  treesPerSync: count(1, 4_000).exactOptional(),
  neighborLimit: count(1, 65_535).exactOptional(),
};

/** Settings of HPIM-DM on the router. */
export const hpimOfRouter = {
  routingTable: count(1, 0xffff_ffff).exactOptional(),
  sourceActiveTime: duration(1_000, DAY).exactOptional(),
  floodInitialData: flag().exactOptional(),
  initialFloodTime: duration(100, HOUR).exactOptional(),
  preferences: preferences.exactOptional(),
  treesPerNeighborLimit: count(1, 10_000_000).exactOptional(),
  treeLimit: count(1, 10_000_000).exactOptional(),
  dataEntryLimit: count(1, 10_000_000).exactOptional(),
  sequenceNumberLimit: count(16, 0xffff_ffff).exactOptional(),
  windowLimit: count(1, 65_536).exactOptional(),
};

/** Settings of IGMP on one interface; under the top section `igmp`, on all that have no own. */
export const igmpOfInterface = {
  robustnessVariable: count(1, 7).exactOptional(),
  queryInterval: duration(200, DAY).exactOptional(),
  queryResponseInterval: maxResponseTime().exactOptional(),
  startupQueryInterval: duration(100, DAY).exactOptional(),
  startupQueryCount: count(1, 1_000).exactOptional(),
  lastMemberQueryInterval: maxResponseTime().exactOptional(),
  lastMemberQueryCount: count(1, 1_000).exactOptional(),
  version1RouterPresentTimeout: duration(1_000, DAY).exactOptional(),
  groupLimit: count(1, 10_000_000).exactOptional(),
};

/** The settings that can stand in place of true and false, by the schema of both. */
export const SWITCHED = new WeakMap<object, z.ZodType>();

const SWITCHED_VALUES = "true, false or a map of settings";

function switched<Shape extends z.core.$ZodLooseShape>(shape: Shape, what: string) {
  const settings = section(shape, SWITCHED_VALUES);
  const schema = z
    .preprocess((value, context) => {
      if (value === null) {
        context.addIssue({ code: "custom", message: expecting(SWITCHED_VALUES)({ input: null }) });
        return z.NEVER;
      }
      if (value === true) return {};
      return value === false ? null : value;
    }, settings.nullable())
    .describe(what);
  SWITCHED.set(schema, settings);
  return schema.exactOptional();
}

const igmpWithJoins = {
  ...igmpOfInterface,
  join: joinSection.describe("groups that are wanted here whoever reports").exactOptional(),
};

const ofInterface = section({
  hpim: switched(hpimOfInterface, "whether HPIM-DM runs here, or its own settings here"),
  igmp: switched(igmpWithJoins, "whether IGMP runs here, or its own settings here"),
  security: securitySection.describe("the keys of HPIM-DM here").exactOptional(),
  allow: filterSection.describe("what is routed here; nothing: everything").exactOptional(),
  deny: filterSection.describe("what is not routed here, of what is allowed").exactOptional(),
  ttlThreshold: count(1, 254)
    .describe("packets leave here only if they arrived with a greater TTL")
    .exactOptional(),
});

const interfaces = mapOf(
  ofInterface,
  {
    isKey: isInterfaceName,
    pattern: INTERFACE_NAME,
    problem: () =>
      "expected the name of an interface, 1 to 15 characters without space, slash and colon, or a pattern of names with *",
  },
  "interfaces by name",
);

const levelOf = (what: string) => oneOf(LOG_LEVELS).describe(what).exactOptional();

/** The level of the log. */
export const logLevel = levelOf("from which level on notices are in the log");

const subsystems = section({
  interfaces: levelOf(SUBSYSTEMS.interfaces),
  neighbors: levelOf(SUBSYSTEMS.neighbors),
  trees: levelOf(SUBSYSTEMS.trees),
  forwarding: levelOf(SUBSYSTEMS.forwarding),
  membership: levelOf(SUBSYSTEMS.membership),
  drops: levelOf(SUBSYSTEMS.drops),
  kernel: levelOf(SUBSYSTEMS.kernel),
  messages: levelOf(SUBSYSTEMS.messages),
} satisfies Record<Subsystem, unknown>);

const log = section({
  level: logLevel,
  subsystems: subsystems.describe("levels of subsystems that have another").exactOptional(),
});

const metrics = section({
  listen: listenAddress()
    .describe(
      'where GET /metrics is answered over TCP, such as "127.0.0.1:9786"; nothing: on the control socket only',
    )
    .exactOptional(),
  trees: count(0, 10_000)
    .describe("packets and bytes are told one by one of so many trees, the busiest")
    .exactOptional(),
});

/** The whole file; an interface's protocol: absent or null off, else its own settings. */
export const configurationFileSchema = section({
  log: log.exactOptional(),
  metrics: metrics.exactOptional(),
  hpim: section({ ...hpimOfRouter, ...hpimOfInterface })
    .describe("HPIM-DM on the router, and on every interface without settings of its own")
    .exactOptional(),
  igmp: section(igmpOfInterface)
    .describe("IGMP on every interface without settings of its own")
    .exactOptional(),
  interfaces: interfaces.exactOptional(),
});

/** The sections of the file, in the order in which people write them. */
export const SECTIONS: readonly string[] = Object.keys(configurationFileSchema.shape);

/** What the file says, as values. */
export type ConfigurationFile = z.output<typeof configurationFileSchema>;
/** What it says of one interface. */
export type InterfaceSection = NonNullable<ConfigurationFile["interfaces"]>[string];
