// What the control API answers: one schema for each list, read by the command line and shown in the API's description.
// Addresses are text; times are seconds from or to the moment of the answer. `version` changes when a field changes its meaning.
import { z } from "zod";

const VERSION = z.literal(1);
const seconds = z.number();
const uint = z.int().min(0);

/** Whether a protocol runs on an interface; `problem` says what keeps a configured one from it. */
const protocolState = z.enum(["off", "waiting", "refused", "running"]);

const interfaceRow = z.object({
  name: z.string(),
  index: uint,
  up: z.boolean(),
  loopback: z.boolean(),
  mtu: uint,
  addresses: z.array(z.string()),
  vif: uint.nullable(),
  /** Why something that is configured does not run: a sentence. */
  problem: z.string().nullable(),
  hpim: z.object({
    state: protocolState,
    address: z.string().nullable(),
    bootTime: uint.nullable(),
    neighbors: uint,
  }),
  igmp: z.object({
    state: protocolState,
    role: z.enum(["Querier", "NonQuerier"]).nullable(),
    querier: z.string().nullable(),
  }),
  dropped: z.array(z.object({ reason: z.string(), count: uint })),
});

/** Every interface of the machine. */
export const interfacesSchema = z.object({
  version: VERSION,
  interfaces: z.array(interfaceRow),
  /** Names of interfaces for which something is configured, and which the machine does not have. */
  missing: z.array(z.string()),
});
/** Answer of GET /v1/interfaces. */
export type InterfacesAnswer = z.output<typeof interfacesSchema>;
/** One of its rows. */
export type InterfaceRow = z.output<typeof interfaceRow>;

const neighborRow = z.object({
  interface: z.string(),
  address: z.string(),
  state: z.enum(["UNKNOWN", "MASTER", "SLAVE", "SYNCED"]),
  bootTime: uint,
  mySsn: uint,
  neighborSsn: uint,
  checkpointSn: uint,
  ageSeconds: seconds,
  expiresInSeconds: seconds,
  upstreamTrees: uint,
});

/** Every HPIM-DM neighbor. */
export const neighborsSchema = z.object({ version: VERSION, neighbors: z.array(neighborRow) });
/** Answer of GET /v1/neighbors. */
export type NeighborsAnswer = z.output<typeof neighborsSchema>;

const rpc = z.object({ preference: uint, metric: uint });
const offer = z.object({ neighbor: z.string(), rpc });

const treeInterface = z.object({
  interface: z.string(),
  role: z.enum(["root", "non-root"]),
  /** Best upstream neighbor. */
  bun: offer.nullable(),
  advertised: rpc.nullable(),
  told: z.object({ neighbor: z.string(), interested: z.boolean() }).nullable(),
  /** null on the root. */
  nonRoot: z
    .object({
      assert: z.object({ winner: z.boolean(), reason: z.string() }),
      downstream: z.object({ interested: z.boolean(), reason: z.string() }),
      forwarding: z.object({
        state: z.enum(["forwarding", "holding", "pruned"]),
        reason: z.string(),
      }),
    })
    .nullable(),
});

const treeRow = z.object({
  source: z.string(),
  group: z.string(),
  state: z.enum(["ACTIVE", "UNSURE", "INACTIVE"]),
  reason: z.string(),
  rpc: rpc.nullable(),
  originator: z.boolean(),
  root: z.string().nullable(),
  interested: z.boolean(),
  sourceExpiresInSeconds: seconds.nullable(),
  entry: z
    .object({
      kind: z.enum(["tree", "flood", "blocking"]),
      incoming: z.string(),
      outgoing: z.array(z.string()),
    })
    .nullable(),
  interfaces: z.array(treeInterface),
});

/** Every tree, with the reasons of its state. */
export const treesSchema = z.object({ version: VERSION, trees: z.array(treeRow) });
/** Answer of GET /v1/trees. */
export type TreesAnswer = z.output<typeof treesSchema>;
/** One of its rows. */
export type TreeRow = z.output<typeof treeRow>;
/** A tree on one interface. */
export type TreeInterface = z.output<typeof treeInterface>;

const groupRow = z.object({
  interface: z.string(),
  group: z.string(),
  state: z.enum(["MembersPresent", "Version1MembersPresent", "CheckingMembership"]),
  lastReporter: z.string(),
  expiresInSeconds: seconds,
});

/** Every group with members. */
export const groupsSchema = z.object({ version: VERSION, groups: z.array(groupRow) });
/** Answer of GET /v1/groups. */
export type GroupsAnswer = z.output<typeof groupsSchema>;

const mrouteRow = z.object({
  source: z.string(),
  group: z.string(),
  incoming: z.string().nullable(),
  outgoing: z.array(z.string()),
  packets: uint,
  bytes: uint,
  wrongInterface: uint,
  unresolved: z.boolean(),
});

/** The kernel's forwarding entries. */
export const mrouteSchema = z.object({ version: VERSION, entries: z.array(mrouteRow) });
/** Answer of GET /v1/mroute. */
export type MrouteAnswer = z.output<typeof mrouteSchema>;
/** One of its rows. */
export type MrouteRow = z.output<typeof mrouteRow>;

/** Who answers. */
export const versionSchema = z.object({ version: VERSION, program: z.string(), pid: uint });

/** What became of a change: a sentence. */
export const doneSchema = z.object({ version: VERSION, message: z.string() });

/** Why a request was not fulfilled: a sentence. */
export const errorSchema = z.object({ error: z.string() });
