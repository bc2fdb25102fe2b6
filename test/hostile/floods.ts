// Thousands of packets that are well-formed and mean to fill us: bounds hold, all that exceeds them is counted, and when
// it is over the network is as it was (P7).
import assert from "node:assert/strict";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type { BootTime } from "../../src/base/units.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message, SnapshotEntry, Sync } from "../../src/core/messages.ts";
import type { Battlefield } from "./battlefield.ts";
import {
  countersOf,
  DATA_ENTRY_LIMIT,
  dropsOf,
  expectData,
  expectFewReports,
  GROUP_LIMIT,
  NEIGHBOR_LIMIT,
  prepare,
  sceneOf,
  stateOfAll,
  TREES_PER_NEIGHBOR,
} from "./battlefield.ts";
import { ALL_ROUTERS, R1, STRANGER } from "./hostile-case.ts";
import { data, hello, hpim, igmp } from "./packets.ts";

const THOUSANDS = 3_000;
/** As many as the longest datagram carries. */
const ENTRIES = 4_061;
const RECORDS = 100;
const OTHER_STRANGER = "10.2.2.77";

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
const groupOf = (n: number): string => `239.5.${n >> 8}.${n & 0xff}`;
const RPC = { preference: 0, metric: 0 };

const tooMany = (what: "neighbors" | "trees of a neighbor") =>
  ({ protocol: "HPIM-DM", reason: `too many ${what}` }) as const;
const tooManyGroups = { protocol: "IGMP", reason: "too many groups" } as const;

/** Sends packets. R1 takes all of them: `counted` rises with each. */
async function flood(
  field: Battlefield,
  packets: readonly Uint8Array[],
  counted: () => Promise<number>,
): Promise<void> {
  const before = await counted();
  await field.inject(packets);
  await field.network.until(async () => {
    assert.equal((await counted()) - before, packets.length, "all have arrived");
  });
}

/** Runs `attack` while the tree runs; then all is as it was. */
async function withstand(field: Battlefield, attack: () => Promise<void>): Promise<void> {
  const { network } = field;
  const before = await stateOfAll(field);
  await attack();
  await network.until(async () => {
    for (const router of ["R1", "R2"]) {
      assert.equal((await network.neighbors(router)).length, 1);
      assert.equal((await network.trees(router)).length, 1);
    }
    assert.deepEqual(await network.groups("R1"), []);
    assert.equal((await network.groups("R2")).length, 1);
  });
  await network.until(async () => assert.deepEqual(await stateOfAll(field), before));
  await expectData(field);
  expectFewReports(field);
}

async function strangersMet(field: Battlefield): Promise<number> {
  const neighbors = await field.network.neighbors("R1");
  const { neighborFailures } = await countersOf(field);
  assert.ok(neighbors.length <= NEIGHBOR_LIMIT);
  assert.equal(neighbors[0]?.state, "SYNCED", "the real neighbor, whose address is the lowest");
  return neighbors.length - 1 + neighborFailures["no synchronisation"];
}

/** Hellos of thousands of neighbors that are none. */
const floodOfNeighbors = (field: Battlefield) => async (): Promise<void> => {
  const packets = numbers(THOUSANDS).map((n) => {
    const from = `10.2.${100 + (n >> 7)}.${1 + (n & 0x7f)}`;
    return hpim(hello(), { from, to: ALL_ROUTERS });
  });
  const met = await strangersMet(field);
  const dropped = await dropsOf(field, tooMany("neighbors"));
  const counted = async (): Promise<number> =>
    (await strangersMet(field)) - met + (await dropsOf(field, tooMany("neighbors"))) - dropped;
  await flood(field, packets, counted);
  assert.ok((await dropsOf(field, tooMany("neighbors"))) > 0);
};

/** Reports of thousands of groups, and leaves of those that were taken. */
const floodOfGroups = (field: Battlefield) => async (): Promise<void> => {
  const { network } = field;
  const reports = numbers(THOUSANDS).map((n) =>
    igmp({ kind: "report", version: 2, group: ip(groupOf(n)) }, { from: STRANGER, to: groupOf(n) }),
  );
  const taken = async (): Promise<number> =>
    (await network.groups("R1")).filter((group) => group.interface === "eth1").length;
  await flood(field, reports, async () => (await taken()) + (await dropsOf(field, tooManyGroups)));
  assert.equal(await taken(), GROUP_LIMIT);
  assert.equal(await dropsOf(field, tooManyGroups), THOUSANDS - GROUP_LIMIT);
  const leaves = numbers(GROUP_LIMIT / RECORDS).map((n) => {
    const groups = numbers(RECORDS).map((i) => ip(groupOf(n * RECORDS + i)));
    const records = groups.map((group) => ({ type: "toInclude", group, sources: [] }) as const);
    return igmp({ kind: "version3Report", records }, { from: STRANGER, to: "224.0.0.22" });
  });
  await field.inject(leaves);
};

const syncOf = (us: BootTime, given: Partial<Sync>): Sync => ({
  kind: "sync",
  ...{ bootTime: bootTime(7), mySsn: sequenceNumber(1), neighborSsn: sequenceNumber(0) },
  ...{ neighborBootTime: us, leader: true, syncSn: 0 },
  part: { more: false, options: { holdTimeSeconds: 3600 } },
  ...given,
});

const goodbye = (from: string): Uint8Array => hpim(hello({ hold: 0 }), { from, to: ALL_ROUTERS });

/** A Sync of thousands of trees, by somebody who leads without being asked, and never goes on. */
const floodOfEntries = (field: Battlefield) => async (): Promise<void> => {
  const { us } = await sceneOf(field);
  const entries = numbers(ENTRIES).map(
    (n): SnapshotEntry => ({ source: ip("10.1.1.100"), group: ip(groupOf(n)), rpc: RPC }),
  );
  const before = await dropsOf(field, tooMany("trees of a neighbor"));
  const sync = syncOf(us.bootTime, { part: { more: true, entries } });
  await field.inject([hpim(sync, { from: OTHER_STRANGER, to: R1 })]);
  await field.network.until(async () => {
    const dropped = (await dropsOf(field, tooMany("trees of a neighbor"))) - before;
    assert.equal(dropped, ENTRIES - TREES_PER_NEIGHBOR);
  });
  await field.inject([goodbye(OTHER_STRANGER)]);
};

async function strangerOf({ network }: Battlefield) {
  return (await network.neighbors("R1")).find(({ address }) => address === STRANGER);
}

/** The stranger synchronises with R1, as anybody can who knows its numbers. */
async function synchronise(field: Battlefield): Promise<void> {
  const { us } = await sceneOf(field);
  const addressed = { from: STRANGER, to: R1 };
  await field.inject([hpim(syncOf(us.bootTime, {}), addressed)]);
  let ssn: number | undefined;
  await field.network.until(async () => {
    ssn = (await strangerOf(field))?.mySsn;
    assert.ok(ssn !== undefined);
  });
  const neighborSsn = sequenceNumber(known(ssn, "R1's SSN"));
  await field.inject([hpim(syncOf(us.bootTime, { neighborSsn, syncSn: 1 }), addressed)]);
  await field.network.until(async () => {
    assert.equal((await strangerOf(field))?.state, "SYNCED");
  });
}

/** Thousands of trees, offered by a neighbor who is SYNCED. */
const floodOfTrees = (field: Battlefield) => async (): Promise<void> => {
  await synchronise(field);
  const before = await dropsOf(field, tooMany("trees of a neighbor"));
  const dropped = async (): Promise<number> =>
    (await dropsOf(field, tooMany("trees of a neighbor"))) - before;
  const offers = numbers(THOUSANDS).map((n) => {
    const tree = { source: ip("10.1.1.100"), group: ip(groupOf(n)) };
    const head = { bootTime: bootTime(7), sn: sequenceNumber(2 + n) };
    const message: Message = { kind: "iamUpstream", ...head, ...tree, rpc: RPC };
    return hpim(message, { from: STRANGER, to: ALL_ROUTERS });
  });
  const taken = async (): Promise<number> => (await strangerOf(field))?.upstreamTrees ?? 0;
  await flood(field, offers, async () => (await taken()) + (await dropped()));
  assert.equal(await taken(), TREES_PER_NEIGHBOR);
  assert.equal(await dropped(), THOUSANDS - TREES_PER_NEIGHBOR);
  assert.equal((await field.network.trees("R1")).length, 1 + TREES_PER_NEIGHBOR);
  await field.inject([goodbye(STRANGER)]);
};

/** Data from nowhere, to more groups than entries are kept for. What stands then goes by itself, a minute later (§13). */
async function floodOfData(field: Battlefield): Promise<void> {
  const drops = (reason: string): Promise<number> => dropsOf(field, { protocol: "data", reason });
  const excluded = data({ from: "169.254.1.1", to: groupOf(0) });
  const others = numbers(3 * DATA_ENTRY_LIMIT).map((n) =>
    data({ from: "203.0.113.9", to: groupOf(n) }),
  );
  await field.inject([excluded, ...others]);
  await field.network.until(async () => {
    assert.equal(await drops("excluded tree"), 1);
    assert.equal(await drops("no way back to the source"), DATA_ENTRY_LIMIT - 1);
    assert.equal(await drops("too many flood and blocking entries"), 2 * DATA_ENTRY_LIMIT + 1);
  });
  const resolved = (await field.entries("R1")).filter(({ unresolved }) => !unresolved);
  assert.equal(resolved.length, 1 + DATA_ENTRY_LIMIT);
  await expectData(field);
}

/** Messages where their protocol is switched off. */
async function sendWhereNothingRuns(field: Battlefield): Promise<void> {
  const { network } = field;
  const notEnabled = (protocol: string): Promise<number> =>
    dropsOf(field, { protocol, reason: "not enabled" });
  const report = { kind: "report", version: 2, group: ip(groupOf(0)) } as const;
  await network.setProtocol("R1", "eth1", "igmp", false);
  await field.inject([igmp(report, { from: STRANGER, to: groupOf(0) })]);
  await network.until(async () => assert.equal(await notEnabled("IGMP"), 1));
  await network.setProtocol("R1", "eth1", "igmp", true);
  await network.stop("R2");
  await network.until(async () => assert.deepEqual(await network.neighbors("R1"), []));
  await network.setProtocol("R1", "eth1", "hpim", false);
  await field.inject([hpim(hello(), { from: STRANGER, to: ALL_ROUTERS })]);
  await network.until(async () => assert.equal(await notEnabled("HPIM-DM"), 1));
}

/** Every flood, one after the other. */
export async function runFloods(field: Battlefield): Promise<void> {
  await prepare(field);
  for (const attack of [floodOfNeighbors, floodOfGroups, floodOfEntries, floodOfTrees]) {
    await withstand(field, attack(field));
  }
  await floodOfData(field);
  await sendWhereNothingRuns(field);
  expectFewReports(field);
}
