// The lists of routers of the seven-router network, row by row, while a tree is formed and when it has come to rest.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip, parsePrefix } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { millis } from "../../src/base/units.ts";
import type { Filter } from "../../src/daemon/lists/list.ts";
import type { Frame } from "../../src/sim/medium.ts";
import { Formed, GROUP, SOURCE } from "../support/formed-network.ts";

const TREE = { source: SOURCE, group: GROUP };
const START = 1_700_000_000;
const HELLO = 0;
const SYNC = 1;
const ACK = 6;

/** Type of the HPIM-DM message in a frame (§2.1). */
const typeOf = ({ datagram }: Frame): number => (datagram[20 + 4] ?? 0) & 0x0f;

const rpc = (preference: number, metric: number) => ({ preference, metric });

test("summary: trees by state with their entries, neighbors, and trees whose messages await Acks", () => {
  const formed = new Formed().rest();
  const summary = formed.list("R4", "summary");
  assert.deepEqual(summary.trees, [
    { state: "ACTIVE", trees: 1, entries: 1 },
    { state: "UNSURE", trees: 0, entries: 0 },
    { state: "INACTIVE", trees: 0, entries: 0 },
  ]);
  const settled = { synchronising: 0, unacknowledged: 0 };
  assert.deepEqual(summary.interfaces, [
    { interface: "eth0", synced: 1, ...settled },
    { interface: "eth1", synced: 4, ...settled },
  ]);
  const { trees, interfaces } = formed.list("R4", "summary", { interface: "eth0" });
  assert.deepEqual([trees, interfaces], [summary.trees, summary.interfaces.slice(0, 1)]);

  // No Ack of R1 comes any more.
  formed.network.machine("R1").kill();
  formed.network.host("Client1").leave(ip(GROUP));
  formed.network.run(millis(10_000));
  const waiting = formed.list("R4", "summary").interfaces[0];
  assert.deepEqual(waiting, { interface: "eth0", synced: 1, synchronising: 0, unacknowledged: 1 });
});

test("interfaces: what they are, and what runs on each", () => {
  const formed = new Formed();
  const { interfaces, missing } = formed.list("R7", "interfaces");
  const common = {
    up: true,
    loopback: false,
    mtu: 1500,
    problem: null,
    boundary: null,
    ttlThreshold: 1,
  };
  const heard = interfaces[0]?.igmp.querierExpiresInSeconds;
  // 255 s (RFC 2236 §8.5) from R5's first query, which was sent when all began.
  assert.ok(heard != null && heard > 255 - 5 && heard <= 255 - 4, `${heard}`);
  const hpim = (address: string, neighbors: number) => ({
    ...{ state: "running", bootTime: START, address, neighbors },
    signsWith: null,
  });
  assert.deepEqual(interfaces, [
    {
      ...{ ...common, name: "eth0", index: 2, vif: 0, addresses: ["10.6.6.7/24"] },
      hpim: hpim("10.6.6.7", 1),
      igmp: {
        ...{ state: "running", role: "NonQuerier", querier: "10.6.6.5" },
        querierExpiresInSeconds: heard,
      },
    },
    {
      ...{ ...common, name: "eth1", index: 3, vif: 1, addresses: ["10.8.8.7/24"] },
      hpim: hpim("10.8.8.7", 0),
      igmp: {
        ...{ state: "running", role: "Querier", querier: "10.8.8.7" },
        querierExpiresInSeconds: null,
      },
    },
    {
      ...{ ...common, name: "eth2", index: 4, vif: 2, addresses: ["10.9.9.7/24"] },
      hpim: hpim("10.9.9.7", 1),
      igmp: {
        ...{ state: "running", role: "NonQuerier", querier: "10.9.9.2" },
        querierExpiresInSeconds: heard,
      },
    },
  ]);
  assert.deepEqual(missing, []);
  const one = formed.list("R7", "interfaces", { interface: "eth1" });
  assert.deepEqual(one.interfaces, [interfaces[1]]);
});

test("neighbors: states, numbers, how long known and SYNCED, and for how many trees UPSTREAM", () => {
  const formed = new Formed().rest();
  const { neighbors } = formed.list("R4", "neighbors");
  const shown = neighbors.map(({ interface: at, address, state, upstreamTrees }) => [
    ...[at, address, state, upstreamTrees],
  ]);
  assert.deepEqual(shown, [
    ["eth0", "10.4.4.1", "SYNCED", 1],
    ["eth1", "10.5.5.2", "SYNCED", 1],
    ["eth1", "10.5.5.3", "SYNCED", 1],
    ["eth1", "10.5.5.5", "SYNCED", 0],
    ["eth1", "10.5.5.6", "SYNCED", 0],
  ]);
  for (const row of neighbors) {
    assert.equal(row.knownSeconds, formed.since("R4", row.address, "UNKNOWN", "*"));
    assert.equal(row.syncedSeconds, formed.since("R4", row.address, "*", "SYNCED"));
    assert.ok(row.expiresInSeconds > 30 && row.expiresInSeconds <= 40, "a Hello is never 10 s old");
    assert.equal(row.bootTime, START);
  }
  const ofR5 = formed.list("R5", "neighbors", { interface: "eth0" }).neighbors;
  const here = neighbors.find(({ address }) => address === "10.5.5.5");
  const there = ofR5.find(({ address }) => address === "10.5.5.4");
  assert.deepEqual([here?.mySsn, here?.neighborSsn], [there?.neighborSsn, there?.mySsn]);
  assert.ok(ofR5.every((row) => row.interface === "eth0"));
  const only = formed.list("R4", "neighbors", { interface: "eth0" });
  assert.deepEqual(only.neighbors, [neighbors[0]]);
});

test("neighbors: one that is not SYNCED has no time since; it is waited for SyncHoldTime", () => {
  const formed = new Formed();
  const { network } = formed;
  network.link("I").passes = (frame) => typeOf(frame) !== SYNC;
  network.machine("R2").kill();
  network.start("R2");
  network.run(millis(1_500));
  const [row] = formed.list("R7", "neighbors", { interface: "eth2" }).neighbors;
  assert.equal(row?.state, "SLAVE");
  assert.equal(row?.syncedSeconds, null);
  assert.equal(row?.upstreamTrees, 0);
  assert.ok(row !== undefined && row.knownSeconds > 4);
  assert.ok(row.expiresInSeconds > 10 && row.expiresInSeconds <= 12);
});

test("sequence-numbers: ours, the neighbors', and LastSNs until a CheckpointSN covers them", () => {
  const formed = new Formed();
  const answer = formed.list("R7", "sequence-numbers");
  assert.deepEqual(answer.interfaces, [
    { interface: "eth0", bootTime: START, interfaceSn: 2, checkpointSn: 2 },
    { interface: "eth1", bootTime: START, interfaceSn: 1, checkpointSn: 1 },
    { interface: "eth2", bootTime: START, interfaceSn: 2, checkpointSn: 2 },
  ]);
  const numbers = { bootTime: START, mySsn: 1, neighborSsn: 1, checkpointSn: 1 };
  assert.deepEqual(answer.neighbors, [
    { interface: "eth0", neighbor: "10.6.6.5", ...numbers },
    { interface: "eth2", neighbor: "10.9.9.2", ...numbers },
  ]);
  const lastSns = [
    { interface: "eth0", neighbor: "10.6.6.5", ...TREE, lastSn: 2 },
    { interface: "eth2", neighbor: "10.9.9.2", ...TREE, lastSn: 2 },
  ];
  assert.deepEqual(answer.lastSns, lastSns);

  const ofEth2 = formed.list("R7", "sequence-numbers", { interface: "eth2" });
  assert.deepEqual(ofEth2.lastSns, lastSns.slice(1));
  assert.deepEqual(
    [...ofEth2.interfaces, ...ofEth2.neighbors].map((row) => row.interface),
    ["eth2", "eth2"],
  );
  const other = formed.list("R7", "sequence-numbers", {
    group: parsePrefix("239.0.0.0/8") ?? null,
  });
  assert.deepEqual([other.neighbors.length, other.lastSns], [2, []]);

  const later = formed.rest().list("R7", "sequence-numbers");
  assert.deepEqual(later.lastSns, []);
  assert.deepEqual(
    later.neighbors.map(({ checkpointSn }) => checkpointSn),
    [2, 2],
  );
});

test("neighbor-state: what each neighbor has said of the tree", () => {
  const formed = new Formed();
  const { states } = formed.list("R4", "neighbor-state");
  const upstream = (cost: ReturnType<typeof rpc>) => ({
    ...{ upstream: cost, interest: "not interested", countsAsInterested: false },
  });
  const notUpstream = (interest: string) => ({
    ...{ upstream: null, interest, countsAsInterested: false },
  });
  const rows = [
    { ...TREE, interface: "eth0", neighbor: "10.4.4.1", ...upstream(rpc(2, 0)) },
    { ...TREE, interface: "eth1", neighbor: "10.5.5.2", ...upstream(rpc(11, 20)) },
    { ...TREE, interface: "eth1", neighbor: "10.5.5.3", ...upstream(rpc(11, 20)) },
    { ...TREE, interface: "eth1", neighbor: "10.5.5.5", ...notUpstream("not interested") },
    { ...TREE, interface: "eth1", neighbor: "10.5.5.6", ...notUpstream("interested") },
  ];
  assert.deepEqual(states, rows);
  const ofEth0 = formed.list("R4", "neighbor-state", { interface: "eth0" });
  assert.deepEqual(ofEth0.states, rows.slice(0, 1));
  const other = formed.list("R4", "neighbor-state", { source: parsePrefix("10.2.0.0/16") ?? null });
  assert.deepEqual(other.states, []);
});

test("neighbor-state: who has not said anything counts as interested for a while, but not on the root", () => {
  const formed = new Formed();
  const { network } = formed;
  const ofR5 = (name: string): unknown =>
    formed
      .list(name, "neighbor-state")
      .states.filter(({ neighbor }) => neighbor === "10.5.5.5")
      .map(({ interest, countsAsInterested }) => [interest, countsAsInterested]);
  assert.deepEqual(ofR5("R4"), [["not interested", false]]);
  const engine = formed.engine("R4");
  const { configuration } = engine;
  const router = { ...configuration.router, initialFloodTime: millis(5_000) };
  engine.handle({ kind: "configure", configuration: { ...configuration, router } });
  // What R5 has to say of the tree after it is back is lost on its way.
  network.link("E").passes = (frame) =>
    frame.from !== "R5.eth0" || [HELLO, SYNC, ACK].includes(typeOf(frame));
  network.machine("R5").kill();
  network.start("R5");
  network.run(millis(1_000));
  assert.deepEqual(ofR5("R4"), [["unknown", true]]);
  assert.deepEqual(ofR5("R6"), [["unknown", false]]);
  network.run(millis(5_000));
  assert.deepEqual(ofR5("R4"), [["unknown", false]]);
});

test("trees: at a router that wins an assert", () => {
  const formed = new Formed();
  const [tree, ...others] = formed.list("R4", "trees").trees;
  assert.deepEqual(others, []);
  const why = "10.5.5.3 offers 11/20, the same, with the lower address";
  assert.deepEqual(tree, {
    ...TREE,
    ...{ state: "ACTIVE", reason: "10.4.4.1 offers 2/0, less than our 11/20" },
    ...{ rpc: rpc(11, 20), originator: false, root: "eth0", interested: true },
    sourceExpiresInSeconds: null,
    entry: { kind: "tree", incoming: "eth0", outgoing: ["eth1"] },
    interfaces: [
      {
        ...{ interface: "eth0", role: "root", advertised: null, nonRoot: null },
        bun: { neighbor: "10.4.4.1", rpc: rpc(2, 0) },
        told: { neighbor: "10.4.4.1", interested: true },
      },
      {
        ...{ interface: "eth1", role: "non-root", advertised: rpc(11, 20), told: null },
        bun: { neighbor: "10.5.5.3", rpc: rpc(11, 20) },
        nonRoot: {
          assert: { winner: true, winnerAddress: "10.5.5.4", reason: why },
          downstream: { interested: true, reason: "10.5.5.6 is interested" },
          forwarding: {
            state: "forwarding",
            reason: `10.5.5.6 is interested; assert winner: ${why}`,
          },
        },
      },
    ],
  });
  const ofEth1 = formed.list("R4", "trees", { interface: "eth1" });
  assert.deepEqual(ofEth1.trees, [{ ...tree, interfaces: tree?.interfaces.slice(1) }]);
});

test("trees: at one that loses it, and at the originator", () => {
  const formed = new Formed().rest();
  const loser = formed.list("R3", "trees").trees[0]?.interfaces[1]?.nonRoot;
  assert.deepEqual(loser?.assert, {
    ...{ winner: false, winnerAddress: "10.5.5.4" },
    reason: "10.5.5.4 offers 11/20, the same, with the higher address",
  });
  assert.equal(loser?.forwarding.state, "pruned");
  const [origin] = formed.list("R1", "trees").trees;
  assert.deepEqual(
    [origin?.originator, origin?.root, origin?.reason],
    [true, "eth0", "the source sends on its own link"],
  );
  const left = origin?.sourceExpiresInSeconds;
  assert.ok(left != null && left > 180 && left <= 210, "read at least every 21 s");
});

test("trees: narrowed by source and group; on an interface that takes no part there are none", () => {
  const formed = new Formed();
  const other = { ...TREE, group: "224.12.12.13" };
  formed.network.host("Source").send(ip(other.group));
  formed.network.run(millis(200));
  const groups = (filter: Partial<Filter>): readonly string[] =>
    formed.list("R1", "trees", filter).trees.map(({ group }) => group);
  const prefix = (text: string) => known(parsePrefix(text) ?? undefined, "a prefix");
  assert.deepEqual(groups({}), [GROUP, other.group]);
  assert.deepEqual(groups({ group: prefix("224.12.12.13/32") }), [other.group]);
  assert.deepEqual(groups({ group: prefix("224.12.0.0/16") }), [GROUP, other.group]);
  assert.deepEqual(groups({ source: prefix("10.1.1.0/24"), group: prefix("224.12.12.12/32") }), [
    GROUP,
  ]);
  assert.deepEqual(groups({ source: prefix("10.1.1.101/32") }), []);
  const one = { source: prefix("10.1.1.100/32"), group: prefix("224.12.12.13/32") };
  const unknown = { ...one, source: prefix("10.1.1.101/32") };
  assert.deepEqual([groups(one), groups(unknown)], [[other.group], []]);
  for (const name of ["neighbor-state", "mroute"] as const) {
    const rows = Object.values(formed.list("R1", name, unknown)).flat();
    assert.deepEqual(rows, [1], `${name}: its version alone`);
  }
  assert.deepEqual(groups({ interface: "lo" }), []);
});

test("groups: who has reported, and for how long it counts", () => {
  const formed = new Formed();
  const { groups } = formed.list("R7", "groups");
  const left = groups[0]?.expiresInSeconds;
  // 260 s (RFC 2236 §8.4) from the last report; the host repeats its first one within 10 s.
  assert.ok(left != null && left > 258 && left <= 260, `${left}`);
  const row = { interface: "eth1", group: GROUP, state: "MembersPresent", static: null };
  assert.deepEqual(groups, [{ ...row, lastReporter: "10.8.8.100", expiresInSeconds: left }]);
  assert.deepEqual(formed.list("R7", "groups", { interface: "eth0" }).groups, []);
  const other = parsePrefix("239.0.0.0/8") ?? null;
  assert.deepEqual(formed.list("R7", "groups", { group: other }).groups, []);
});
