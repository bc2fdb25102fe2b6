// How a neighbor fails, and what goes with it (§5.5).
import assert from "node:assert/strict";
import { test } from "node:test";
import { seconds, sequenceNumber } from "../../src/base/units.ts";
import type { NeighborFailure } from "../../src/core/notices.ts";
import { DEFAULT_INTERFACE_SETTINGS } from "../../src/core/settings.ts";
import { type Bench, brief, briefly, NEAR, only, originator, otherTree } from "../support/bench.ts";
import { Peer } from "../support/peer.ts";

function failures(bench: Bench): readonly NeighborFailure[] {
  return bench.notices.flatMap((n) => (n.kind === "neighborFailed" ? [n.why] : []));
}

test("§5.5: a neighbor fails when its liveness timer expires", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.run(39_999);
  assert.equal(peer.state, "SYNCED");
  bench.run(1);
  assert.equal(peer.state, "UNKNOWN");
  assert.deepEqual(failures(bench), ["silent"]);
});

test("§5.5: a neighbor fails when it says goodbye", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  peer.goodbye();
  assert.equal(peer.state, "UNKNOWN");
  assert.deepEqual(failures(bench), ["goodbye"]);
});

test("§5.5: without an Ack five copies leave, at 0, 3, 6, 9 and 12 s, and then it fails (X5)", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  const start = bench.now;
  bench.data(1);
  bench.run(11_999);
  assert.equal(peer.state, "SYNCED");
  bench.run(1);
  assert.equal(peer.state, "UNKNOWN");
  assert.deepEqual(failures(bench), ["no acknowledgement"]);
  const copies = only(bench.sent, "iamUpstream").filter((s) => s.interface === 2);
  assert.deepEqual(
    copies.map((s) => s.at - start),
    [0, 3000, 6000, 9000, 12_000],
  );
  assert.deepEqual(only(bench.run(60_000), "iamUpstream"), []);
  // Its next packet brings it back.
  assert.deepEqual(briefly(peer.interest()), ["sync 3/0 to 500 Mm 0"]);
});

test("§5.5: with another AckFailureThreshold it fails at another expiry", () => {
  for (const ackFailureThreshold of [0, 1, 5]) {
    const bench = originator({
      protocol: {
        ...DEFAULT_INTERFACE_SETTINGS,
        ackFailureThreshold,
        retransmissionTime: seconds(1),
      },
    });
    const peer = new Peer(bench, 2, "10.2.0.2").meet();
    bench.data(1);
    bench.run(1000 * (ackFailureThreshold + 1) - 1);
    assert.equal(peer.state, "SYNCED");
    bench.run(1);
    assert.equal(peer.state, "UNKNOWN");
    assert.equal(
      only(bench.sent, "iamUpstream").filter((s) => s.interface === 2).length,
      ackFailureThreshold + 2,
    );
  }
});

test("§5.5: it still owes an Ack: one that came late saves it, and the misses are counted per message", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  const [first] = bench.data(1).filter((s) => s.interface === 2);
  bench.run(9000);
  bench.data(1, otherTree(1));
  bench.run(2999);
  peer.ack(first?.message);
  bench.run(9000);
  assert.equal(peer.state, "SYNCED");
  bench.run(1);
  assert.equal(peer.state, "UNKNOWN");
});

test("§5.5: of several neighbors only the one that owes the Ack fails", () => {
  const bench = originator();
  const silent = new Peer(bench, 2, "10.2.0.2").meet();
  const alive = new Peer(bench, 2, "10.2.0.3").meet();
  const [first] = bench.data(1).filter((s) => s.interface === 2);
  alive.ack(first?.message);
  bench.run(12_000);
  assert.deepEqual([silent.state, alive.state], ["UNKNOWN", "SYNCED"]);
});

test("§5.5: a neighbor fails when HPIM-DM ends on the interface", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  const other = new Peer(bench, 3, "10.3.0.2").meet();
  bench.interface(2, "10.2.0.5/24", { up: false });
  assert.equal(peer.state, "UNKNOWN");
  assert.equal(other.state, "SYNCED");
  assert.deepEqual(failures(bench), ["interface ended"]);
});

test("§5.5: all that is stored about it goes: upstream state, interest, last SNs, numbers", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.data(1);
  peer.interest();
  peer.upstream(NEAR, otherTree(1));
  peer.hello({ checkpointSn: sequenceNumber(2) });
  assert.equal(bench.treeAt(2)?.nonRoot?.downstream.interested, true);
  assert.notEqual(bench.tree(otherTree(1)), undefined);
  peer.goodbye();
  assert.equal(bench.treeAt(2)?.nonRoot?.downstream.why, "nobody there");
  assert.equal(bench.tree(otherTree(1)), undefined);
  // The same numbers are news again, were they of a new BootTime.
  peer.bootTime++;
  peer.sn = 0;
  peer.meet();
  assert.equal(peer.view?.upstreamTrees, 0);
  assert.equal(peer.view?.checkpointSn, 0);
  assert.deepEqual(peer.upstream(NEAR, otherTree(1)).map(brief).slice(0, 1), [
    `ack 2 in ${peer.view?.mySsn}/1 to 501`,
  ]);
  assert.equal(peer.view?.upstreamTrees, 1);
});

test("§5.5: no timer of a failed neighbor is left", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.hello();
  peer.goodbye();
  assert.deepEqual(only(bench.run(60_000), "sync"), []);
  assert.deepEqual(failures(bench), ["goodbye"]);
});

test("§5.5: without progress of a synchronisation it fails after SyncHoldTime", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.hello();
  bench.run(11_999);
  assert.equal(peer.state, "SLAVE");
  bench.run(1);
  assert.equal(peer.state, "UNKNOWN");
  assert.deepEqual(failures(bench), ["no synchronisation"]);
});
