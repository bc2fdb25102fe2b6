// Three routers about one tree, with everything that Acks can do (protocol.md §8.2), and what is to be found in it.
import type { Address } from "../../src/base/address.ts";
import { ip } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import { encodeMessage } from "../../src/wire/hpim.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import type { WrittenFrame } from "../support/capture-files.ts";
import { ethernet } from "../support/capture-files.ts";

const [R1, R2, R3, ALL] = [ip("10.0.0.1"), ip("10.0.0.2"), ip("10.0.0.3"), ip("224.0.0.13")];
const TREE = { source: ip("10.1.1.100"), group: ip("239.1.1.1") };
const RPC = { preference: 4, metric: 20 };
const BOOT = bootTime(1_700_000_000);

const frame = (source: Address, destination: Address, message: Message): WrittenFrame => ({
  bytes: ethernet(
    [0x0800],
    encodeIpv4({
      ...{ source, destination, ttl: 1, protocol: 103, tos: 0xc0, routerAlert: false },
      payload: encodeMessage(message, null),
    }),
  ),
});

const ack = (from: Address, to: Address, sn: number, of: number = BOOT): WrittenFrame =>
  frame(from, to, {
    ...{ kind: "ack", bootTime: BOOT, ...TREE, neighborBootTime: bootTime(of) },
    ...{ neighborSsn: sequenceNumber(1), mySsn: sequenceNumber(2), neighborSn: sequenceNumber(sn) },
  });

const news = (from: Address, sn: number): WrittenFrame =>
  frame(from, ALL, {
    ...{ kind: "iamUpstream", bootTime: BOOT, ...TREE, sn: sequenceNumber(sn), rpc: RPC },
  });

const noNews = (from: Address, sn: number): WrittenFrame =>
  frame(from, ALL, {
    ...{ kind: "iamNoLongerUpstream", bootTime: BOOT, ...TREE, sn: sequenceNumber(sn) },
  });

const interest = (
  kind: "interest" | "noInterest",
  from: Address,
  to: Address,
  sn: number,
): WrittenFrame => frame(from, to, { kind, bootTime: BOOT, ...TREE, sn: sequenceNumber(sn) });

/** The frames, in the order of their numbers from 1 on. */
export const CONVERSATION: readonly WrittenFrame[] = [
  news(R1, 5),
  ack(R2, R1, 5),
  // A copy for R3, which has not heard the first one.
  news(R1, 5),
  ack(R3, R1, 5),
  interest("interest", R2, R1, 7),
  // Not from whom it went to.
  ack(R3, R2, 7),
  interest("noInterest", R2, R1, 8),
  // Which is an Ack of what was said before, too.
  ack(R1, R2, 8),
  noNews(R3, 2),
  // Of another life of R3.
  ack(R2, R3, 2, BOOT - 1),
  interest("interest", R3, R1, 3),
  // A higher number, but from another than it went to.
  ack(R2, R3, 4),
];

/** What each Ack acknowledges, by its frame; null: nothing. */
export const ACKNOWLEDGES: Readonly<Record<number, number | null>> = {
  ...{ 2: 1, 4: 3, 6: null, 8: 7, 10: null, 12: null },
};

/** In which frames the others are acknowledged. */
export const ACKNOWLEDGED_IN: Readonly<Record<number, readonly number[]>> = {
  ...{ 1: [2, 4], 3: [2, 4], 5: [], 7: [8], 9: [], 11: [] },
};

/** Copies, by their frames, and the first frame that says the same. */
export const REPEATS: Readonly<Record<number, number>> = { 3: 1 };

/** What nobody has acknowledged who should: frame 9 is, by the last Ack. */
export const NEVER_ACKNOWLEDGED: readonly number[] = [11];
