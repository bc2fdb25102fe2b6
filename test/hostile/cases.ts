// Every kind of packet that is not to be used: malformed, foreign, stale, about what is not routed. One table, which runs
// on the simulator and on the real kernel (battlefield.ts).
import { ip } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message, Sync } from "../../src/core/messages.ts";
import type { DropReason } from "../../src/daemon/drops.ts";
import type { HostileCase } from "./hostile-case.ts";
import { ALL_ROUTERS, R1, R1_OTHER, R2, STRANGER } from "./hostile-case.ts";
import { IGMP_CASES } from "./igmp-cases.ts";
import {
  type Addressed,
  CHECKPOINT,
  digits,
  HOLD_TIME,
  headed,
  hello,
  hpim,
  hpimBytes,
} from "./packets.ts";

const toAll: Addressed = { from: STRANGER, to: ALL_ROUTERS };
const toR1: Addressed = { from: STRANGER, to: R1 };
const fromR2: Addressed = { from: R2, to: R1 };
const TREE = `${digits("10.1.1.100")} ${digits("239.9.9.9")}`;
const LARGEST_PAYLOAD_BYTES = 65_000;
const SYNC_HEAD_BYTES = 24;
const ENTRY_BYTES = 16;

const malformed = (
  name: string,
  reason: DropReason,
  ...messages: readonly (string | Uint8Array)[]
): HostileCase => ({
  name,
  protocol: "HPIM-DM",
  reason,
  packets: () => messages.map((bytes) => hpimBytes(bytes, toAll)),
});

/** What has no room for a signature. */
export const CUT_HEADERS: readonly HostileCase[] = [
  malformed("nothing at all, and a header that is cut", "too short", "", "00000007 00 0000"),
  malformed(
    "a signature longer than the message",
    "truncated security value",
    "00000007 00 0000 20",
    "00000007 00 0000 ff 00",
  ),
];

const SIGNED_WITHOUT_KEYS = malformed(
  "signed messages where there are no keys",
  "signed, but there are no keys",
  `00000007 00 0001 04 01020304 ${HOLD_TIME}`,
  "ffffffff ff ffff 01 ff",
);

const MALFORMED: readonly HostileCase[] = [
  malformed("other versions", "unknown version", headed("10", HOLD_TIME), headed("f0", HOLD_TIME)),
  malformed("other types", "unknown type", headed("07", HOLD_TIME), headed("0f", HOLD_TIME)),
  malformed("Hellos without HoldTime", "no HoldTime", headed("00", ""), headed("00", CHECKPOINT)),
  malformed(
    "options that reach beyond the end, known and unknown ones",
    "truncated option",
    headed("00", "0001 00"),
    headed("00", "0001 0002 00"),
    headed("00", `${HOLD_TIME} 7777 ffff 00`),
  ),
  malformed(
    "options of another length",
    "option of wrong length",
    headed("00", "0001 0004 00000028"),
    headed("00", "0001 0000"),
    headed("00", `${HOLD_TIME} 0002 0002 0001`),
  ),
  malformed("an option twice", "repeated option", headed("00", `${HOLD_TIME} ${HOLD_TIME}`)),
  malformed(
    "bodies that are too short for their type",
    "too short",
    headed("01", "00000001 00000000 00000000"),
    headed("02", `${TREE} 00000001 00000001`),
    headed("03", TREE),
    headed("04", digits("10.1.1.100")),
    headed("05", `${TREE} 0000`),
    headed("06", `${TREE} 00000001 00000001 00000001`),
  ),
  malformed(
    "a Sync whose last entry is cut",
    "truncated Sync entry",
    headed("01", `00000001 00000000 00000000 c0000000 ${TREE} 00000001 000000`),
  ),
  malformed(
    "the longest messages there are: one option after the other, none of them HoldTime",
    "no HoldTime",
    new Uint8Array(LARGEST_PAYLOAD_BYTES),
  ),
  malformed(
    "the longest messages there are: ones, but for SecurityLength",
    "unknown version",
    new Uint8Array(LARGEST_PAYLOAD_BYTES).fill(0xff).fill(0, 7, 8),
  ),
];

const hpimCase = (
  name: string,
  reason: DropReason,
  packets: HostileCase["packets"],
): HostileCase => ({ name, protocol: "HPIM-DM", reason, packets });

const sync = (given: Partial<Sync>): Sync => ({
  kind: "sync",
  ...{ bootTime: bootTime(7), mySsn: sequenceNumber(1), neighborSsn: sequenceNumber(0) },
  ...{ neighborBootTime: bootTime(1), leader: true, syncSn: 0 },
  part: { more: false, options: { holdTimeSeconds: 40 } },
  ...given,
});

const ABOUT = { source: ip("10.1.1.100"), group: ip("239.9.9.9") };
const TREE_HEAD = { bootTime: bootTime(7), sn: sequenceNumber(1), ...ABOUT };
const UPSTREAM: Message = {
  kind: "iamUpstream",
  ...TREE_HEAD,
  rpc: { preference: 0, metric: 0 },
};
const ACK: Message = {
  kind: "ack",
  ...{ bootTime: bootTime(7), ...ABOUT, neighborBootTime: bootTime(1) },
  ...{ neighborSsn: sequenceNumber(1), mySsn: sequenceNumber(1), neighborSn: sequenceNumber(1) },
};
const UNICAST: readonly Message[] = [
  sync({}),
  { kind: "interest", ...TREE_HEAD },
  { kind: "noInterest", ...TREE_HEAD },
  ACK,
];

const FOREIGN: readonly HostileCase[] = [
  hpimCase("Hellos that may have come from afar, or cannot have come", "TTL not 1", () =>
    [0, 2, 64, 255].map((ttl) => hpim(hello(), { ...toAll, ttl })),
  ),
  hpimCase(
    "senders of other subnets, of none, and under the subnet's own addresses",
    "sender not on link",
    () =>
      ["10.1.1.100", "10.7.7.66", "192.0.2.1", "0.0.0.0", "10.2.0.0", "10.2.255.255"].map((from) =>
        hpim(hello(), { from, to: ALL_ROUTERS }),
      ),
  ),
  {
    ...hpimCase("senders that nobody can be", "sender not on link", () =>
      ["127.0.0.1", "224.0.0.13", "239.1.1.1", "255.255.255.255"].map((from) =>
        hpim(hello(), { from, to: ALL_ROUTERS }),
      ),
    ),
    kernelTakesNone: true,
  },
  {
    ...hpimCase("our own addresses, of this and of another link", "own address", () =>
      [R1, R1_OTHER].map((from) => hpim(hello(), { from, to: ALL_ROUTERS })),
    ),
    kernelTakesNone: true,
  },
  hpimCase("messages for all that are sent to one, or to other groups", "wrong destination", () => [
    ...[R1, R1_OTHER, "224.0.0.1", "224.0.0.2"].map((to) => hpim(hello(), { from: STRANGER, to })),
    hpim(UPSTREAM, toR1),
    hpim({ kind: "iamNoLongerUpstream", ...TREE_HEAD }, toR1),
  ]),
  hpimCase(
    "messages for one that are sent to all, or to another address of ours",
    "wrong destination",
    () =>
      [toAll, { from: STRANGER, to: R1_OTHER }].flatMap((addressed) =>
        UNICAST.map((message) => hpim(message, addressed)),
      ),
  ),
];

/** As many trees as the longest datagram carries: 4,061. */
const manyEntries = Array.from(
  { length: Math.floor((LARGEST_PAYLOAD_BYTES - SYNC_HEAD_BYTES) / ENTRY_BYTES) },
  (_, n) => ({
    source: ip("10.1.1.100"),
    group: ip(`239.5.${n >> 8}.${n & 0xff}`),
    rpc: { preference: 0, metric: 0 },
  }),
);

const EXCLUDED: readonly (readonly [source: string, group: string])[] = [
  ["127.0.0.1", "239.9.9.9"],
  ["0.0.0.0", "239.9.9.9"],
  ["239.1.1.1", "239.9.9.9"],
  ["255.255.255.255", "239.9.9.9"],
  ["169.254.1.1", "239.9.9.9"],
  ["10.1.1.100", "224.0.0.5"],
  ["10.1.1.100", "10.1.1.1"],
  ["10.1.1.100", "0.0.0.0"],
];

const UNSOLICITED: readonly HostileCase[] = [
  hpimCase("goodbyes of strangers", "goodbye of a stranger", () => [
    hpim(hello({ hold: 0 }), toAll),
    hpim(hello({ hold: 0 }), { from: "10.2.2.67", to: ALL_ROUTERS }),
  ]),
  hpimCase("a Sync of 4,061 trees for which nobody asked", "Sync for another BootTime", () => [
    hpim(sync({ part: { more: true, entries: manyEntries } }), toR1),
  ]),
  hpimCase("Syncs with a number that no snapshot has", "Sync out of order", ({ us }) => [
    hpim(sync({ neighborBootTime: us.bootTime, mySsn: sequenceNumber(0) }), toR1),
  ]),
  hpimCase("what the neighbor said in a former life", "stale BootTime", ({ us, neighbor }) => {
    const former = bootTime(neighbor.bootTime - 1);
    return [
      hpim(hello({ bootTime: former }), { from: R2, to: ALL_ROUTERS }),
      hpim(hello({ bootTime: former, hold: 0 }), { from: R2, to: ALL_ROUTERS }),
      hpim(sync({ bootTime: former, neighborBootTime: us.bootTime }), fromR2),
      hpim({ ...ACK, bootTime: former }, fromR2),
      hpim({ kind: "interest", ...TREE_HEAD, bootTime: former }, fromR2),
    ];
  }),
  hpimCase(
    "a Hello that the neighbor's later ones have overtaken",
    "stale Hello",
    ({ neighbor }) => {
      const options = { holdTimeSeconds: 1, checkpointSn: sequenceNumber(0) };
      const message: Message = { kind: "hello", bootTime: neighbor.bootTime, options };
      return [hpim(message, { from: R2, to: ALL_ROUTERS })];
    },
  ),
  hpimCase(
    "Syncs of the neighbor that are long done, or not yet due",
    "Sync out of order",
    (scene) => {
      const { neighbor, us } = scene;
      const current = { bootTime: neighbor.bootTime, neighborBootTime: us.bootTime };
      const numbers = { mySsn: neighbor.neighborSsn, neighborSsn: neighbor.mySsn };
      const entries = [{ ...ABOUT, rpc: { preference: 0, metric: 0 } }];
      return [
        hpim(sync({ ...current, ...numbers, syncSn: 1000 }), fromR2),
        hpim(sync({ ...current, ...numbers, syncSn: 1000, part: { more: true, entries } }), fromR2),
        hpim(
          sync({ ...current, ...numbers, mySsn: sequenceNumber(neighbor.neighborSsn - 1) }),
          fromR2,
        ),
      ];
    },
  ),
  hpimCase("what the neighbor said before its snapshot", "stale sequence number", (scene) => {
    const { bootTime: current, neighborSsn: sn } = scene.neighbor;
    const head = { ...TREE_HEAD, bootTime: current, sn };
    const rpc = { preference: 0, metric: 0 };
    return [
      hpim({ kind: "iamUpstream", ...head, rpc }, { from: R2, to: ALL_ROUTERS }),
      hpim({ kind: "interest", ...head }, fromR2),
      hpim({ kind: "noInterest", ...head, ...scene.tree }, fromR2),
      hpim({ kind: "noInterest", ...head, ...scene.tree, sn: sequenceNumber(0) }, fromR2),
    ];
  }),
  hpimCase(
    "Acks of nothing, or with numbers that are not the pair's",
    "Ack of nothing",
    (scene) => {
      const { neighbor, us, tree } = scene;
      const right = {
        kind: "ack",
        ...{ bootTime: neighbor.bootTime, neighborBootTime: us.bootTime, ...tree },
        ...{ mySsn: neighbor.neighborSsn, neighborSsn: neighbor.mySsn },
        neighborSn: sequenceNumber(0xffff_ffff),
      } as const;
      return [
        hpim(right, fromR2),
        hpim({ ...right, neighborBootTime: bootTime(us.bootTime + 1) }, fromR2),
        hpim({ ...right, mySsn: sequenceNumber(right.mySsn + 1) }, fromR2),
        hpim({ ...right, ...ABOUT }, fromR2),
      ];
    },
  ),
  hpimCase("fresh messages about trees that are not routed", "excluded tree", ({ neighbor }) =>
    EXCLUDED.flatMap(([source, group]) => {
      const sn = sequenceNumber(0xffff_fff0);
      const head = { bootTime: neighbor.bootTime, source: ip(source), group: ip(group), sn };
      const rpc = { preference: 0, metric: 0 };
      return [
        hpim({ kind: "iamUpstream", ...head, rpc }, { from: R2, to: ALL_ROUTERS }),
        hpim({ kind: "interest", ...head }, fromR2),
      ];
    }),
  ),
];

/** Those of HPIM-DM that have a whole header, and no signature. */
export const MESSAGE_CASES: readonly HostileCase[] = [...MALFORMED, ...FOREIGN, ...UNSOLICITED];

/** All cases, where there are no keys. */
export const HOSTILE_CASES: readonly HostileCase[] = [
  ...CUT_HEADERS,
  SIGNED_WITHOUT_KEYS,
  ...MESSAGE_CASES,
  ...IGMP_CASES,
];
