// How a snapshot is cut into parts and repeated, and what its entries do (§6.3, §6.5 to §6.7).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Sync } from "../../src/core/messages.ts";
import { DEFAULT_INTERFACE_SETTINGS } from "../../src/core/settings.ts";
import { lastSync, leadSync, type SyncState, stepSync } from "../../src/core/sync.ts";
import {
  Bench,
  brief,
  briefly,
  FAR,
  NEAR,
  only,
  originator,
  otherTree,
  type Sent,
  TREE,
} from "../support/bench.ts";
import { Peer } from "../support/peer.ts";

const RPC = { preference: 2, metric: 0 };
const perSync = (treesPerSync: number) => ({
  protocol: { ...DEFAULT_INTERFACE_SETTINGS, treesPerSync },
});
const groupsOf = (message: Sync): readonly string[] =>
  message.part.more ? message.part.entries.map((entry) => entry.group) : [];
const syncs = (sent: readonly Sent[]): readonly Sync[] =>
  sent.flatMap(({ message }) => (message.kind === "sync" ? [message] : []));

test("§6.3: part k of n trees, f a message, has entries k·f to (k+1)·f - 1, and m exactly while it has some", () => {
  fc.assert(
    fc.property(fc.nat(12), fc.integer({ min: 1, max: 5 }), (n, f) => {
      const entries = Array.from({ length: n }, (_, i) => ({ ...otherTree(i), rpc: RPC }));
      const snapshot = { ssn: sequenceNumber(9), entries, entriesPerPart: f };
      const first: SyncState = leadSync(bootTime(500), snapshot);
      for (let k = 0; k <= n / f + 2; k++) {
        const options = { holdTimeSeconds: 40 };
        const { part, syncSn } = lastSync({ ...first, currentSyncSn: k }, bootTime(7), options);
        const expected = entries.slice(k * f, (k + 1) * f);
        assert.equal(part.more, n > k * f);
        if (part.more) assert.deepEqual(part.entries, expected);
        else assert.deepEqual([part.options, expected], [options, []]);
        assert.equal(syncSn, k);
      }
    }),
  );
});

test("§6.3: f is the configured number, or as many as the MTU carries, fixed with the snapshot", () => {
  const first = (given: Parameters<typeof originator>[0]): number => {
    const bench = originator(given);
    for (let n = 0; n < 120; n++) bench.data(1, otherTree(n));
    const peer = new Peer(bench, 2, "10.2.0.2");
    const [sync] = syncs(peer.hello());
    bench.interface(2, "10.2.0.5/24", perSync(1));
    const [later] = syncs(bench.run(3000));
    assert.deepEqual(sync && groupsOf(sync), later && groupsOf(later));
    return sync === undefined ? 0 : groupsOf(sync).length;
  };
  assert.equal(first({}), 91);
  assert.equal(first({ signatureBytes: 20 }), 89);
  assert.equal(first({ mtu: 300 }), 16);
  assert.equal(first({ mtu: 20 }), 1);
  assert.equal(first(perSync(7)), 7);
});

test("§6.3: a Sync with m = 0 carries HoldTime", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2");
  const [sync] = syncs(peer.hello());
  assert.deepEqual(sync?.part, { more: false, options: { holdTimeSeconds: 40 } });
});

test("§6.5: the leader repeats the part it is at, the follower the part before", () => {
  const bench = originator(perSync(1));
  bench.data(1);
  const slave = new Peer(bench, 2, "10.2.0.2");
  slave.hello();
  const master = new Peer(bench, 3, "10.3.0.2");
  master.snapshot();
  master.sync({ syncSn: 0, leader: true, neighborSsn: 0 });
  const once = only(bench.run(3000), "sync").map((s) => `${s.interface}: ${brief(s)}`);
  assert.deepEqual(once, ["2: sync 2/0 to 500 Mm 0", "3: sync 2/1 to 500 -m 0"]);
  slave.follow([{ ...TREE, rpc: FAR }]);
  const again = new Peer(bench, 2, "10.2.0.3");
  again.hello();
  again.snapshot();
  again.sync({ syncSn: 0 });
  const more = [{ ...otherTree(3), rpc: FAR }];
  master.sync({ syncSn: 1, leader: true, entries: more });
  const twice = only(bench.run(3000), "sync").map((s) => `${s.interface}: ${brief(s)}`);
  const [ssn] = [again.view?.mySsn];
  assert.deepEqual(twice, [`2: sync ${ssn}/1 to 500 M- 1`, "3: sync 2/1 to 500 -- 1"]);
});

test("§6.4: progress restarts both timers, a repetition none", () => {
  const bench = originator(perSync(1));
  bench.data(1);
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.hello();
  peer.snapshot();
  bench.run(2000);
  peer.sync({ syncSn: 0 });
  // The first retransmission would have been after another second.
  assert.deepEqual(only(bench.run(2999), "sync"), []);
  assert.equal(only(bench.run(1), "sync").length, 1);
  assert.equal(peer.view?.livenessDue, 2000 + 12_000);
  const master = new Peer(bench, 3, "10.3.0.2");
  master.snapshot();
  master.sync({ syncSn: 0, leader: true, neighborSsn: 0 });
  bench.run(1000);
  master.sync({ syncSn: 0, leader: true, neighborSsn: 0 });
  assert.equal(master.view?.livenessDue, 5000 + 12_000);
});

test("§6.5: without progress for SyncHoldTime the neighbor fails, whatever it repeats", () => {
  for (const leads of [false, true]) {
    const bench = originator();
    const peer = new Peer(bench, 2, "10.2.0.2");
    peer.snapshot();
    if (leads) peer.sync({ syncSn: 0, leader: true, neighborSsn: 0 });
    else peer.hello();
    for (let n = 0; n < 11; n++) {
      bench.run(1000);
      peer.hello();
      peer.sync({ syncSn: 7, leader: leads });
    }
    assert.notEqual(peer.state, "UNKNOWN");
    bench.run(1000);
    assert.equal(peer.state, "UNKNOWN");
  }
});

test("§6.4: on SYNCED the retransmission timer stops", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  assert.equal(peer.state, "SYNCED");
  assert.deepEqual(only(bench.run(30_000), "sync"), []);
});

test("§6.6: an entry makes the neighbor UPSTREAM with its RPC, once SYNCED", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.hello();
  peer.snapshot();
  peer.sync({ syncSn: 0, entries: [{ ...otherTree(1), rpc: NEAR }] });
  assert.equal(peer.view?.upstreamTrees, 1);
  assert.equal(
    bench.tree(otherTree(1))?.interfaces.find((i) => i.bun !== null),
    undefined,
  );
  peer.sync({ syncSn: 1 });
  assert.deepEqual(bench.treeAt(2, otherTree(1))?.bun, { neighbor: peer.address, rpc: NEAR });
});

/** Following: entries come in two parts, between which the neighbor sends news. */
function interrupted(news: (peer: Peer) => readonly Sent[]): { bench: Bench; peer: Peer } {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.hello();
  peer.snapshot();
  peer.sync({ syncSn: 0, entries: [{ ...otherTree(1), rpc: NEAR }] });
  assert.equal(only(news(peer), "ack").length, 1);
  peer.sync({ syncSn: 1, entries: [{ ...otherTree(2), rpc: FAR }] });
  peer.sync({ syncSn: 2 });
  assert.equal(peer.state, "SYNCED");
  return { bench, peer };
}

test("§6.6: entries never override news that came since the snapshot", () => {
  const bun = (bench: Bench) => bench.treeAt(2, otherTree(2))?.bun?.rpc;
  assert.deepEqual(bun(interrupted((peer) => peer.upstream(NEAR, otherTree(2))).bench), NEAR);
  const without = interrupted((peer) => peer.noLongerUpstream(otherTree(2)));
  assert.equal(bun(without.bench), undefined);
  assert.equal(without.peer.view?.upstreamTrees, 1);
  assert.equal(bun(interrupted((peer) => peer.interest(otherTree(2))).bench), undefined);
  // News of another tree override nothing.
  assert.deepEqual(bun(interrupted((peer) => peer.upstream(NEAR, otherTree(3))).bench), FAR);
});

test("§6.6: news before its entry came override the entry that came earlier", () => {
  const { bench, peer } = interrupted((p) => p.noLongerUpstream(otherTree(1)));
  assert.equal(bench.treeAt(2, otherTree(1)), undefined);
  assert.equal(peer.view?.upstreamTrees, 1);
});

test("§6.6: a yielding leader keeps news that are fresher than the entries (§6.4)", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.40");
  peer.hello();
  peer.snapshot();
  peer.sync({ syncSn: 0, leader: true, neighborSsn: 0 });
  peer.upstream(NEAR, otherTree(1));
  // At SyncSN 1 the follower has installed the first part: news count from then on.
  peer.sync({ syncSn: 1, leader: true, entries: [{ ...otherTree(1), rpc: FAR }] });
  peer.sync({ syncSn: 2, leader: true });
  assert.equal(peer.state, "SYNCED");
  assert.deepEqual(bench.treeAt(2, otherTree(1))?.bun?.rpc, NEAR);
});

test("§6.7: only SYNCED neighbors count: with the loss of SYNCED go upstream state and interest", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.data(1);
  peer.interest();
  assert.deepEqual(bench.entry(), { incoming: 1, outgoing: [2] });
  peer.reboot();
  peer.hello();
  assert.deepEqual(bench.entry(), { incoming: 1, outgoing: [] });
  assert.equal(bench.treeAt(2)?.nonRoot?.downstream.why, "nobody there");
});

test("§6.7: SYNCED counts as a fresh IamUpstream for each of its trees: interest is sent again, as one batch", () => {
  const bench = new Bench();
  bench.interface(1, "10.1.0.5/24");
  bench.interface(2, "10.2.0.5/24", { protocol: null, membership: true });
  bench.route("10.0.0.0/24", 1, "10.1.0.2", 20);
  bench.listen(2);
  const entries = [
    { ...TREE, rpc: NEAR },
    { ...otherTree(1), rpc: NEAR },
  ];
  const peer = new Peer(bench, 1, "10.1.0.2");
  peer.hello();
  assert.deepEqual(briefly(peer.follow(entries)), [
    "sync 1/1 to 500 M- 1",
    "interest 2",
    "noInterest 3",
  ]);
  // It resynchronises: the same BUN, the same role, the same interest; it is told all the same.
  peer.snapshot();
  peer.sync({ syncSn: 0, leader: true });
  const [sync] = briefly(bench.sent.slice(-1));
  assert.equal(sync, "sync 4/0 to 500 M- 0");
  assert.deepEqual(briefly(peer.follow(entries)), [
    "sync 4/3 to 500 M- 1",
    "interest 5",
    "noInterest 6",
  ]);
});

test("§6.7: a neighbor that becomes SYNCED and stays second is told nothing", () => {
  const bench = new Bench();
  bench.interface(1, "10.1.0.5/24");
  bench.route("10.0.0.0/24", 1, "10.1.0.2", 20);
  new Peer(bench, 1, "10.1.0.2").meet([{ ...TREE, rpc: NEAR }]);
  const second = new Peer(bench, 1, "10.1.0.3");
  second.hello();
  const sent = second.follow([{ ...TREE, rpc: FAR }]);
  assert.deepEqual(only(sent, "interest", "noInterest"), []);
});

test("§6.7: a tree that is unknown until then is created", () => {
  const bench = originator();
  assert.equal(bench.tree(otherTree(1)), undefined);
  new Peer(bench, 2, "10.2.0.2").meet([{ ...otherTree(1), rpc: NEAR }]);
  assert.equal(bench.tree(otherTree(1))?.verdict.state, "UNSURE");
});

test("§6.4: SYNCED frees nothing that a repeated request needs, nor answers what was not asked", () => {
  const snapshot = { ssn: sequenceNumber(3), entries: [], entriesPerPart: 1 };
  const leading = leadSync(bootTime(500), snapshot);
  const heard = (syncSn: number): Sync => ({
    kind: "sync",
    bootTime: bootTime(500),
    mySsn: sequenceNumber(1),
    neighborSsn: sequenceNumber(3),
    neighborBootTime: bootTime(7),
    leader: false,
    syncSn,
    part: { more: false, options: { holdTimeSeconds: 40 } },
  });
  const first = stepSync(leading, heard(0), true);
  assert.ok(first.kind === "step" && first.answer && first.progress);
  const second = stepSync(first.next, heard(1), true);
  assert.ok(second.kind === "step" && !second.answer && second.progress);
  assert.equal(second.next.state, "SYNCED");
  assert.equal(second.next.snapshot, null);
});
