// When a synchronisation starts anew, and with what (§6.1, §6.2).
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis, seconds, sequenceNumber } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import { DEFAULT_INTERFACE_SETTINGS } from "../../src/core/settings.ts";
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
const entriesOf = (sent: readonly Sent[]): readonly unknown[] =>
  only(sent, "sync").flatMap(({ message }) =>
    message.kind === "sync" && message.part.more ? message.part.entries : [],
  );

test("§6.2: restarting, we lead: SLAVE, Sync(MySSN, 0, its BT, M=1, SyncSN 0), timers set", () => {
  const bench = originator();
  bench.run(1000);
  const peer = new Peer(bench, 2, "10.2.0.2");
  const [sent] = peer.hello();
  assert.deepEqual(sent?.message, {
    kind: "sync",
    bootTime: 1000,
    mySsn: 1,
    neighborSsn: 0,
    neighborBootTime: 500,
    leader: true,
    syncSn: 0,
    part: { more: false, options: { holdTimeSeconds: 40 } },
  });
  assert.equal(sent?.destination, peer.address);
  const { state, mySsn, neighborSsn, bootTime, livenessDue } = peer.view ?? {};
  assert.deepEqual([state, mySsn, neighborSsn, bootTime], ["SLAVE", 1, 0, 500]);
  assert.equal(livenessDue, bench.now + seconds(12));
  assert.deepEqual(
    only(bench.run(6000), "sync").map((s) => [s.at, brief(s)]),
    [
      [4000, "sync 1/0 to 500 M- 0"],
      [7000, "sync 1/0 to 500 M- 0"],
    ],
  );
});

test("§6.2: any message of an unknown neighbor but a Sync starts a synchronisation", () => {
  const said: Record<string, (peer: Peer) => readonly Sent[]> = {
    hello: (peer) => peer.hello(),
    iamUpstream: (peer) => peer.upstream(),
    iamNoLongerUpstream: (peer) => peer.noLongerUpstream(),
    interest: (peer) => peer.interest(),
    noInterest: (peer) => peer.noInterest(),
    ack: (peer) => peer.say(peer.ackMessage(peer.plain("interest"))),
  };
  for (const [kind, say] of Object.entries(said)) {
    const bench = originator();
    const peer = new Peer(bench, 2, "10.2.0.2");
    assert.deepEqual(briefly(say(peer)), ["sync 1/0 to 500 M- 0"], kind);
    assert.equal(peer.view?.upstreamTrees, 0);
  }
});

test("§6.2: any message with a higher BootTime starts one, and only that", () => {
  const said: Record<string, (peer: Peer) => Message> = {
    iamUpstream: (peer) => peer.upstreamMessage(),
    iamNoLongerUpstream: (peer) => peer.plain("iamNoLongerUpstream"),
    interest: (peer) => peer.plain("interest"),
    noInterest: (peer) => peer.plain("noInterest"),
    ack: (peer) => peer.ackMessage(peer.plain("interest")),
    sync: (peer) => ({ ...peer.syncMessage({ syncSn: 0, leader: true }), mySsn: 1 as never }),
    hello: () => ({ kind: "hello", bootTime: 0 as never, options: { holdTimeSeconds: 40 } }),
  };
  for (const [kind, message] of Object.entries(said)) {
    for (const state of ["SYNCED", "SLAVE", "MASTER"]) {
      const bench = originator();
      const peer = new Peer(bench, 2, "10.2.0.2");
      if (state === "SLAVE") peer.hello();
      if (state === "MASTER") peer.sync({ syncSn: 0, leader: true, mySsn: 1 });
      if (state === "SYNCED") peer.meet();
      assert.equal(peer.state, state);
      peer.sn = 20;
      peer.bootTime++;
      const say = { ...message(peer), bootTime: peer.bootTime as never };
      assert.deepEqual(briefly(peer.say(say)), ["sync 2/0 to 501 M- 0"], `${kind} ${state}`);
      assert.equal(peer.state, "SLAVE");
      assert.equal(peer.view?.bootTime, 501);
      assert.equal(peer.view?.neighborSsn, 0);
    }
  }
});

test("§6.2: a Sync with the same BootTime and a higher SSN starts one", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  peer.snapshot();
  assert.deepEqual(briefly(peer.sync({ syncSn: 0, leader: true, neighborSsn: 0 })), [
    "sync 2/0 to 500 M- 0",
  ]);
  assert.equal(peer.state, "SLAVE");
});

test("§6.2: restarting forgets all that is stored about the neighbor", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.data(1);
  peer.interest();
  peer.upstream(NEAR, otherTree(1));
  peer.hello({ checkpointSn: sequenceNumber(2) });
  peer.snapshot();
  peer.sync({ syncSn: 0, leader: true });
  const { upstreamTrees, checkpointSn, neighborSsn } = peer.view ?? {};
  assert.deepEqual([upstreamTrees, checkpointSn, neighborSsn], [0, 0, 0]);
  assert.equal(bench.tree(otherTree(1)), undefined);
  // Its SNs count from its new snapshot on, and its interest is unknown again.
  peer.follow();
  assert.equal(bench.treeAt(2)?.nonRoot?.downstream.why, "neighbor counts as interested");
  const message = { ...peer.plain("noInterest"), sn: sequenceNumber(peer.ssn + 1) };
  assert.equal(only(peer.say(message), "ack").length, 1);
});

test("§6.2: re-evaluation comes before the snapshot, which says what is true without the neighbor", () => {
  const bench = new Bench();
  bench.interface(1, "10.1.0.5/24");
  bench.interface(2, "10.2.0.5/24");
  bench.route("10.0.0.0/24", 1, "10.1.0.2", 20);
  // Both neighbors of the root are upstream and on the other interface somebody is, too.
  const nearer = new Peer(bench, 1, "10.1.0.2").meet();
  nearer.upstream(NEAR);
  assert.equal(bench.tree()?.verdict.state, "ACTIVE");
  const peer = new Peer(bench, 2, "10.2.0.2");
  assert.deepEqual(entriesOf(peer.hello()), [{ ...TREE, rpc: { preference: 11, metric: 20 } }]);
  peer.follow();
  // The root's neighbor reboots: the tree is INACTIVE before any snapshot is taken.
  nearer.reboot();
  const sent = nearer.hello();
  assert.equal(bench.tree(), undefined);
  assert.deepEqual(entriesOf(sent), []);
  assert.deepEqual(briefly(sent, 2), ["iamNoLongerUpstream 3"]);
});

test("§6.2: what re-evaluation has to say is said before the snapshot takes its SN", () => {
  const bench = new Bench();
  bench.interface(2, "10.2.0.5/24");
  const [peer, other] = [
    new Peer(bench, 2, "10.2.0.2").meet(),
    new Peer(bench, 2, "10.2.0.3").meet(),
  ];
  other.upstream(FAR);
  assert.deepEqual(briefly(peer.upstream(NEAR)), ["ack 2 in 1/1 to 500", "noInterest 4"]);
  peer.reboot();
  const sent = peer.hello();
  assert.deepEqual(briefly(sent), ["noInterest 5", "sync 6/0 to 501 M- 0"]);
  assert.deepEqual(
    sent.map((s) => s.destination),
    [other.address, peer.address],
  );
});

test("§6.2, §4: a snapshot that an event's own messages bring about is of the state after all of it", () => {
  const bench = new Bench({ sequenceNumberLimit: 5, floodInitialData: false });
  bench.interface(1, "10.1.0.5/24");
  bench.interface(2, "10.2.0.5/24");
  bench.route("10.0.0.0/24", 1, "10.1.0.2", 20);
  const upstream = new Peer(bench, 1, "10.1.0.2").meet([
    { ...TREE, rpc: NEAR },
    { ...otherTree(1), rpc: NEAR },
  ]);
  assert.equal(bench.tree(otherTree(1))?.verdict.state, "ACTIVE");
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  assert.equal(bench.running(2)?.interfaceSn, 3);
  // The first tree's IamUpstream is the last SN, the second's has none left.
  const sent = bench.route("10.0.0.0/24", 1, "10.1.0.2", 30);
  const rpc = { preference: 11, metric: 30 };
  assert.deepEqual(briefly(sent, 2).slice(-1), ["sync 1/0 to 500 Mm 0"]);
  assert.deepEqual(entriesOf(sent), [
    { ...TREE, rpc },
    { ...otherTree(1), rpc },
  ]);
  assert.deepEqual([upstream.state, peer.state], ["SYNCED", "SLAVE"]);
});

test("§6.1: the snapshot is every tree with something Advertised on the interface, with our RPC", () => {
  const bench = originator();
  bench.data(1);
  bench.data(1, otherTree(1));
  const unadvertised = new Peer(bench, 3, "10.3.0.2").meet();
  unadvertised.upstream(NEAR, otherTree(2));
  const peer = new Peer(bench, 2, "10.2.0.2");
  assert.deepEqual(entriesOf(peer.hello()), [
    { ...TREE, rpc: RPC },
    { ...otherTree(1), rpc: RPC },
  ]);
  const onRoot = new Peer(bench, 1, "10.0.0.2");
  assert.deepEqual(entriesOf(onRoot.hello()), []);
});

test("§6.1: each synchronisation takes its own snapshot, at its own instant", () => {
  const bench = originator({
    protocol: { ...DEFAULT_INTERFACE_SETTINGS, treesPerSync: 1 },
  });
  bench.data(1);
  const first = new Peer(bench, 2, "10.2.0.2");
  first.hello();
  bench.data(1, otherTree(1));
  const second = new Peer(bench, 2, "10.2.0.3");
  const later = second.hello();
  assert.deepEqual(
    [first, second].map((p) => p.view?.mySsn),
    [2, 4],
  );
  assert.deepEqual(entriesOf(later), [{ ...TREE, rpc: RPC }]);
  // The first's snapshot has one tree, the second's two.
  assert.deepEqual(briefly(first.follow()), ["sync 2/1 to 500 M- 1"]);
  const sent = second.follow();
  assert.deepEqual(briefly(sent), ["sync 4/1 to 500 Mm 1", "sync 4/1 to 500 M- 2"]);
  assert.deepEqual(entriesOf(sent), [{ ...otherTree(1), rpc: RPC }]);
});

test("§6.1: the snapshot is of the instant: what changes meanwhile is no part of it", () => {
  const bench = originator({
    protocol: { ...DEFAULT_INTERFACE_SETTINGS, treesPerSync: 1 },
  });
  bench.data(1);
  bench.data(1, otherTree(1));
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.hello();
  bench.noRoute("10.0.0.0/24");
  bench.data(1, otherTree(2));
  const sent = peer.follow();
  assert.deepEqual(entriesOf(sent), [{ ...otherTree(1), rpc: RPC }]);
});

test("§6.1: a snapshot supersedes what awaited this neighbor's Ack with a lower SN", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  const other = new Peer(bench, 2, "10.2.0.3").meet();
  const [upstream] = bench.data(1).filter((s) => s.interface === 2);
  assert.equal(bench.running(2)?.checkpointSn, 2);
  peer.reboot();
  peer.hello();
  assert.equal(bench.running(2)?.checkpointSn, 2);
  // The other still owes; once it has paid, nobody does.
  other.ack(upstream?.message);
  assert.equal(bench.running(2)?.checkpointSn, bench.running(2)?.interfaceSn);
  peer.follow();
  assert.deepEqual(only(bench.run(10_000), "iamUpstream"), []);
});

test("§6.1: a message sent after the snapshot was taken still awaits the Ack", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.hello();
  bench.data(1);
  peer.follow();
  const times = only(bench.run(3000), "iamUpstream").filter((s) => s.interface === 2);
  assert.equal(times.length, 1);
});

test("§6.1: becoming MASTER takes a snapshot that supersedes, too", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.data(1);
  bench.listen(2);
  peer.goodbye();
  const again = new Peer(bench, 2, "10.2.0.2");
  again.bootTime = 501;
  const sent = again.sync({ syncSn: 0, leader: true, mySsn: 1, neighborSsn: 0 });
  assert.deepEqual(briefly(sent), ["sync 3/1 to 501 -m 0"]);
  assert.equal(again.state, "MASTER");
  assert.equal(bench.running(2)?.checkpointSn, 3);
  assert.equal(again.view?.livenessDue, millis(bench.now + 12_000));
});
