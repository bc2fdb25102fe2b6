// The list of interfaces: what they are, and what runs on each.
import { z } from "zod";
import { ALGORITHM_NAMES } from "../algorithms.ts";
import { apiVersion, seconds, uint } from "./fields.ts";

/** Whether a protocol runs on an interface; `problem` says what keeps a configured one from it. */
const protocolState = z.enum(["off", "waiting", "refused", "running"]);

const prefixes = z.object({ groups: z.array(z.string()), sources: z.array(z.string()) });

const row = z.object({
  name: z.string(),
  index: uint,
  /** Administratively up, and with carrier. */
  up: z.boolean(),
  loopback: z.boolean(),
  mtu: uint,
  /** With the length of the subnet, primary ones first. */
  addresses: z.array(z.string()),
  vif: uint.nullable(),
  /** Why something that is configured does not run: a sentence. */
  problem: z.string().nullable(),
  /** Which trees are allowed on it, by prefixes (protocol.md §2.4); null: all. */
  boundary: z.object({ allow: prefixes, deny: prefixes }).nullable(),
  /** Packets leave by it only if they arrived with a greater TTL. */
  ttlThreshold: uint,
  hpim: z.object({
    state: protocolState,
    /** Ours; null, as bootTime, where it does not run. */
    address: z.string().nullable(),
    bootTime: uint.nullable(),
    neighbors: uint,
    /** The key that signs; null: nothing is signed. */
    signsWith: z.object({ identifier: uint, algorithm: z.enum(ALGORITHM_NAMES) }).nullable(),
  }),
  igmp: z.object({
    state: protocolState,
    /** null, as querier, where it does not run. */
    role: z.enum(["Querier", "NonQuerier"]).nullable(),
    querier: z.string().nullable(),
    /** Until another querier counts as gone; null: we are the querier. */
    querierExpiresInSeconds: seconds.nullable(),
  }),
});

/** Every interface of the machine. */
export const interfacesSchema = z.object({
  version: apiVersion,
  interfaces: z.array(row),
  /** Names of interfaces for which something is configured, and which the machine does not have. */
  missing: z.array(z.string()),
});
/** Answer of GET /v1/interfaces. */
export type InterfacesAnswer = z.output<typeof interfacesSchema>;
/** One of its rows. */
export type InterfaceRow = z.output<typeof row>;
