// What exceeds a bound (P7, §16): refused, acknowledged, counted, reported, and asked for again when there is room.
import assert from "node:assert/strict";
import { test } from "node:test";
import { interfaceIndex, sequenceNumber } from "../../src/base/units.ts";
import { DEFAULT_INTERFACE_SETTINGS, DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";
import {
  type Bench,
  brief,
  FAR,
  NEAR,
  only,
  originator,
  otherTree,
  TREE,
} from "../support/bench.ts";
import { Peer } from "../support/peer.ts";

const entry = (n: number) => ({ ...otherTree(n), rpc: NEAR });
const treesOf = (bench: Bench): number => bench.router.view(bench.now).trees.length;

function crowd(neighborLimit: number): { bench: Bench; peers: readonly Peer[] } {
  const bench = originator({ protocol: { ...DEFAULT_INTERFACE_SETTINGS, neighborLimit } });
  const peers = [2, 3, 4, 6].map((n) => new Peer(bench, 2, `10.2.0.${n}`));
  return { bench, peers };
}

test("P7: neighbors beyond the bound are ignored, whatever they say, and counted", () => {
  const { bench, peers } = crowd(2);
  const [one, two, three] = peers;
  one?.meet();
  two?.meet();
  assert.ok(three !== undefined);
  three.snapshot();
  const said = [
    three.hello(),
    three.sync({ syncSn: 0, leader: true }),
    three.sync({ syncSn: 1, leader: false }),
    three.upstream(NEAR),
    three.interest(),
    three.ack(three.plain("interest")),
  ];
  assert.deepEqual(said.flat(), []);
  assert.equal(bench.dropped(2, "too many neighbors"), 6);
  assert.equal(bench.running(2)?.neighbors.length, 2);
  assert.deepEqual(bench.tree(), undefined);
});

test("P7: the bound is per interface", () => {
  const { bench, peers } = crowd(1);
  peers[0]?.meet();
  new Peer(bench, 3, "10.3.0.2").meet();
  assert.equal(bench.running(3)?.neighbors.length, 1);
  assert.equal(bench.dropped(3, "too many neighbors"), 0);
});

test("P7: a neighbor within the bound goes on, and restarts", () => {
  const { peers } = crowd(1);
  const [one, two] = peers;
  one?.meet();
  two?.hello();
  one?.reboot();
  one?.hello();
  assert.equal(one?.state, "SLAVE");
  one?.follow();
  assert.equal(one?.state, "SYNCED");
});

test("P7: a neighbor that came as leader is refused and met alike", () => {
  const { peers } = crowd(1);
  const [one, two] = peers;
  one?.snapshot();
  one?.sync({ syncSn: 0, leader: true });
  assert.equal(one?.state, "MASTER");
  two?.snapshot();
  assert.deepEqual(two?.sync({ syncSn: 0, leader: true }), []);
  assert.equal(two?.state, "UNKNOWN");
});

/** An originator that keeps few trees, and a SYNCED neighbor. */
function few(given: Parameters<typeof originator>[1]): { bench: Bench; peer: Peer } {
  const bench = originator({}, given);
  return { bench, peer: new Peer(bench, 2, "10.2.0.2").meet() };
}

test("P7: trees of a neighbor beyond the bound: acknowledged, not stored, counted", () => {
  const { bench, peer } = few({ treesPerNeighborLimit: 2 });
  peer.upstream(NEAR, otherTree(1));
  peer.upstream(NEAR, otherTree(2));
  const refused = peer.upstream(NEAR, otherTree(3));
  assert.deepEqual(refused.map(brief), [`ack ${peer.sn} in 1/1 to 500`]);
  assert.equal(peer.view?.upstreamTrees, 2);
  assert.equal(bench.tree(otherTree(3)), undefined);
  const drop = { kind: "drop", interface: 2, protocol: "HPIM-DM", sender: peer.address };
  assert.deepEqual(
    bench.actions.filter(({ kind }) => kind === "drop"),
    [{ ...drop, reason: "too many trees of a neighbor" }],
  );
  // What it has, it may change.
  peer.upstream(FAR, otherTree(2));
  assert.deepEqual(bench.treeAt(2, otherTree(2))?.bun?.rpc, FAR);
  assert.equal(bench.drops(2).length, 1);
});

test("P7: the bound is per neighbor", () => {
  const { bench, peer } = few({ treesPerNeighborLimit: 1 });
  const other = new Peer(bench, 2, "10.2.0.3").meet();
  peer.upstream(NEAR, otherTree(1));
  other.upstream(NEAR, otherTree(2));
  assert.deepEqual(bench.drops(2), []);
  assert.equal(treesOf(bench), 2);
});

test("P7: trees beyond the bound: acknowledged, not stored, counted", () => {
  const { bench, peer } = few({ treeLimit: 2 });
  bench.data(1);
  peer.upstream(NEAR, otherTree(1));
  assert.deepEqual(peer.upstream(NEAR, otherTree(2)).map(brief), ["ack 3 in 1/1 to 500"]);
  assert.equal(treesOf(bench), 2);
  assert.equal(peer.view?.upstreamTrees, 1);
  assert.deepEqual(bench.drops(2), ["too many trees"]);
  // A tree that is known takes news of any neighbor.
  const other = new Peer(bench, 3, "10.3.0.2").meet();
  other.upstream(FAR);
  assert.equal(other.view?.upstreamTrees, 1);
});

test("P7, §8.5: messages of trees that have gone, which nobody acknowledges, leave no room for others", () => {
  const { bench, peer } = few({ treeLimit: 2 });
  bench.interface(4, "10.4.0.5/24", { protocol: null });
  const comeAndGo = (n: number): void => {
    peer.upstream(NEAR, otherTree(n));
    peer.noLongerUpstream(otherTree(n));
    peer.hello({ checkpointSn: sequenceNumber(peer.sn) });
  };
  for (const n of [1, 2, 3, 4, 5]) comeAndGo(n);
  assert.equal(treesOf(bench), 0);
  assert.deepEqual(bench.drops(2), ["too many trees", "too many trees", "too many trees"]);
  assert.equal(
    bench.router.save(bench.now).interfaces.get(interfaceIndex(2))?.running?.outstanding.size,
    2,
  );
  for (const { message } of only(bench.sent, "noInterest")) peer.ack(message);
  peer.upstream(NEAR, otherTree(6));
  assert.equal(treesOf(bench), 1);
});

test("P7: data of a tree beyond the bound make none, and are counted", () => {
  const { bench } = few({ treeLimit: 1 });
  bench.data(1);
  const sent = bench.data(1, otherTree(1));
  bench.data(1, otherTree(2));
  assert.deepEqual(sent, []);
  assert.equal(treesOf(bench), 1);
  const drop = { kind: "drop", interface: 1, protocol: "data", sender: TREE.source };
  const refused = { ...drop, reason: "too many trees" };
  assert.deepEqual(
    bench.actions.filter(({ kind }) => kind === "drop"),
    [refused, refused],
  );
});

test("P7: a Sync entry beyond a bound is skipped, the synchronisation goes on", () => {
  for (const [given, reason] of [
    [{ treesPerNeighborLimit: 2 }, "too many trees of a neighbor"],
    [{ treeLimit: 2 }, "too many trees"],
  ] as const) {
    const bench = originator({}, given);
    const peer = new Peer(bench, 2, "10.2.0.2").meet([entry(1), entry(2), entry(3), entry(4)]);
    assert.equal(peer.state, "SYNCED");
    assert.equal(peer.view?.upstreamTrees, 2);
    assert.equal(treesOf(bench), 2);
    assert.deepEqual(bench.drops(2), [reason, reason]);
  }
});

/** Lets 60 s pass while the neighbors say Hello; returns who is being synchronised with then. */
function interval(bench: Bench, ...peers: readonly Peer[]): readonly Peer[] {
  for (let n = 0; n < 4; n++) {
    for (const peer of peers) peer.hello();
    bench.run(15_000);
  }
  return peers.filter(({ state }) => state === "SLAVE");
}

test("P7: when there is room again, the neighbors of which something was refused are restarted, one after the other", () => {
  const { bench, peer } = few({ treeLimit: 2 });
  const other = new Peer(bench, 3, "10.3.0.2").meet();
  const innocent = new Peer(bench, 3, "10.3.0.3");
  innocent.snapshot();
  innocent.sync({ syncSn: 0, leader: true });
  innocent.sync({ syncSn: 1, leader: true });
  assert.equal(innocent.state, "SYNCED");
  bench.interface(4, "10.4.0.5/24", { protocol: null });
  const ack = (): void => {
    for (const one of [peer, other, innocent]) {
      for (const { message } of only(bench.sent, "noInterest")) one.ack(message);
    }
  };
  const all = [peer, other, innocent];
  peer.upstream(NEAR, otherTree(1));
  peer.upstream(NEAR, otherTree(2));
  peer.upstream(NEAR, otherTree(3));
  other.upstream(NEAR, otherTree(4));
  ack();
  assert.deepEqual(interval(bench, ...all), []);
  peer.noLongerUpstream(otherTree(1));
  ack();
  assert.deepEqual(interval(bench, ...all), [peer]);
  peer.follow([entry(2)]);
  ack();
  assert.deepEqual(interval(bench, ...all), [other]);
  other.follow([entry(4)]);
  ack();
  assert.equal(bench.tree(otherTree(4))?.verdict.state, "UNSURE");
  // All is stored: nobody is restarted any more, and no interval goes on.
  peer.noLongerUpstream(otherTree(2));
  assert.deepEqual(interval(bench, ...all), []);
  assert.equal(innocent.view?.mySsn, 2);
});

test("P7: a restarted neighbor of which something is refused again waits for room again", () => {
  const { bench, peer } = few({ treeLimit: 1 });
  peer.upstream(NEAR, otherTree(1));
  peer.upstream(NEAR, otherTree(2));
  peer.noLongerUpstream(otherTree(1));
  for (const { message } of only(bench.sent, "noInterest")) peer.ack(message);
  assert.deepEqual(interval(bench, peer), [peer]);
  const sent = peer.follow([entry(2), entry(3)]);
  for (const { message } of only(sent, "noInterest")) peer.ack(message);
  assert.equal(peer.view?.upstreamTrees, 1);
  assert.deepEqual(interval(bench, peer), []);
  assert.deepEqual(interval(bench, peer), []);
});

test("P7: room for trees of a neighbor restarts that one", () => {
  const { bench, peer } = few({ treesPerNeighborLimit: 1 });
  peer.upstream(NEAR, otherTree(1));
  peer.upstream(NEAR, otherTree(2));
  peer.noLongerUpstream(otherTree(1));
  for (const { message } of only(bench.sent, "noInterest")) peer.ack(message);
  // LastSN is stored of it until a CheckpointSN or the neighbor's end frees it.
  assert.deepEqual(interval(bench, peer), []);
  peer.hello({ checkpointSn: sequenceNumber(peer.sn) });
  assert.deepEqual(interval(bench, peer), [peer]);
  peer.follow([entry(2)]);
  assert.equal(bench.tree(otherTree(2))?.verdict.state, "UNSURE");
});

test("P7: a tree that is refused at the end of a synchronisation leaves only its SN behind", () => {
  const { bench } = few({ treeLimit: 1 });
  bench.data(1);
  const other = new Peer(bench, 2, "10.2.0.3");
  other.hello();
  other.snapshot();
  other.sync({ syncSn: 0 });
  bench.handle({ kind: "settings", settings: { ...DEFAULT_ROUTER_SETTINGS, treeLimit: 2 } });
  const message = other.upstreamMessage(NEAR, otherTree(1));
  assert.equal(only(other.say(message), "ack").length, 1);
  bench.handle({ kind: "settings", settings: { ...DEFAULT_ROUTER_SETTINGS, treeLimit: 1 } });
  other.sync({ syncSn: 1 });
  other.sync({ syncSn: 2 });
  assert.equal(other.state, "SYNCED");
  assert.equal(other.view?.upstreamTrees, 0);
  assert.equal(only(other.say(message), "ack").length, 1);
  assert.deepEqual(other.say({ ...message, sn: sequenceNumber(message.sn - 1) }), []);
});

test("P7: without a refusal nobody is restarted when trees go", () => {
  const { bench, peer } = few({ treeLimit: 2 });
  peer.upstream(NEAR, otherTree(1));
  peer.upstream(NEAR, TREE);
  peer.noLongerUpstream(otherTree(1));
  for (const { message } of only(bench.sent, "noInterest")) peer.ack(message);
  assert.deepEqual(interval(bench, peer), []);
  assert.equal(peer.state, "SYNCED");
});

test("§11, P7: of interest that is forgotten nothing stays that would count", () => {
  const { bench, peer } = few({ treesPerNeighborLimit: 1 });
  const [offer] = only(bench.data(1), "iamUpstream").filter((sent) => sent.interface === 2);
  peer.ack(offer?.message);
  peer.interest();
  // Its SN need not be remembered any more; its interest is.
  peer.hello({ checkpointSn: sequenceNumber(peer.sn) });
  bench.noRoute("10.0.0.0/24");
  peer.upstream(NEAR, otherTree(1));
  assert.deepEqual(bench.drops(2), []);
  assert.equal(peer.view?.upstreamTrees, 1);
});
