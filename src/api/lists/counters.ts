// The list of counters. They start at 0 when the daemon first sees the interface, go with it, and never fall.
import { z } from "zod";
import { apiVersion, uint } from "./fields.ts";

const hpimMessages = z.object({
  hello: uint,
  sync: uint,
  iamUpstream: uint,
  iamNoLongerUpstream: uint,
  interest: uint,
  noInterest: uint,
  ack: uint,
});

const row = z.object({
  /** null: all interfaces that the daemon did not know when something arrived on them. */
  interface: z.string().nullable(),
  /** Messages that were understood, whatever became of them. */
  received: z.object({
    hpim: hpimMessages,
    igmp: z.object({
      query: uint,
      version1Report: uint,
      version2Report: uint,
      version3Report: uint,
      leave: uint,
    }),
  }),
  /** Messages that left, retransmissions included. */
  sent: z.object({ hpim: hpimMessages, igmp: z.object({ query: uint }) }),
  retransmissions: uint,
  neighborFailures: z.object({
    goodbye: uint,
    silent: uint,
    "no acknowledgement": uint,
    "no synchronisation": uint,
    "interface ended": uint,
  }),
  /** Why something was dropped; reasons that never came up are left out. docs/counters.md explains each. */
  dropped: z.array(
    z.object({
      protocol: z.enum(["HPIM-DM", "IGMP", "IPv4", "data"]),
      reason: z.string(),
      count: uint,
    }),
  ),
});

/** What every interface has received, sent and dropped. */
export const countersSchema = z.object({ version: apiVersion, counters: z.array(row) });
/** Answer of GET /v1/counters. */
export type CountersAnswer = z.output<typeof countersSchema>;
/** One of its rows. */
export type CountersRow = z.output<typeof row>;
