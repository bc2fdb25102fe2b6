// What a Sync does in each state (§6.4).
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis, seconds } from "../../src/base/units.ts";
import type { DropReason } from "../../src/core/acceptance.ts";
import type { SnapshotEntry } from "../../src/core/messages.ts";
import { DEFAULT_INTERFACE_SETTINGS } from "../../src/core/settings.ts";
import {
  type Bench,
  briefly,
  NEAR,
  only,
  originator,
  otherTree,
  type Sent,
  TREE,
} from "../support/bench.ts";
import { Peer, type SyncGiven } from "../support/peer.ts";

const HERS: readonly SnapshotEntry[] = [{ ...otherTree(9), rpc: NEAR }];
const MORE: readonly SnapshotEntry[] = [{ ...otherTree(8), rpc: NEAR }];

/** A router (10.2.0.5) that advertises `trees` trees, one a Sync, and a neighbor whose snapshot is SSN 1. */
function setup(trees = 0, address = "10.2.0.2"): { bench: Bench; peer: Peer } {
  const bench = originator({ protocol: { ...DEFAULT_INTERFACE_SETTINGS, treesPerSync: 1 } });
  for (let n = 0; n < trees; n++) bench.data(1, n === 0 ? TREE : otherTree(n));
  bench.run(100);
  const peer = new Peer(bench, 2, address);
  peer.snapshot();
  return { bench, peer };
}
/** We lead: its state is SLAVE, our first Sync is out. */
function leading(trees = 0, address?: string): { bench: Bench; peer: Peer } {
  const pair = setup(trees, address);
  pair.peer.hello();
  assert.equal(pair.peer.state, "SLAVE");
  return pair;
}
/** It leads: its state is MASTER, our answer to its first Sync is out. */
function following(
  trees = 0,
  entries: readonly SnapshotEntry[] = [],
): { bench: Bench; peer: Peer } {
  const pair = setup(trees);
  pair.peer.sync({ syncSn: 0, leader: true, neighborSsn: 0, entries });
  assert.equal(pair.peer.state, "MASTER");
  return pair;
}
/** Checks that a Sync is dropped: no word, no change. */
function isDropped(
  bench: Bench,
  peer: Peer,
  given: SyncGiven,
  reason: DropReason = "Sync out of order",
): void {
  const before = peer.view;
  const count = bench.dropped(2, reason);
  bench.run(10);
  assert.deepEqual(briefly(peer.sync(given)), [], JSON.stringify(given));
  assert.deepEqual(peer.view, before, JSON.stringify(given));
  assert.equal(bench.dropped(2, reason), count + 1, JSON.stringify(given));
}
function restarts(peer: Peer, given: SyncGiven): void {
  const ssn = peer.bench.running(2)?.interfaceSn ?? 0;
  const [sent] = briefly(peer.sync(given));
  assert.match(sent ?? "", new RegExp(`^sync ${ssn + 1}/0 to ${peer.view?.bootTime} M. 0$`));
  assert.equal(peer.state, "SLAVE");
  assert.equal(peer.view?.neighborSsn, 0);
}
const said = (sent: readonly Sent[]): string | undefined => briefly(sent)[0];

test("§6.4: a Sync is dropped unless its NeighborBootTime is our current BootTime", () => {
  for (const { bench, peer } of [setup(), leading(), following()]) {
    for (const neighborBootTime of [999, 1001, 0]) {
      isDropped(bench, peer, { neighborBootTime, leader: true }, "Sync for another BootTime");
    }
  }
});

test("§6.4: a Sync with a lower BootTime is dropped, one with a higher restarts", () => {
  const { bench, peer } = leading();
  isDropped(bench, peer, { bootTime: 499, leader: true }, "stale BootTime");
  restarts(peer, { bootTime: 501, leader: false });
});

test("§6.4 UNKNOWN: SyncSN 0 with M makes it MASTER, with our snapshot and its SSN, and answered", () => {
  const { bench, peer } = setup(1);
  const sent = peer.sync({ syncSn: 0, leader: true, neighborSsn: 0, entries: HERS });
  assert.deepEqual(briefly(sent), ["sync 2/1 to 500 -m 0"]);
  const { state, mySsn, neighborSsn, upstreamTrees, livenessDue } = peer.view ?? {};
  assert.deepEqual([state, mySsn, neighborSsn, upstreamTrees], ["MASTER", 2, 1, 1]);
  assert.equal(livenessDue, bench.now + seconds(12));
});

test("§6.4 UNKNOWN: the leader's NeighborSSN does not matter", () => {
  const { peer } = setup();
  peer.sync({ syncSn: 0, leader: true, neighborSsn: 77 });
  assert.equal(peer.state, "MASTER");
});

test("§6.4 UNKNOWN: any other Sync makes us lead", () => {
  for (const given of [
    { syncSn: 0, leader: false },
    { syncSn: 1, leader: true },
    { syncSn: 1, leader: false },
  ]) {
    const { peer } = setup();
    restarts(peer, given);
    assert.equal(peer.view?.upstreamTrees, 0);
  }
});

test("§6.4 SLAVE with NeighborSSN 0: its first answer must have SyncSN 0 and NeighborSSN 0 or MySSN", () => {
  const { bench, peer } = leading(2);
  assert.equal(peer.view?.mySsn, 3);
  for (const given of [
    { syncSn: 1 },
    { syncSn: 1, neighborSsn: 0, leader: true },
    { syncSn: 0, neighborSsn: 2 },
    { syncSn: 0, neighborSsn: 2, leader: true },
    { syncSn: 0, neighborSsn: 77 },
    { syncSn: 0, neighborSsn: 77, leader: true },
  ]) {
    isDropped(bench, peer, given);
  }
  peer.sync({ syncSn: 0, neighborSsn: 3 });
  assert.equal(peer.view?.neighborSsn, 1);
});

test("§6.4 SLAVE: an answer whose NeighborSSN is not MySSN is dropped", () => {
  const { bench, peer } = leading();
  // NeighborSSN 0 passes the first test; as an answer it says nothing of our snapshot.
  isDropped(bench, peer, { syncSn: 0, neighborSsn: 0 });
  assert.equal(peer.state, "SLAVE");
  assert.equal(said(peer.sync({ syncSn: 0 })), "sync 1/1 to 500 M- 1");
  isDropped(bench, peer, { syncSn: 1, neighborSsn: 0 });
  isDropped(bench, peer, { syncSn: 1, neighborSsn: 2 });
  assert.equal(peer.state, "SLAVE");
});

test("§6.4 SLAVE: each answer is installed and followed by our next part, until both have no more", () => {
  const { bench, peer } = leading(2);
  assert.equal(said(peer.sync({ syncSn: 0, entries: HERS })), "sync 3/1 to 500 Mm 1");
  assert.equal(peer.view?.upstreamTrees, 1);
  assert.equal(said(peer.sync({ syncSn: 1, entries: MORE })), "sync 3/1 to 500 M- 2");
  assert.equal(peer.view?.upstreamTrees, 2);
  // Both had m = 0: done, and nothing more is said.
  assert.equal(peer.state, "SLAVE");
  assert.deepEqual(only(peer.sync({ syncSn: 2, options: { holdTimeSeconds: 7 } }), "sync"), []);
  assert.equal(peer.state, "SYNCED");
  assert.equal(peer.view?.livenessDue, millis(bench.now + 7000));
  assert.deepEqual(only(bench.run(6000), "sync"), []);
});

test("§6.4 SLAVE: m = 0 in one of the two messages alone does not end it", () => {
  const ours = leading(1);
  assert.equal(said(ours.peer.sync({ syncSn: 0 })), "sync 2/1 to 500 M- 1");
  assert.equal(said(ours.peer.sync({ syncSn: 1, entries: HERS })), "sync 2/1 to 500 M- 2");
  assert.equal(ours.peer.state, "SLAVE");
  ours.peer.sync({ syncSn: 2 });
  assert.equal(ours.peer.state, "SYNCED");
  const hers = leading(2);
  hers.peer.sync({ syncSn: 0 });
  assert.equal(said(hers.peer.sync({ syncSn: 1 })), "sync 3/1 to 500 M- 2");
  assert.equal(hers.peer.state, "SLAVE");
});

test("§6.4 SLAVE: at SyncSN 0 it is never over, both without trees (Lab 1)", () => {
  const { peer } = leading();
  assert.equal(said(peer.sync({ syncSn: 0 })), "sync 1/1 to 500 M- 1");
  assert.equal(peer.state, "SLAVE");
});

test("§6.4 SLAVE and MASTER: lower SSN: drop; higher: restart; another SyncSN: drop", () => {
  const slave = leading(2);
  slave.peer.sn = 4;
  slave.peer.snapshot();
  slave.peer.sync({ syncSn: 0 });
  const master = setup(2);
  master.peer.sn = 4;
  master.peer.snapshot();
  master.peer.sync({ syncSn: 0, leader: true, neighborSsn: 0 });
  for (const [{ bench, peer }, leader] of [
    [slave, false],
    [master, true],
  ] as const) {
    assert.equal(peer.view?.neighborSsn, 5);
    isDropped(bench, peer, { syncSn: 1, leader, mySsn: 4 });
    isDropped(bench, peer, { syncSn: 0, leader });
    isDropped(bench, peer, { syncSn: 2, leader });
    restarts(peer, { syncSn: 0, leader, mySsn: 6 });
  }
});

test("§6.4 SLAVE: both want to lead, we are higher: we repeat ourselves, it stays SLAVE (X2)", () => {
  const { bench, peer } = leading(1, "10.2.0.4");
  const due = peer.view?.livenessDue;
  bench.run(1000);
  const sent = peer.sync({ syncSn: 0, leader: true, neighborSsn: 0, entries: HERS });
  assert.deepEqual(briefly(sent), ["sync 2/1 to 500 Mm 0"]);
  assert.equal(peer.state, "SLAVE");
  assert.equal(peer.view?.upstreamTrees, 0);
  assert.equal(peer.view?.livenessDue, due);
});

test("§6.4 SLAVE: both want to lead, we are lower: we yield, with the snapshot and MySSN we had (X2)", () => {
  // 10.2.0.40 is higher as a number, not as a text.
  const { bench, peer } = leading(1, "10.2.0.40");
  bench.data(1, otherTree(1));
  bench.run(1000);
  const sent = peer.sync({ syncSn: 0, leader: true, neighborSsn: 0, entries: HERS });
  assert.deepEqual(briefly(sent), ["sync 2/1 to 500 -m 0"]);
  const [answer] = sent;
  assert.ok(answer?.message.kind === "sync" && answer.message.part.more);
  assert.deepEqual(answer.message.part.entries, [{ ...TREE, rpc: { preference: 2, metric: 0 } }]);
  assert.equal(peer.state, "MASTER");
  assert.equal(peer.view?.mySsn, 2);
  assert.equal(peer.view?.upstreamTrees, 1);
  assert.equal(peer.view?.livenessDue, bench.now + seconds(12));
  assert.equal(said(peer.sync({ syncSn: 1, leader: true })), "sync 2/1 to 500 -- 1");
  assert.equal(peer.state, "SYNCED");
});

test("§6.4 SLAVE: past SyncSN 0 a message with M is no answer", () => {
  const { bench, peer } = leading();
  peer.sync({ syncSn: 0 });
  isDropped(bench, peer, { syncSn: 1, leader: true });
});

test("§6.4 MASTER: it needs M", () => {
  const { bench, peer } = following();
  isDropped(bench, peer, { syncSn: 1, leader: false });
});

test("§6.4 MASTER: past SyncSN 0 its NeighborSSN must be MySSN", () => {
  const { bench, peer } = following();
  isDropped(bench, peer, { syncSn: 1, leader: true, neighborSsn: 0 });
  isDropped(bench, peer, { syncSn: 1, leader: true, neighborSsn: 2 });
  peer.sync({ syncSn: 1, leader: true, neighborSsn: 1 });
  assert.equal(peer.state, "SYNCED");
});

test("§6.4 MASTER: installed and answered with the part of the same number, until both have no more", () => {
  const { bench, peer } = following(2, HERS);
  assert.equal(peer.view?.upstreamTrees, 1);
  bench.run(1000);
  assert.equal(said(peer.sync({ syncSn: 1, leader: true, entries: MORE })), "sync 3/1 to 500 -m 1");
  assert.equal(peer.view?.upstreamTrees, 2);
  assert.equal(peer.view?.livenessDue, bench.now + seconds(12));
  const last = peer.sync({ syncSn: 2, leader: true, options: { holdTimeSeconds: 9 } });
  assert.equal(said(last), "sync 3/1 to 500 -- 2");
  assert.equal(peer.state, "SYNCED");
  assert.equal(peer.view?.livenessDue, bench.now + 9000);
});

test("§6.4 MASTER: m = 0 in one of the two messages alone does not end it", () => {
  const hers = following(2);
  assert.equal(said(hers.peer.sync({ syncSn: 1, leader: true })), "sync 3/1 to 500 -m 1");
  assert.equal(hers.peer.state, "MASTER");
  const ours = following(1, HERS);
  assert.equal(
    said(ours.peer.sync({ syncSn: 1, leader: true, entries: MORE })),
    "sync 2/1 to 500 -- 1",
  );
  assert.equal(ours.peer.state, "MASTER");
});

test("§6.4 MASTER: at SyncSN 0 it is never over", () => {
  const { peer } = following();
  assert.equal(peer.state, "MASTER");
});

test("§6.4: a Sync without a HoldTime makes 120 s hold", () => {
  const { bench, peer } = following();
  peer.sync({ syncSn: 1, leader: true, options: {} });
  assert.equal(peer.view?.livenessDue, bench.now + 120_000);
});

test("§6.4 SYNCED: a leader that repeats itself gets our last answer again (X1)", () => {
  const { bench, peer } = following(1);
  const answer = said(peer.sync({ syncSn: 1, leader: true }));
  assert.equal(peer.state, "SYNCED");
  bench.run(3000);
  const before = peer.view;
  for (let n = 0; n < 3; n++) {
    assert.deepEqual(briefly(peer.sync({ syncSn: 1, leader: true })), [answer]);
  }
  assert.deepEqual(peer.view, before);
});

test("§6.4 SYNCED: only a leader with our SyncSN and both SSNs is answered", () => {
  const { bench, peer } = following(1);
  peer.sync({ syncSn: 1, leader: true });
  for (const given of [
    { syncSn: 1, leader: false },
    { syncSn: 0, leader: true },
    { syncSn: 2, leader: true },
    { syncSn: 1, leader: true, neighborSsn: 0 },
    { syncSn: 1, leader: true, neighborSsn: 3 },
  ]) {
    isDropped(bench, peer, given);
  }
});

test("§6.4 SYNCED: lower SSN: drop; higher: restart, whatever else it says", () => {
  for (const given of [
    { syncSn: 0, leader: true },
    { syncSn: 1, leader: false },
    { syncSn: 5, leader: true, neighborSsn: 99 },
  ]) {
    const { bench, peer } = setup();
    peer.sn = 4;
    peer.snapshot();
    peer.sync({ syncSn: 0, leader: true, neighborSsn: 0 });
    peer.sync({ syncSn: 1, leader: true });
    assert.equal(peer.state, "SYNCED");
    isDropped(bench, peer, { ...given, mySsn: 4 });
    restarts(peer, { ...given, mySsn: 6 });
  }
});

test("§6.4 SYNCED as leader: its repeated last answer needs no answer", () => {
  const { bench, peer } = leading();
  peer.sync({ syncSn: 0 });
  peer.sync({ syncSn: 1 });
  assert.equal(peer.state, "SYNCED");
  isDropped(bench, peer, { syncSn: 1, leader: false });
});

test("§6.4: a Sync with SSN 0, which no snapshot has, is dropped and makes no neighbor", () => {
  for (const neighborSsn of [0, 5]) {
    const bench = originator();
    const peer = new Peer(bench, 2, "10.2.0.2");
    assert.deepEqual(peer.sync({ mySsn: 0, neighborSsn, syncSn: 0, leader: true }), []);
    assert.equal(peer.state, "UNKNOWN");
    assert.equal(bench.dropped(2, "Sync out of order"), 1);
  }
});
