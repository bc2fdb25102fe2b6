// Which messages are fresh, and which Acks are ours (§7.3, §7.4).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import { orderOfBootTime } from "../../src/core/freshness.ts";
import type { Ack, TreeMessage } from "../../src/core/messages.ts";
import { DEFAULT_INTERFACE_SETTINGS } from "../../src/core/settings.ts";
import {
  type Bench,
  briefly,
  FAR,
  NEAR,
  only,
  originator,
  otherTree,
  TREE,
} from "../support/bench.ts";
import { Peer } from "../support/peer.ts";

const sn = sequenceNumber;
/** A router that advertises nothing, and a SYNCED neighbor whose SSN is 10. */
function pair(): { bench: Bench; peer: Peer } {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.sn = 9;
  peer.meet();
  assert.equal(peer.view?.neighborSsn, 10);
  return { bench, peer };
}
const numbered = (message: TreeMessage, n: number): TreeMessage => ({ ...message, sn: sn(n) });

test("§7.3: the order of BootTimes; of an unknown neighbor any is newer", () => {
  assert.equal(orderOfBootTime(bootTime(5), bootTime(5)), "current");
  assert.equal(orderOfBootTime(bootTime(4), bootTime(5)), "older");
  assert.equal(orderOfBootTime(bootTime(6), bootTime(5)), "newer");
  assert.equal(orderOfBootTime(bootTime(0), undefined), "newer");
});

test("§7.3: BT < known: dropped, without an Ack", () => {
  const { bench, peer } = pair();
  const message = { ...peer.upstreamMessage(), bootTime: bootTime(499) };
  assert.deepEqual(peer.say(message), []);
  assert.equal(bench.dropped(2, "stale BootTime"), 1);
  assert.equal(peer.view?.upstreamTrees, 0);
});

test("§7.3: BT > known, or neighbor unknown: we lead a synchronisation, and the message is dropped", () => {
  const { peer } = pair();
  const message = { ...peer.upstreamMessage(), bootTime: bootTime(501) };
  assert.deepEqual(briefly(peer.say(message)), ["sync 2/0 to 501 M- 0"]);
  assert.equal(peer.view?.upstreamTrees, 0);
  const stranger = new Peer(peer.bench, 2, "10.2.0.9");
  stranger.sn = 50;
  assert.deepEqual(briefly(stranger.upstream()), ["sync 3/0 to 500 M- 0"]);
  assert.equal(stranger.view?.upstreamTrees, 0);
});

test("§7.3: while CurrentSyncSN is 0 everything is dropped, as leader and as follower", () => {
  const bench = originator();
  const slave = new Peer(bench, 2, "10.2.0.2");
  slave.hello();
  const master = new Peer(bench, 2, "10.2.0.40");
  master.hello();
  // Both want to lead; the neighbor's SSN is known then, and CurrentSyncSN still 0.
  slave.snapshot();
  slave.sync({ syncSn: 0, leader: true, neighborSsn: 0 });
  assert.equal(slave.view?.neighborSsn, 1);
  for (const peer of [slave, master]) {
    peer.sn = 20;
    for (const kind of ["interest", "noInterest", "iamNoLongerUpstream"] as const) {
      assert.deepEqual(peer.say(peer.plain(kind)), []);
    }
    assert.deepEqual(peer.upstream(), []);
    assert.equal(peer.view?.upstreamTrees, 0);
  }
  assert.equal(bench.dropped(2, "stale sequence number"), 8);
});

test("§7.3: past SyncSN 0 messages count, before SYNCED too", () => {
  const bench = originator();
  const slave = new Peer(bench, 2, "10.2.0.2");
  slave.hello();
  slave.snapshot();
  slave.sync({ syncSn: 0 });
  assert.equal(slave.state, "SLAVE");
  assert.deepEqual(briefly(slave.upstream()), ["ack 2 in 1/1 to 500"]);
  assert.equal(slave.view?.upstreamTrees, 1);
  const master = new Peer(bench, 3, "10.3.0.2");
  master.snapshot();
  master.sync({ syncSn: 0, leader: true, neighborSsn: 0 });
  assert.equal(master.state, "MASTER");
  assert.equal(only(master.upstream(), "ack").length, 1);
  // Nobody is SYNCED: it is stored and counts for nothing.
  assert.equal(bench.treeAt(2)?.bun ?? null, null);
});

test("§7.3: SN ≤ NeighborSSN: dropped; the next is fresh", () => {
  const { bench, peer } = pair();
  const message = peer.upstreamMessage();
  assert.deepEqual(peer.say(numbered(message, 9)), []);
  assert.deepEqual(peer.say(numbered(message, 10)), []);
  assert.equal(bench.dropped(2, "stale sequence number"), 2);
  assert.equal(only(peer.say(numbered(message, 11)), "ack").length, 1);
});

test("§7.3: SN ≤ CheckpointSN: dropped; the next is fresh", () => {
  const { bench, peer } = pair();
  peer.hello({ checkpointSn: sn(14) });
  const message = peer.upstreamMessage();
  assert.deepEqual(peer.say(numbered(message, 13)), []);
  assert.deepEqual(peer.say(numbered(message, 14)), []);
  assert.equal(bench.dropped(2, "stale sequence number"), 2);
  assert.equal(only(peer.say(numbered(message, 15)), "ack").length, 1);
  assert.equal(peer.view?.upstreamTrees, 1);
});

test("§7.3: SN = LastSN: acknowledged again, and not processed", () => {
  const { peer } = pair();
  peer.upstream(NEAR);
  const gone = numbered(peer.plain("iamNoLongerUpstream"), peer.sn);
  peer.say(gone);
  const repeated = numbered(peer.upstreamMessage(NEAR), gone.sn);
  assert.deepEqual(briefly(peer.say(repeated)), [`ack ${gone.sn} in 1/10 to 500`]);
  assert.equal(peer.view?.upstreamTrees, 0);
});

test("§7.3: SN < LastSN: dropped, without an Ack; LastSN is per tree", () => {
  const { bench, peer } = pair();
  const old = peer.plain("iamNoLongerUpstream");
  const elsewhere = peer.plain("interest", otherTree(1));
  peer.upstream(NEAR);
  assert.deepEqual(peer.say(old), []);
  assert.equal(bench.dropped(2, "stale sequence number"), 1);
  assert.equal(peer.view?.upstreamTrees, 1);
  assert.equal(only(peer.say(elsewhere), "ack").length, 1);
});

test("§7.3: what is taken, or starts a synchronisation, is not counted as dropped", () => {
  const { bench, peer } = pair();
  bench.data(1);
  peer.interest();
  peer.noLongerUpstream();
  const [sent] = only(bench.sent, "iamUpstream").filter((s) => s.interface === 2);
  peer.ack(sent?.message);
  peer.reboot();
  peer.upstream();
  new Peer(bench, 2, "10.2.0.9").interest();
  assert.deepEqual(bench.drops(2), []);
});

test("§7.3: a fresh IamUpstream of the BUN is answered with interest again (§10), a repeated one is not", () => {
  const { peer } = pair();
  assert.deepEqual(briefly(peer.upstream(NEAR)), ["ack 11 in 1/10 to 500", "noInterest 2"]);
  const again = peer.upstreamMessage(NEAR);
  assert.deepEqual(briefly(peer.say(again)), ["ack 12 in 1/10 to 500", "noInterest 3"]);
  assert.deepEqual(briefly(peer.say(again)), ["ack 12 in 1/10 to 500"]);
});

test("§7.3: a fresh message is acknowledged before anything else is sent for it", () => {
  const { peer } = pair();
  assert.deepEqual(briefly(peer.upstream(NEAR)), ["ack 11 in 1/10 to 500", "noInterest 2"]);
});

test("§7.4: an Ack carries S, G, the neighbor's BT, NeighborSSN, MySSN and SN", () => {
  const { peer } = pair();
  const [ack] = only(peer.upstream(NEAR, otherTree(4)), "ack");
  assert.deepEqual(ack?.message, {
    kind: "ack",
    ...otherTree(4),
    bootTime: 1000,
    neighborBootTime: 500,
    neighborSsn: 10,
    mySsn: 1,
    neighborSn: 11,
  });
  assert.equal(ack?.destination, peer.address);
});

/** A SYNCED neighbor (SSN 10) that owes an Ack for IamUpstream 2. */
function owing(): { bench: Bench; peer: Peer; message: TreeMessage } {
  const { bench, peer } = pair();
  const [sent] = only(bench.data(1), "iamUpstream").filter((s) => s.interface === 2);
  assert.ok(sent?.message.kind === "iamUpstream");
  return { bench, peer, message: sent.message };
}
const isOutstanding = (bench: Bench): boolean =>
  only(bench.run(3000), "iamUpstream").some((s) => s.interface === 2);

test("§7.4: an Ack is accepted only if all of the pair's numbers agree", () => {
  const wrong: readonly Partial<Ack>[] = [
    { neighborBootTime: bootTime(999) },
    { neighborBootTime: bootTime(1001) },
    { bootTime: bootTime(499) },
    { neighborSsn: sn(0) },
    { neighborSsn: sn(2) },
    { mySsn: sn(9) },
    { mySsn: sn(11) },
    { group: otherTree(1).group },
    { source: ip("10.0.0.101") },
    { neighborSn: sn(1) },
  ];
  for (const given of wrong) {
    const { bench, peer, message } = owing();
    assert.deepEqual(peer.ack(message, given), []);
    assert.ok(isOutstanding(bench), JSON.stringify(given));
    peer.ack(message);
    assert.ok(!isOutstanding(bench));
  }
});

test("§7.4: an Ack with a higher BootTime restarts, and is not accepted", () => {
  const { peer, message } = owing();
  assert.deepEqual(briefly(peer.ack(message, { bootTime: bootTime(501) })), [
    "sync 3/0 to 501 Mm 0",
  ]);
});

test("§7.4: Acks that are not ours are counted", () => {
  const { bench, peer, message } = owing();
  peer.ack(message, { mySsn: sn(9) });
  assert.equal(bench.dropped(2, "Ack of nothing"), 1);
  peer.ack(message);
  assert.equal(bench.dropped(2, "Ack of nothing"), 1);
  // Nothing is outstanding any more.
  peer.ack(message);
  assert.equal(bench.dropped(2, "Ack of nothing"), 2);
  peer.say({ ...peer.ackMessage(message), ...otherTree(1) });
  assert.equal(bench.dropped(2, "Ack of nothing"), 3);
});

test("§7.4: an Ack is accepted only past SyncSN 0 of a synchronisation", () => {
  const bench = originator({ protocol: { ...DEFAULT_INTERFACE_SETTINGS, treesPerSync: 1 } });
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.hello();
  // It wants to lead as well: its SSN is known, all numbers agree, and CurrentSyncSN is 0.
  peer.snapshot();
  peer.sync({ syncSn: 0, leader: true, neighborSsn: 0 });
  const [sent] = only(bench.data(1), "iamUpstream").filter((s) => s.interface === 2);
  peer.ack(sent?.message);
  assert.ok(isOutstanding(bench));
  peer.sync({ syncSn: 0 });
  assert.equal(peer.state, "SLAVE");
  peer.ack(sent?.message);
  assert.ok(!isOutstanding(bench));
  assert.equal(sent?.message.kind === "iamUpstream" && sent.message.source, TREE.source);
});

test("§7.4: an Ack of an earlier synchronisation is not accepted, though SN and BootTimes agree", () => {
  const { bench, peer, message } = owing();
  const early = peer.ackMessage(message, { neighborSn: sn(99) });
  peer.snapshot();
  peer.sync({ syncSn: 0, leader: true });
  peer.follow([{ ...otherTree(2), rpc: FAR }]);
  bench.data(1, otherTree(5));
  const later = { ...early, ...otherTree(5) };
  peer.say(later);
  assert.ok(isOutstanding(bench));
});
