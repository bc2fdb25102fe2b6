// Any message of HPIM-DM or IGMP that can be written, from a seeded generator: quicker by far than those of fast-check.
import type { Address, Family } from "../../src/base/address.ts";
import { addressBytes, ip, readAddress } from "../../src/base/address.ts";
import type { Random } from "../../src/base/random.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { HelloOptions, Message, Sync, TreeId } from "../../src/core/messages.ts";
import type { GroupRecord, IgmpMessage, Query } from "../../src/membership/messages.ts";
import { happens, pick } from "../../tools/campaign/generate.ts";

const BOUNDS = [0, 1, 2, 3, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff] as const;
const MOST_ENTRIES = 6;
const SYNC_SNS = 2 ** 30;
const KINDS: readonly Message["kind"][] = [
  ...(["hello", "sync", "iamUpstream", "iamNoLongerUpstream"] as const),
  ...(["interest", "noInterest", "ack"] as const),
];
const RECORD_TYPES: readonly GroupRecord["type"][] = [
  ...(["isInclude", "isExclude", "toInclude"] as const),
  ...(["toExclude", "allowNewSources", "blockOldSources"] as const),
];

/** A number of 32 bits: on a bound, small, or any. */
export function anyU32(random: Random): number {
  const what = random.below(3);
  if (what === 0) return pick(random, BOUNDS);
  return random.below(what === 1 ? 300 : 2 ** 32);
}

/** An address of the family. */
export function anyAddress(random: Random, family: Family): Address {
  const bytes = Uint8Array.from({ length: addressBytes(family) }, () => random.below(256));
  return readAddress(bytes, 0, family);
}

const anyGroup = (random: Random): Address =>
  happens(random, 50)
    ? ip(`239.${random.below(3)}.${random.below(3)}.${random.below(256)}`)
    : anyAddress(random, 4);

const listOf = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: random.below(most + 1) }, make);

const anyOptions = (random: Random): HelloOptions => ({
  ...(happens(random, 80) && { holdTimeSeconds: anyU32(random) % 0x1_0000 }),
  ...(happens(random, 50) && { checkpointSn: sequenceNumber(anyU32(random)) }),
  ...(happens(random, 30) && { holdTimeMillis: anyU32(random) }),
});

/** Whatever a message may be about and say; `tree` makes a tree. */
function anySync(random: Random, tree: () => TreeId): Sync {
  const part: Sync["part"] = happens(random, 50)
    ? { more: false, options: anyOptions(random) }
    : {
        more: true,
        entries: listOf(random, MOST_ENTRIES, () => ({
          ...tree(),
          rpc: { preference: anyU32(random), metric: anyU32(random) },
        })),
      };
  return {
    kind: "sync",
    bootTime: bootTime(anyU32(random)),
    mySsn: sequenceNumber(anyU32(random)),
    neighborSsn: sequenceNumber(anyU32(random)),
    neighborBootTime: bootTime(anyU32(random)),
    leader: happens(random, 50),
    syncSn: anyU32(random) % SYNC_SNS,
    part,
  };
}

/** A message about trees that `tree` makes. */
export function anyMessage(random: Random, tree: () => TreeId): Message {
  const kind = pick(random, KINDS);
  const head = { bootTime: bootTime(anyU32(random)) };
  const numbers = (): number => anyU32(random);
  switch (kind) {
    case "hello": {
      const options = anyOptions(random);
      return { kind, ...head, options: { holdTimeSeconds: numbers() % 0x1_0000, ...options } };
    }
    case "sync":
      return anySync(random, tree);
    case "iamUpstream": {
      const rpc = { preference: numbers(), metric: numbers() };
      return { kind, ...head, ...tree(), sn: sequenceNumber(numbers()), rpc };
    }
    case "ack":
      return {
        ...{ kind, ...head, ...tree(), neighborBootTime: bootTime(numbers()) },
        ...{ neighborSsn: sequenceNumber(numbers()), mySsn: sequenceNumber(numbers()) },
        neighborSn: sequenceNumber(numbers()),
      };
    default:
      return { kind, ...head, ...tree(), sn: sequenceNumber(numbers()) };
  }
}

/** A message about any trees of the family. */
export const anyMessageOf = (random: Random, family: Family): Message =>
  anyMessage(random, () => ({
    source: anyAddress(random, family),
    group: anyAddress(random, family),
  }));

function anyQuery(random: Random): Query {
  const version = pick(random, [1, 2, 3] as const);
  const maxResponseTenths = version === 1 ? 0 : 1 + random.below(255);
  const group = happens(random, 50) ? null : anyGroup(random);
  const keepsTimer = version === 3 && happens(random, 30) ? { keepsGroupTimer: true } : {};
  return { kind: "query", version, group, maxResponseTenths, ...keepsTimer };
}

/** A message of IGMP. */
export function anyIgmp(random: Random): IgmpMessage {
  switch (random.below(4)) {
    case 0:
      return anyQuery(random);
    case 1:
      return { kind: "report", version: pick(random, [1, 2] as const), group: anyGroup(random) };
    case 2:
      return { kind: "leave", group: anyGroup(random) };
    default:
      return {
        kind: "version3Report",
        records: listOf(random, MOST_ENTRIES, () => ({
          type: pick(random, RECORD_TYPES),
          group: anyGroup(random),
          sources: listOf(random, 3, () => anyAddress(random, 4)),
        })),
      };
  }
}
