// Reliable transmission (§8), and the CheckpointSN that follows from it (§15).
import assert from "node:assert/strict";
import { test } from "node:test";
import { sequenceNumber } from "../../src/base/units.ts";
import { stepAck, stepMulticast, stepUnicast } from "../../src/core/reliable.ts";
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
import { addressOn } from "../support/core-network.ts";
import { Peer } from "../support/peer.ts";

/** An originator with `count` SYNCED neighbors on interface 2: 10.2.0.2, 10.2.0.3, ... */
function neighbors(count: number): { bench: Bench; peers: readonly Peer[] } {
  const bench = originator();
  const peers = Array.from({ length: count }, (_, n) =>
    new Peer(bench, 2, `10.2.0.${n + 2}`).meet(),
  );
  return { bench, peers };
}
const on2 = (sent: readonly Sent[]): readonly Sent[] => sent.filter((s) => s.interface === 2);
/** What is repeated within the next RetransmissionTime. */
const repeated = (bench: Bench): readonly string[] => briefly(bench.run(3000), 2);
/** The source's subnet joins interface 2, or leaves it: a multicast message each time. */
function sourceOnLink(bench: Bench, on: boolean): readonly Sent[] {
  const addresses = [addressOn("10.2.0.5/24"), ...(on ? [addressOn("10.0.0.99/24")] : [])];
  return bench.interface(2, "10.2.0.5/24", { addresses });
}

test("§8.1: a new multicast message cancels the earlier one of the tree on that interface", () => {
  const { bench } = neighbors(1);
  assert.deepEqual(briefly(bench.data(1), 2), ["iamUpstream 2: 2/0"]);
  assert.deepEqual(briefly(sourceOnLink(bench, true), 2), ["iamNoLongerUpstream 3"]);
  assert.deepEqual(repeated(bench), ["iamNoLongerUpstream 3"]);
});

test("§8.1: but not those of other trees or interfaces", () => {
  const { bench } = neighbors(1);
  new Peer(bench, 3, "10.3.0.2").meet();
  bench.data(1);
  bench.data(1, otherTree(1));
  sourceOnLink(bench, true);
  const sent = bench.run(3000);
  assert.deepEqual(briefly(sent, 2), ["iamNoLongerUpstream 4", "iamNoLongerUpstream 5"]);
  assert.deepEqual(briefly(sent, 3), ["iamUpstream 2: 2/0", "iamUpstream 3: 2/0"]);
});

/** A non-root interface 2 with UPSTREAM neighbors, where the tree is UNSURE: NoInterest goes to the best. */
function unsure(): { bench: Bench; low: Peer; high: Peer } {
  const { bench, peers } = neighbors(2);
  const [low, high] = peers;
  assert.ok(low !== undefined && high !== undefined);
  assert.deepEqual(briefly(low.upstream(FAR), 2), ["ack 2 in 1/1 to 500", "noInterest 3"]);
  return { bench, low, high };
}

test("§8.1: a new multicast message cancels unicast ones of the tree, to whomever", () => {
  const { bench, high } = unsure();
  assert.deepEqual(briefly(high.upstream(NEAR), 2), ["ack 2 in 2/1 to 500", "noInterest 4"]);
  assert.deepEqual(briefly(bench.data(1), 2), ["iamUpstream 5: 2/0"]);
  assert.deepEqual(repeated(bench), ["iamUpstream 5: 2/0"]);
});

test("§8.1: of unicast messages there is one per destination: a new one cancels the earlier to the same", () => {
  const { bench, low, high } = unsure();
  high.upstream(NEAR);
  high.noLongerUpstream();
  assert.deepEqual(briefly(on2(bench.sent).slice(-1)), ["noInterest 5"]);
  const sent = only(bench.run(3000), "noInterest");
  assert.deepEqual(
    new Map(sent.map((s) => [s.destination, brief(s)])),
    new Map([
      [low.address, "noInterest 5"],
      [high.address, "noInterest 4"],
    ]),
  );
  assert.equal(sent.length, 2);
});

test("§8.1: a unicast message counts as its destination's Ack of the outstanding multicast one", () => {
  const { bench, peers } = neighbors(1);
  const [peer] = peers;
  bench.data(1);
  assert.ok(peer !== undefined);
  peer.upstream(NEAR);
  // The route goes: IamNoLongerUpstream to all, NoInterest to the BUN that is left (N5).
  const sent = bench.noRoute("10.0.0.0/24");
  assert.deepEqual(briefly(sent, 2), ["iamNoLongerUpstream 3", "noInterest 4"]);
  assert.deepEqual(repeated(bench), ["noInterest 4"]);
  peer.ack(sent.filter((s) => s.interface === 2).at(-1)?.message);
  assert.deepEqual(repeated(bench), []);
});

test("§8.1: but the others still owe it", () => {
  const { bench, peers } = neighbors(2);
  const [peer, other] = peers;
  bench.data(1);
  peer?.upstream(NEAR);
  const sent = on2(bench.noRoute("10.0.0.0/24"));
  assert.deepEqual(repeated(bench), ["iamNoLongerUpstream 4", "noInterest 5"]);
  other?.ack(sent[0]?.message);
  assert.deepEqual(repeated(bench), ["noInterest 5"]);
});

test("§8.2: a multicast message is done when every neighbor has acknowledged it", () => {
  const { bench, peers } = neighbors(3);
  const [sent] = on2(bench.data(1));
  for (const peer of peers) {
    assert.equal(repeated(bench).length, 1);
    peer.ack(sent?.message);
  }
  assert.deepEqual(repeated(bench), []);
});

test("§8.2: those still synchronising owe it, too", () => {
  const { bench, peers } = neighbors(1);
  const late = new Peer(bench, 2, "10.2.0.9");
  late.hello();
  late.snapshot();
  const [sent] = on2(bench.data(1));
  peers[0]?.ack(sent?.message);
  late.sync({ syncSn: 0 });
  assert.equal(only(on2(bench.run(3000)), "iamUpstream").length, 1);
  late.ack(sent?.message);
  assert.equal(only(on2(bench.run(3000)), "iamUpstream").length, 0);
});

test("§8.2: a unicast message is done when its destination has acknowledged it, and nobody else", () => {
  const { bench, low, high } = unsure();
  const message = bench.sent.at(-1)?.message;
  high.ack(message);
  assert.deepEqual(repeated(bench), ["noInterest 3"]);
  low.ack(message);
  assert.deepEqual(repeated(bench), []);
});

test("§8.2: an Ack for SN x acknowledges all that is outstanding up to x, of that tree and neighbor", () => {
  const { bench, peers } = neighbors(2);
  const [peer, other] = peers;
  const [first] = on2(bench.data(1));
  const [second] = on2(bench.data(1, otherTree(1)));
  // An Ack of the later tree says nothing of the earlier one's.
  peer?.ack(second?.message);
  other?.ack(second?.message);
  assert.deepEqual(repeated(bench), ["iamUpstream 3: 2/0"]);
  peer?.ack(first?.message, { neighborSn: sequenceNumber(77) });
  assert.deepEqual(repeated(bench), ["iamUpstream 3: 2/0"]);
  other?.ack(first?.message, { neighborSn: sequenceNumber(77) });
  assert.deepEqual(repeated(bench), []);
});

test("§8.2: an Ack of the unicast message is one of the multicast before it, not the other way round", () => {
  const { bench, peers } = neighbors(2);
  const [peer, other] = peers;
  bench.data(1);
  peer?.upstream(NEAR);
  const [gone, interest] = on2(bench.noRoute("10.0.0.0/24"));
  other?.ack(gone?.message);
  peer?.ack(gone?.message);
  assert.deepEqual(repeated(bench), ["noInterest 5"]);
  peer?.ack(interest?.message);
  assert.deepEqual(repeated(bench), []);
});

test("§8.2: what an Ack does not acknowledge stays as it was, once", () => {
  const { bench } = neighbors(0);
  const peer = new Peer(bench, 2, "10.2.0.2");
  const other = new Peer(bench, 2, "10.2.0.3");
  const multicast = stepMulticast(peer.plain("iamNoLongerUpstream"), [peer.address, other.address]);
  const both = stepUnicast(multicast, peer.plain("noInterest"), peer.address);
  assert.deepEqual(
    both.map(({ owing }) => owing),
    [[other.address], [peer.address]],
  );
  assert.deepEqual(stepAck(both, peer.address, sequenceNumber(2)), [both[0]]);
  assert.deepEqual(stepAck(both, other.address, sequenceNumber(2)), [both[1]]);
  assert.equal(stepAck(both, peer.address, sequenceNumber(1)), both);
});

test("§8.3: a message is resent each RetransmissionTime after its first copy; none delays another", () => {
  const { bench } = neighbors(1);
  const start = bench.now;
  bench.data(1);
  bench.run(1000);
  bench.data(1, otherTree(1));
  bench.run(500);
  bench.data(1, otherTree(2));
  const sent = only(on2(bench.run(8000)), "iamUpstream");
  assert.deepEqual(
    sent.map((s) => [s.at - start, s.message.kind === "iamUpstream" && s.message.sn]),
    [
      [3000, 2],
      [4000, 3],
      [4500, 4],
      [6000, 2],
      [7000, 3],
      [7500, 4],
      [9000, 2],
    ],
  );
});

test("§8.3: every copy goes where the first one went", () => {
  const { bench, low } = unsure();
  const again = on2(bench.run(3000)).filter((s) => s.message.kind === "noInterest");
  assert.deepEqual(
    again.map((s) => s.destination),
    [low.address],
  );
  const all = neighbors(1).bench;
  const [first] = on2(all.data(1));
  const [copy] = only(on2(all.run(3000)), "iamUpstream");
  assert.deepEqual({ ...copy, at: 0 }, { ...first, at: 0, again: true });
});

test("§8.4: with no neighbor a multicast message is sent once and done", () => {
  const { bench } = neighbors(0);
  assert.deepEqual(briefly(bench.data(1), 2), ["iamUpstream 1: 2/0"]);
  assert.deepEqual(only(bench.run(60_000), "iamUpstream"), []);
  assert.equal(bench.running(2)?.checkpointSn, 1);
});

test("§8.5: failure of the neighbor that it waits for ends a message", () => {
  const { bench, peers } = neighbors(2);
  const [peer, other] = peers;
  const [sent] = on2(bench.data(1));
  other?.ack(sent?.message);
  peer?.goodbye();
  assert.deepEqual(repeated(bench), []);
  assert.equal(bench.running(2)?.checkpointSn, 3);
});

test("§8.5: a change of BUN, of role, or of tree state ends no message; nor does the end of the tree", () => {
  const { bench, low, high } = unsure();
  // Another BUN.
  high.upstream(NEAR);
  assert.deepEqual(repeated(bench), ["noInterest 3", "noInterest 4"]);
  // No BUN, and no tree.
  low.noLongerUpstream();
  high.noLongerUpstream();
  assert.equal(bench.tree(), undefined);
  assert.deepEqual(repeated(bench), ["noInterest 3", "noInterest 4", "noInterest 5"].slice(0, 2));
});

test("§8.5: the end of the tree does not end its IamNoLongerUpstream", () => {
  const { bench } = neighbors(1);
  bench.data(1);
  bench.noRoute("10.0.0.0/24");
  assert.equal(bench.tree(), undefined);
  assert.deepEqual(repeated(bench), ["iamNoLongerUpstream 3"]);
  // A tree that begins anew cancels it by 8.1.
  bench.route("10.0.0.0/24", 1);
  bench.data(1);
  assert.deepEqual(repeated(bench), ["iamUpstream 4: 2/0"]);
});

test("§8.5: a role change ends no message", () => {
  const bench = new Bench();
  bench.interface(1, "10.1.0.5/24");
  bench.interface(2, "10.2.0.5/24");
  bench.route("10.0.0.0/24", 1, "10.1.0.2", 20);
  const bun = new Peer(bench, 1, "10.1.0.2").meet();
  new Peer(bench, 1, "10.1.0.3").meet();
  assert.deepEqual(briefly(bun.upstream(NEAR), 1), ["ack 2 in 1/1 to 500", "noInterest 3"]);
  bun.noLongerUpstream();
  bench.route("10.0.0.0/24", 2, "10.2.0.2", 20);
  assert.deepEqual(briefly(bench.run(3000), 1), ["noInterest 3"]);
});

test("§15: the CheckpointSN is the lowest SN outstanding minus 1, or InterfaceSN", () => {
  const { bench, peers } = neighbors(1);
  const [peer] = peers;
  const checkpoint = (): number | undefined => bench.running(2)?.checkpointSn;
  assert.equal(checkpoint(), 1);
  const sent = [1, 2, 3].map((n) => on2(bench.data(1, otherTree(n)))[0]?.message);
  assert.equal(checkpoint(), 1);
  peer?.ack(sent[1]);
  assert.equal(checkpoint(), 1);
  peer?.ack(sent[0]);
  assert.equal(checkpoint(), 3);
  peer?.ack(sent[2]);
  assert.equal(checkpoint(), 4);
});

test("§15: Hellos carry it, and it never falls under one BootTime", () => {
  const { bench, peers } = neighbors(2);
  let last = 0;
  for (let n = 1; n < 40; n++) {
    const [sent] = on2(bench.data(1, otherTree(n % 7)));
    if (n % 3 === 0) sourceOnLink(bench, n % 2 === 0);
    if (sent !== undefined) peers[n % 2]?.ack(sent.message);
    for (const peer of peers) peer.hello();
    for (const { message } of only(on2(bench.run(1700)), "hello")) {
      const checkpoint = message.kind === "hello" ? (message.options.checkpointSn ?? -1) : -1;
      assert.ok(checkpoint >= last, `${checkpoint} after ${last}`);
      last = checkpoint;
    }
  }
  assert.ok(last > 1);
});

test("§15: a receiver stores a higher CheckpointSN and drops every LastSN up to it", () => {
  const { bench, peers } = neighbors(1);
  const [peer] = peers;
  assert.ok(peer !== undefined);
  peer.upstream(NEAR);
  const old = peer.upstreamMessage(FAR);
  peer.say(old);
  // LastSN known: the same again is acknowledged; dropped with the CheckpointSN: it is stale.
  assert.equal(only(peer.say(old), "ack").length, 1);
  peer.hello({ checkpointSn: sequenceNumber(old.sn - 1) });
  assert.equal(only(peer.say(old), "ack").length, 1);
  peer.hello({ checkpointSn: old.sn });
  assert.equal(only(peer.say(old), "ack").length, 0);
  // What was said stays said.
  assert.deepEqual(bench.treeAt(2, TREE)?.bun?.rpc, FAR);
});
