// A network with a running tree and a stranger on the link between its routers, on the simulator or on the real kernel,
// and the tests that run on both: whatever the stranger sends, R1 counts it, and the network is as it was.
import assert from "node:assert/strict";
import type { CountersAnswer, CountersRow } from "../../src/api/lists/counters.ts";
import type { MrouteRow } from "../../src/api/lists/mroute.ts";
import { ip, parsePrefix } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Topology } from "../../src/topology/topology.ts";
import type { ScenarioNetwork, ScenarioSettings } from "../scenarios/scenario-network.ts";
import { untilStates, untilSynced } from "../scenarios/scenario-network.ts";
import { readTopology } from "../topology/files.ts";
import type { HostileCase, Scene } from "./hostile-case.ts";
import { STRANGER } from "./hostile-case.ts";

/** A drop as it was reported. */
export interface Reported {
  readonly atMillis: number;
  /** Interface, protocol and reason. */
  readonly what: string;
}

/** A network in which somebody wants no good. */
export interface Battlefield {
  readonly network: ScenarioNetwork;
  readonly isReal: boolean;
  /** Sends datagrams onto the link between the routers, from a machine of its own. */
  readonly inject: (datagrams: readonly Uint8Array[]) => Promise<void>;
  readonly counters: (router: string) => Promise<CountersAnswer["counters"]>;
  readonly entries: (router: string) => Promise<readonly MrouteRow[]>;
  /** What R1 has reported of drops so far. */
  readonly reported: () => readonly Reported[];
}

const GROUP = "224.12.12.12";
const LINK = "B";
const DEVICE = "eth1";
const REPORT_INTERVAL_MS = 60_000;

/** Neighbors that an interface takes (§16). */
export const NEIGHBOR_LIMIT = 64;
/** Bounds that are set lower than §16 has them, so that thousands of packets exceed them. */
export const TREES_PER_NEIGHBOR = 200;
export const GROUP_LIMIT = 1000;
export const DATA_ENTRY_LIMIT = 100;

/**
 * Nobody fails for want of an Ack: how long an attack takes is not to matter. R1, the querier, says so every second:
 * R2 may have started after its first query.
 */
export const SETTINGS: ScenarioSettings = {
  hpim: {
    ...{ helloPeriod: "1s", ackFailureThreshold: 1000 },
    ...{ treesPerNeighborLimit: TREES_PER_NEIGHBOR, dataEntryLimit: DATA_ENTRY_LIMIT },
  },
  igmp: { groupLimit: GROUP_LIMIT, startupQueryInterval: "1s", startupQueryCount: 1000 },
};

/** The pair of routers, on a wider link that a third machine is on. */
export function battleground(): Topology {
  const pair = readTopology("pair");
  const link = known(pair.links.get(LINK), "the pair's link");
  const subnet = known(parsePrefix("10.2.0.0/16"), "a prefix");
  const stranger = { name: "Stranger", link: LINK, address: ip(STRANGER) };
  return {
    ...pair,
    name: "battlefield",
    links: new Map(pair.links).set(LINK, { ...link, subnet }),
    hosts: new Map(pair.hosts).set("Stranger", stranger),
  };
}

/** R1's counters on the link. */
export async function countersOf(field: Battlefield): Promise<CountersRow> {
  const counters = await field.counters("R1");
  return known(
    counters.find((row) => row.interface === DEVICE),
    "R1's counters",
  );
}

/** How much R1 has dropped on the link for this reason. */
export async function dropsOf(
  field: Battlefield,
  what: { readonly protocol: string; readonly reason: string },
): Promise<number> {
  const { dropped } = await countersOf(field);
  const row = dropped.find((one) => one.protocol === what.protocol && one.reason === what.reason);
  return row?.count ?? 0;
}

/** Brings the tree up and lets it run, with nothing left to be said. */
export async function prepare({ network }: Battlefield): Promise<void> {
  await network.start();
  await untilSynced(network, { R1: 1, R2: 1 });
  await network.join("Client", GROUP);
  await network.send("Source", [GROUP], 20);
  await untilStates(network, {
    R1: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
    R2: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  });
  await network.until(async () => {
    const onLink = (await network.interfaces("R2")).find(({ name }) => name === "eth0");
    assert.equal(onLink?.igmp.role, "NonQuerier");
    const [neighbor] = await network.neighbors("R1");
    assert.ok((neighbor?.checkpointSn ?? 0) > (neighbor?.neighborSsn ?? 0), "all is acknowledged");
  });
}

/** What nobody may change: all that the routers have stored, but for times. */
async function stateOf(field: Battlefield, router: string): Promise<unknown> {
  const { network } = field;
  const neighbors = (await network.neighbors(router)).map(
    ({ interface: at, address, state, bootTime: boot, mySsn, neighborSsn, upstreamTrees }) => ({
      at,
      address,
      state,
      boot,
      mySsn,
      neighborSsn,
      upstreamTrees,
    }),
  );
  const trees = (await network.trees(router)).map(({ sourceExpiresInSeconds: _, ...rest }) => rest);
  const groups = (await network.groups(router)).map(({ interface: at, group }) => ({ at, group }));
  const queriers = (await network.interfaces(router)).map(({ name, igmp: { role, querier } }) => ({
    name,
    role,
    querier,
  }));
  const entries = (await field.entries(router)).map(({ source, group, incoming, outgoing }) => ({
    ...{ source, group, incoming, outgoing },
  }));
  return { neighbors, trees, groups, queriers, entries };
}

/** The state of both routers. */
export const stateOfAll = async (field: Battlefield): Promise<unknown> => ({
  R1: await stateOf(field, "R1"),
  R2: await stateOf(field, "R2"),
});

/** What the stranger knows. */
export async function sceneOf({ network }: Battlefield): Promise<Scene> {
  const [neighbor] = await network.neighbors("R1");
  const own = (await network.interfaces("R1")).find(({ name }) => name === DEVICE);
  const r2 = known(neighbor, "R1's neighbor");
  return {
    us: { bootTime: bootTime(known(own?.hpim.bootTime ?? undefined, "R1's BootTime")) },
    neighbor: {
      bootTime: bootTime(r2.bootTime),
      mySsn: sequenceNumber(r2.mySsn),
      neighborSsn: sequenceNumber(r2.neighborSsn),
    },
    tree: { source: ip("10.1.1.100"), group: ip(GROUP) },
  };
}

/** Fails unless the client still gets packets. */
export async function expectData({ network }: Battlefield): Promise<void> {
  await network.mark();
  await network.until(async () => {
    assert.ok((await network.received("Client", GROUP)).length > 10, "packets arrive");
  });
}

async function runCase(field: Battlefield, hostile: HostileCase): Promise<void> {
  const packets = hostile.packets(await sceneOf(field));
  const before = await dropsOf(field, hostile);
  const drops = field.isReal && hostile.kernelTakesNone ? 0 : (hostile.drops ?? packets.length);
  await field.inject(packets);
  await field.network.until(async () => {
    assert.equal((await dropsOf(field, hostile)) - before, drops, hostile.name);
  });
}

async function totalDrops(field: Battlefield): Promise<number> {
  const { dropped } = await countersOf(field);
  return dropped.reduce((sum, { count }) => sum + count, 0);
}

/** Fails if a reason was reported twice in a minute. */
export function expectFewReports(field: Battlefield): void {
  const last = new Map<string, number>();
  for (const { atMillis, what } of field.reported()) {
    const since = atMillis - (last.get(what) ?? Number.NEGATIVE_INFINITY);
    // The log's clock is another one than the daemon's, which may be set meanwhile.
    assert.ok(since > REPORT_INTERVAL_MS - 1_000, `${what} was reported again after ${since} ms`);
    last.set(what, atMillis);
  }
}

/** Every case: counted exactly under its reason, reported at most once a minute, and nothing else has changed. */
export async function runHostileCases(
  field: Battlefield,
  cases: readonly HostileCase[],
): Promise<void> {
  await prepare(field);
  const before = await stateOfAll(field);
  const total = await totalDrops(field);
  let expected = 0;
  const scene = await sceneOf(field);
  for (const hostile of cases) {
    await runCase(field, hostile);
    if (field.isReal && hostile.kernelTakesNone) continue;
    expected += hostile.drops ?? hostile.packets(scene).length;
  }
  assert.equal((await totalDrops(field)) - total, expected, "and nothing is counted elsewhere");
  assert.deepEqual(await stateOfAll(field), before);
  await expectData(field);
  expectFewReports(field);
  const reasons = new Set(cases.map(({ protocol, reason }) => `${protocol} ${reason}`));
  const reported = new Set(field.reported().map(({ what }) => what.replace(`${DEVICE} `, "")));
  const silent = field.isReal ? ["HPIM-DM own address", "IGMP own address"] : [];
  for (const reason of [...silent, "IGMP group not routed"]) reasons.delete(reason);
  assert.deepEqual([...reported].sort(), [...reasons].sort(), "every reason was told");
}
