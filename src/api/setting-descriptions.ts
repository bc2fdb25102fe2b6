// What each setting is, in a few words: for the help of the command line, and for editors (described-schema.ts).
import type { hpimOfInterface, hpimOfRouter, igmpOfInterface } from "./configuration-file.ts";

type SettingName =
  | keyof typeof hpimOfRouter
  | keyof typeof hpimOfInterface
  | keyof typeof igmpOfInterface;

/** A part of a sentence for each setting, by its name in the configuration file. */
export const DESCRIPTIONS: Readonly<Record<SettingName, string>> = {
  routingTable: "number of the kernel's table in which routes to sources are looked up",
  sourceActiveTime: "a source is silent after so long without a packet",
  floodInitialData: "forward at first also where nobody has said yet whether they want it",
  initialFloodTime: "how long to forward where nobody has said whether they want it",
  preferences: "preferences of routes by routing protocol, in place of its number",
  treesPerNeighborLimit: "most trees of which one neighbor is upstream",
  treeLimit: "most trees",
  dataEntryLimit: "most flood and blocking entries in the kernel",
  sequenceNumberLimit: "for labs: no sequence number is as high",
  windowLimit: "most messages that are under way to a neighbor",
  helloPeriod: "time between Hellos; neighbors hold for four of them",
  triggeredHelloDelay: "the first Hello leaves after a random time up to this",
  syncRetransmissionTime: "after so long without an answer a Sync is sent again",
  syncHoldTime: "after so long without progress a neighbor that synchronises fails",
  retransmissionTime: "after so long without all Acks a message is sent again",
  ackFailureThreshold: "a neighbor fails that owes the Ack of a message more often than this",
  holdForwarding: "keep forwarding for a while after another router on the link took over",
  holdForwardingTime: "how long to keep forwarding after another router took over",
  treesPerSync: "trees in one Sync; unless set, as many as the MTU carries",
  neighborLimit: "most neighbors on an interface",
  robustnessVariable: "IGMP bears one lost message less than this",
  queryInterval: "time between general queries",
  queryResponseInterval: "hosts answer a general query within this time",
  startupQueryInterval: "time between the first general queries",
  startupQueryCount: "how many general queries are the first",
  lastMemberQueryInterval: "time between the queries after a leave; hosts answer within it",
  lastMemberQueryCount: "queries after a leave",
  version1RouterPresentTimeout: "a router that speaks IGMPv1 counts as present for so long",
  groupLimit: "most groups with members on an interface",
};
