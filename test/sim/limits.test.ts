// Every limit (P7, §16), exceeded by one on a whole daemon: what is within it is served, what is over it is refused,
// counted and told, nothing else is disturbed, and there is a way back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { millis, seconds } from "../../src/base/units.ts";
import type { DropReason } from "../../src/daemon/drops.ts";
import { Network } from "../../src/sim/network.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import { data } from "../hostile/packets.ts";
import type { ScenarioSettings } from "../scenarios/scenario-network.ts";
import { configurationOfSettings } from "../scenarios/settings.ts";
import { engineOf, reconfigure, simulate } from "../scenarios/sim-network.ts";
import { answerOf } from "../support/answers.ts";

const PACKET_INTERVAL = seconds(1);
/** All has been said by then, and answered. */
const A_WHILE = seconds(15);
const REPORT_INTERVAL = seconds(60);

/** The network of one test, and the flows in it. */
class World {
  readonly network: Network;
  readonly #stops = new Map<number, () => void>();
  /** Of the flows, what was sent. */
  readonly #sent = new Map<number, number[]>();

  constructor(network: Network) {
    this.network = network;
  }

  group(flow: number): string {
    return `224.12.12.${flow}`;
  }

  /** Has `send` called again and again, until the flow stops. */
  every(flow: number, send: () => void): void {
    send();
    const next = (): void => this.every(flow, send);
    this.#stops.set(flow, this.network.scheduler.in(PACKET_INTERVAL, next));
  }

  /** The source of topologies/pair.yaml sends to the group of the flow. */
  send(flow: number): void {
    const sent: number[] = [];
    this.#sent.set(flow, sent);
    const group = ip(this.group(flow));
    this.every(flow, () => sent.push(this.network.host("Source").send(group)));
  }

  stop(flow: number): void {
    this.#stops.get(flow)?.();
  }

  /** Packets of the flow since a packet of this number that the client of pair.yaml has not got, but for one under way. */
  lost(flow: number, since: number): readonly number[] {
    this.network.run(millis(1));
    const received = new Set(this.network.received("Client", ip(this.group(flow))));
    const sent = this.#sent.get(flow) ?? [];
    return sent.filter((number) => number >= since && !received.has(number));
  }

  lastSent(flow: number): number {
    return this.#sent.get(flow)?.at(-1) ?? 0;
  }
}

/** A limit, things of which it lets two pass, and how one more comes. */
interface Limit {
  readonly title: string;
  readonly network: () => Network;
  /** Of all routers, but for the limit. */
  readonly settings: ScenarioSettings;
  /** Whose limit it is, and where the things come from. */
  readonly router: string;
  readonly device: string;
  readonly limited: ScenarioSettings;
  readonly raised: ScenarioSettings;
  readonly drop: { readonly protocol: string; readonly reason: DropReason };
  /** All but the router is started. */
  readonly begin: (world: World) => void;
  /** Thing 0 and 1 come. */
  readonly fill: (world: World) => void;
  /** Thing 2 comes. */
  readonly exceed: (world: World) => void;
  /** Thing 0 goes. */
  readonly leave: (world: World) => void;
  readonly isServed: (world: World, thing: number) => boolean;
  /** What is lost of others; nothing may ever be. */
  readonly harm: (world: World) => () => unknown;
  /** How thing 2 is taken up when thing 0 has gone, and when the limit was raised; seconds that takes at most. */
  readonly room: readonly [how: string, within: number];
  readonly raise: readonly [how: string, within: number];
}

const start = (world: World, { settings, limited, router }: Limit): void =>
  world.network.start(router, configurationOfSettings(merged(settings, limited)));

function merged(one: ScenarioSettings, other: ScenarioSettings): ScenarioSettings {
  return { hpim: { ...one.hpim, ...other.hpim }, igmp: { ...one.igmp, ...other.igmp } };
}

// Trees: the source sends, R1 offers them to R2, and the client behind R2 wants them.

const QUICK_TREES: ScenarioSettings = {
  hpim: { floodInitialData: false, sourceActiveTime: 20 },
};

/** R1 of pair.yaml, and a client that wants all flows. */
function beginPair({ network }: World, settings: ScenarioSettings): void {
  network.start("R1", configurationOfSettings(settings));
}

const hasTree = (world: World, router: string, flow: number): boolean =>
  answerOf("trees", engineOf(world.network, router)).trees.some(
    ({ group, state }) => group === world.group(flow) && state === "ACTIVE",
  );

/** Flow 1 is with the client from now on, packet for packet. */
function harmOfFlow(world: World): () => unknown {
  const since = world.lastSent(1);
  return () => world.lost(1, since);
}

const treesOfNeighbor = (limit: Partial<Limit> & Pick<Limit, "title">): Limit => ({
  network: () => simulate("pair"),
  settings: QUICK_TREES,
  ...{ router: "R2", device: "eth0" },
  limited: { hpim: { treesPerNeighborLimit: 2 } },
  raised: { hpim: { treesPerNeighborLimit: 3 } },
  drop: { protocol: "HPIM-DM", reason: "too many trees of a neighbor" },
  begin: (world) => beginPair(world, QUICK_TREES),
  fill: (world) => {
    for (const flow of [0, 1, 2]) world.network.host("Client").join(ip(world.group(flow)));
    world.network.run(seconds(1));
    for (const flow of [0, 1]) world.send(flow);
  },
  exceed: (world) => world.send(2),
  leave: (world) => world.stop(0),
  isServed: (world, flow) => hasTree(world, "R2", flow),
  harm: harmOfFlow,
  // SourceActiveTime, its last reading, a Hello with the CheckpointSN, and a review.
  room: ["the neighbor is restarted within one interval", 20 + 2 + 10 + 60],
  raise: ["the neighbor is restarted at once", 1],
  ...limit,
});

const OF_ALL: Partial<Limit> = {
  limited: { hpim: { treeLimit: 2 } },
  raised: { hpim: { treeLimit: 3 } },
  drop: { protocol: "HPIM-DM", reason: "too many trees" },
};

/** R2 ends and begins again: it learns all trees by Sync. */
const BY_SYNC = (limit: Limit): Limit => ({
  ...limit,
  exceed: (world) => {
    world.network.machine("R2").stop();
    world.send(2);
    world.network.run(seconds(1));
    start(world, limit);
  },
});

const LIMITS: readonly Limit[] = [
  treesOfNeighbor({ title: "treesPerNeighborLimit, by IamUpstream" }),
  BY_SYNC(treesOfNeighbor({ title: "treesPerNeighborLimit, by Sync" })),
  treesOfNeighbor({ title: "treeLimit, by IamUpstream", ...OF_ALL }),
  BY_SYNC(treesOfNeighbor({ title: "treeLimit, by Sync", ...OF_ALL })),
  {
    ...treesOfNeighbor({ title: "treeLimit, by data", ...OF_ALL }),
    ...{ router: "R1", device: "eth0" },
    drop: { protocol: "data", reason: "too many trees" },
    begin: ({ network }) => network.start("R2", configurationOfSettings(QUICK_TREES)),
    isServed: (world, flow) => hasTree(world, "R1", flow),
    // SourceActiveTime, its last reading, and until the kernel forgets the packet that it reported.
    room: ["by the next packet that the kernel reports", 20 + 2 + 10 + 1],
    raise: ["by the next packet that the kernel reports", 10 + 1],
  },
  {
    title: "groupLimit",
    network: () => simulate("pair"),
    settings: { igmp: { queryInterval: 20, queryResponseInterval: 2 } },
    ...{ router: "R2", device: "eth1" },
    limited: { igmp: { groupLimit: 2 } },
    raised: { igmp: { groupLimit: 3 } },
    drop: { protocol: "IGMP", reason: "too many groups" },
    begin: (world) => beginPair(world, {}),
    fill: (world) => {
      for (const flow of [0, 1]) world.network.host("Client").join(ip(world.group(flow)));
      world.network.run(seconds(1));
      for (const flow of [0, 1, 2]) world.send(flow);
    },
    exceed: (world) => world.network.host("Client").join(ip(world.group(2))),
    leave: (world) => world.network.host("Client").leave(ip(world.group(0))),
    isServed: ({ network }, flow) =>
      answerOf("groups", engineOf(network, "R2")).groups.some(
        ({ interface: name, group }) => name === "eth1" && group === `224.12.12.${flow}`,
      ),
    harm: harmOfFlow,
    // The last member is asked for; a general query, and the time to answer it.
    room: ["by the next report", 2 + 20 + 2],
    raise: ["by the answer to a query that leaves at once", 2],
  },
  {
    title: "dataEntryLimit, of flood and blocking entries",
    network: () => simulate("pair"),
    settings: {},
    ...{ router: "R2", device: "eth0" },
    limited: { hpim: { dataEntryLimit: 2 } },
    raised: { hpim: { dataEntryLimit: 3 } },
    drop: { protocol: "data", reason: "too many flood and blocking entries" },
    begin: (world) => {
      beginPair(world, {});
      for (const flow of [0, 2, 9]) world.network.host("Client").join(ip(world.group(flow)));
    },
    fill: (world) => {
      world.send(9);
      world.network.run(seconds(1));
      strayFlow(world, 0, "10.1.1.50");
      strayFlow(world, 1, "203.0.113.9");
    },
    exceed: (world) => strayFlow(world, 2, "10.1.1.51"),
    leave: (world) => world.stop(0),
    isServed: (world, flow) =>
      answerOf("mroute", engineOf(world.network, "R2")).entries.some(
        ({ group, unresolved }) => group === world.group(flow) && !unresolved,
      ),
    harm: (world) => {
      const since = world.lastSent(9);
      return () => world.lost(9, since);
    },
    // Idle for a minute, until that is read, and until the kernel forgets the packet that it reported.
    room: ["by the next packet that the kernel reports", 60 + 3 + 10 + 1],
    raise: ["by the next packet that the kernel reports", 10 + 1],
  },
  {
    title: "neighborLimit, per interface",
    network: lan,
    settings: {},
    ...{ router: "R1", device: "eth0" },
    limited: { hpim: { neighborLimit: 2 } },
    raised: { hpim: { neighborLimit: 3 } },
    drop: { protocol: "HPIM-DM", reason: "too many neighbors" },
    begin: ({ network }) => network.start("R5"),
    fill: ({ network }) => {
      for (const router of ["R2", "R3"]) network.start(router);
    },
    exceed: ({ network }) => network.start("R4"),
    leave: ({ network }) => network.machine("R2").stop(),
    isServed: ({ network }, n) => livesAt(network, `10.0.0.${2 + n}`)[0]?.state === "SYNCED",
    harm: ({ network }) => {
      const lives = () => ["10.0.0.3", "10.1.0.5"].flatMap((address) => livesAt(network, address));
      const before = lives();
      return () => {
        assert.deepEqual(lives(), before);
        return before.filter(({ state }) => state !== "SYNCED");
      };
    },
    room: ["by the next message", 10 + 1],
    raise: ["by what it answers to a Hello that leaves at once", 3 + 1],
  },
];

/** Data that R2 gets on the link of R1 although R1 has sent none. */
function strayFlow(world: World, flow: number, from: string): void {
  const stranger = { name: "stranger", isRouter: false, receive: () => undefined };
  const packet = data({ from, to: world.group(flow) });
  world.every(flow, () => world.network.link("B").send(stranger, packet));
}

/** R1 to R4 on one link, R1 and R5 on another. */
function lan(): Network {
  const routers = [2, 3, 4].map(
    (n) => `R${n}: { interfaces: { eth0: { link: L, address: 10.0.0.${n} } } }`,
  );
  const parsed = parseTopology(`
name: lan
links:
  L: { subnet: 10.0.0.0/24 }
  M: { subnet: 10.1.0.0/24 }
routers:
  R1: { interfaces: { eth0: { link: L, address: 10.0.0.1 }, eth1: { link: M, address: 10.1.0.1 } } }
  ${routers.join("\n  ")}
  R5: { interfaces: { eth0: { link: M, address: 10.1.0.5 } } }
`);
  if (parsed.kind === "problems") throw new Error(JSON.stringify(parsed.problems));
  return new Network(parsed.topology, 1);
}

/** R1's neighbor of this address: its state, and the numbers of its synchronisation. */
const livesAt = (network: Network, neighbor: string) =>
  answerOf("neighbors", engineOf(network, "R1"))
    .neighbors.filter(({ address }) => address === neighbor)
    .map(({ address, state, mySsn, neighborSsn }) => ({ address, state, mySsn, neighborSsn }));

function dropped(world: World, { router, device, drop }: Limit): number {
  const { counters } = answerOf("counters", engineOf(world.network, router));
  const rows = counters.find((row) => row.interface === device)?.dropped ?? [];
  const found = rows.find(
    ({ protocol, reason }) => protocol === drop.protocol && reason === drop.reason,
  );
  return found?.count ?? 0;
}

/** What was told of what was dropped for want of room: when, and how much. */
const told = ({ network }: World, limit: Limit) =>
  network.notices.flatMap(({ router, at, notice }) =>
    router === limit.router && notice.kind === "dropped" && notice.reason === limit.drop.reason
      ? [{ at, count: notice.count }]
      : [],
  );

const served = (world: World, limit: Limit): readonly number[] =>
  [0, 1, 2].filter((thing) => limit.isServed(world, thing));

/** The limit is reached, then exceeded by one, which is refused for minutes. Returns the world, and what tells of harm since. */
function exceed(limit: Limit): { readonly world: World; readonly harm: () => unknown } {
  const world = new World(limit.network());
  const { network } = world;
  limit.begin(world);
  start(world, limit);
  network.run(seconds(2));
  limit.fill(world);
  network.run(A_WHILE);
  assert.deepEqual(served(world, limit), [0, 1]);
  assert.equal(dropped(world, limit), 0, "at the limit nothing is refused");
  limit.exceed(world);
  network.run(A_WHILE);
  assert.equal(told(world, limit)[0]?.count, 1, "the first one is told at once");
  const harm = limit.harm(world);
  for (let minute = 1; minute <= 3; minute++) {
    network.run(REPORT_INTERVAL);
    assert.deepEqual(served(world, limit), [0, 1]);
  }
  return { world, harm };
}

function expectPeace(world: World, limit: Limit, harm: () => unknown): void {
  const { network } = world;
  const before = dropped(world, limit);
  network.run(seconds(130));
  assert.equal(dropped(world, limit), before, "nothing is refused any more");
  assert.deepEqual(harm(), [], "nobody was disturbed");
  const reports = told(world, limit);
  for (const [i, { at }] of reports.entries()) {
    const since = Math.round(at - (reports[i - 1]?.at ?? Number.NEGATIVE_INFINITY));
    assert.ok(since >= REPORT_INTERVAL, `told again after ${since} ms`);
  }
  const counts = reports.map(({ count }) => count);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    before,
    "all that was counted is told",
  );
  const retransmissions = [...network.topology.routers.keys()].flatMap((router) => {
    const { engine } = network.machine(router);
    return engine === null
      ? []
      : answerOf("counters", engine).counters.map((row) => row.retransmissions);
  });
  if (limit.drop.reason !== "too many neighbors") {
    assert.deepEqual(new Set(retransmissions), new Set([0]), "what is refused is acknowledged");
  }
}

for (const limit of LIMITS) {
  const [how, within] = limit.room;
  test(`P7 ${limit.title}: one over it is refused, and taken up when there is room: ${how}`, () => {
    const { world, harm } = exceed(limit);
    limit.leave(world);
    world.network.run(seconds(within));
    assert.deepEqual(served(world, limit), [1, 2]);
    expectPeace(world, limit, harm);
  });

  const [howRaised, withinRaised] = limit.raise;
  test(`§16 ${limit.title}: one over it is taken up when it is raised: ${howRaised}`, () => {
    const { world, harm } = exceed(limit);
    // Not at the very instant of a packet: while a neighbor is restarted (§6.2), for a fraction of a millisecond here, its
    // trees have no way.
    world.network.run(millis(PACKET_INTERVAL / 2));
    reconfigure(world.network, limit.router, merged(limit.settings, limit.raised));
    world.network.run(seconds(withinRaised));
    assert.deepEqual(served(world, limit), [0, 1, 2]);
    expectPeace(world, limit, harm);
  });
}
