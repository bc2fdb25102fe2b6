// Streams of packets of which each is new: from ever other neighbors, about ever other trees, groups and flows.
import { ip, writeAddress } from "../../src/base/address.ts";
import type { BootTime, SequenceNumber } from "../../src/base/units.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message, Sync, TreeId } from "../../src/core/messages.ts";
import { ALL_ROUTERS } from "./hostile-case.ts";
import { type Addressed, data, hello, hpim, igmp } from "./packets.ts";

/** A number, u32, at an offset of a datagram, that grows by `step` from one copy to the next. */
export interface Rising {
  readonly offset: number;
  readonly first: number;
  readonly step: number;
}

/** A datagram of which every copy is another one. */
export interface EverNew {
  readonly datagram: Uint8Array;
  readonly rising: readonly Rising[];
}

/** Who sends them, to whom, and what both know of each other. */
export interface Stranger {
  readonly address: string;
  readonly router: string;
  readonly routerBootTime: BootTime;
  /** From here on addresses on its link are nobody's. */
  readonly firstOfOthers: string;
}

/** Of the stranger. */
export const BOOT_TIME: BootTime = bootTime(7);
const SSN = sequenceNumber(1);
const HIGHEST_SN = 0xffff_fff0;
const HOLD_TIME_SECONDS = 5;

const IP_SOURCE = 12;
const IP_DESTINATION = 16;
/** Of messages of HPIM-DM (§2.1), and of those about trees (§2.2). */
const SENDERS_BOOT_TIME = 20;
const SOURCE = 28;
const GROUP = 32;
const SN = 36;
/** Of IGMP with Router Alert, and without. */
const IGMP_GROUP = 28;
const BARE_IGMP_GROUP = 24;
const FIRST_RECORD_GROUP = 36;
const RECORD_BYTES = 8;
/** What an Ethernet frame carries. */
const RECORDS = 183;

function numberOf(address: string): number {
  const view = new DataView(new ArrayBuffer(4));
  writeAddress(new Uint8Array(view.buffer), 0, ip(address));
  return view.getUint32(0);
}

const rising = (offset: number, first: string | number, step = 1): Rising => ({
  offset,
  first: typeof first === "string" ? numberOf(first) : first,
  step,
});

const toRouter = ({ address: from, router: to }: Stranger): Addressed => ({ from, to });
const toAll = ({ address: from }: Stranger): Addressed => ({ from, to: ALL_ROUTERS });

/** What a stranger that leads says in the synchronisation. */
export function syncOf(stranger: Stranger, given: Partial<Sync> = {}): Uint8Array {
  const sync: Sync = {
    ...{ kind: "sync", bootTime: BOOT_TIME, mySsn: SSN, neighborSsn: sequenceNumber(0) },
    ...{ neighborBootTime: stranger.routerBootTime, leader: true, syncSn: 0 },
    part: { more: false, options: { holdTimeSeconds: HOLD_TIME_SECONDS } },
    ...given,
  };
  return hpim(sync, toRouter(stranger));
}

/** Keeps the stranger alive. */
export const stillThere = (stranger: Stranger): EverNew => ({
  datagram: hpim(hello({ hold: HOLD_TIME_SECONDS }), toAll(stranger)),
  rising: [],
});

/** Of a stranger that is SYNCED: its Ack of whatever the router says of a tree. */
export function acknowledge(
  stranger: Stranger,
  neighborSsn: SequenceNumber,
  { source, group }: TreeId,
): EverNew {
  const ack: Message = {
    ...{ kind: "ack", bootTime: BOOT_TIME, source, group },
    ...{ neighborBootTime: stranger.routerBootTime, neighborSsn, mySsn: SSN },
    neighborSn: sequenceNumber(HIGHEST_SN),
  };
  return { datagram: hpim(ack, toRouter(stranger)), rising: [] };
}

/** Hellos and Syncs of ever other neighbors, and Hellos of one that begins anew with each (§6.2). */
export function manyNeighbors(stranger: Stranger): readonly EverNew[] {
  const { firstOfOthers } = stranger;
  const others = [rising(IP_SOURCE, firstOfOthers)];
  const oneOther = { ...toAll(stranger), from: firstOfOthers };
  return [
    { datagram: hpim(hello(), toAll(stranger)), rising: others },
    { datagram: syncOf(stranger), rising: others },
    { datagram: hpim(hello(), oneOther), rising: [rising(SENDERS_BOOT_TIME, BOOT_TIME + 1)] },
  ];
}

/** From here on trees are those of `manyTrees`. */
const FIRST_TREE = { source: "12.0.0.0", group: "225.0.0.0" };
const tree = { source: ip(FIRST_TREE.source), group: ip(FIRST_TREE.group) };
const trees = [rising(SOURCE, FIRST_TREE.source), rising(GROUP, FIRST_TREE.group)];
const head = { bootTime: BOOT_TIME, sn: sequenceNumber(2), ...tree };

/** Offers of ever other trees by a stranger that is SYNCED, and its Acks of what the router says of them. */
export function manyTrees(stranger: Stranger, neighborSsn: SequenceNumber): readonly EverNew[] {
  const offer: Message = { kind: "iamUpstream", ...head, rpc: { preference: 0, metric: 0 } };
  return [
    { datagram: hpim(offer, toAll(stranger)), rising: [...trees, rising(SN, 2)] },
    { ...acknowledge(stranger, neighborSsn, tree), rising: trees },
  ];
}

/** The same one's interest in ever other trees. */
export const muchInterest = (stranger: Stranger): EverNew => ({
  datagram: hpim({ kind: "interest", ...head }, toRouter(stranger)),
  rising: [rising(SOURCE, "13.0.0.0"), rising(GROUP, FIRST_TREE.group), rising(SN, 2)],
});

/** Reports of ever other groups: of versions 2 and 3, and without Router Alert as version 1 has none. */
export function manyGroups({ address: from }: Stranger): readonly EverNew[] {
  const [first, second, third] = ["226.0.0.0", "227.0.0.0", "228.0.0.0"] as const;
  const version2 = { kind: "report", version: 2, group: ip(first) } as const;
  const version1 = { kind: "report", version: 1, group: ip(third) } as const;
  const record = { type: "isExclude", group: ip(second), sources: [] } as const;
  const records = Array.from({ length: RECORDS }, () => record);
  return [
    {
      datagram: igmp(version2, { from, to: first }),
      rising: [rising(IP_DESTINATION, first), rising(IGMP_GROUP, first)],
    },
    {
      datagram: igmp({ kind: "version3Report", records }, { from, to: "224.0.0.22" }),
      rising: records.map((_, i) =>
        rising(FIRST_RECORD_GROUP + RECORD_BYTES * i, numberOf(second) + i, RECORDS),
      ),
    },
    {
      datagram: igmp(version1, { from, to: third, routerAlert: false }),
      rising: [rising(IP_DESTINATION, third), rising(BARE_IGMP_GROUP, third)],
    },
  ];
}

/** Data of ever other flows from nowhere. */
export const manyFlows = (): readonly EverNew[] => [
  {
    datagram: data({ from: "203.0.113.9", to: "229.0.0.0" }),
    rising: [rising(IP_DESTINATION, "229.0.0.0")],
  },
];
