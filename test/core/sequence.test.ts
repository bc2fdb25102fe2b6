// BootTimes and sequence numbers (§4).
import assert from "node:assert/strict";
import { test } from "node:test";
import { bootTime, interfaceIndex, sequenceNumber } from "../../src/base/units.ts";
import type { RouterAction } from "../../src/core/events.ts";
import type { Message } from "../../src/core/messages.ts";
import { NO_SN, nextBootTime, nextSn } from "../../src/core/sequence.ts";
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

const stored = (bench: Bench): readonly RouterAction[] =>
  bench.actions.filter(({ kind }) => kind === "storeBootTime");
const bootTimes = (sent: readonly Sent[]): ReadonlySet<number> =>
  new Set(sent.map(({ message }) => message.bootTime));

test("§4: a BootTime is the time of day, but always greater than the last one", () => {
  assert.equal(nextBootTime(bootTime(0), 1000), 1000);
  assert.equal(nextBootTime(bootTime(999), 1000), 1000);
  assert.equal(nextBootTime(bootTime(1000), 1000), 1001);
  assert.equal(nextBootTime(bootTime(5000), 1000), 5001);
});

test("§4: sequence numbers start at 1 and never reach the limit", () => {
  assert.equal(NO_SN, 0);
  assert.equal(nextSn(NO_SN, 0xffff_ffff), 1);
  assert.equal(nextSn(sequenceNumber(0xffff_fffd), 0xffff_ffff), 0xffff_fffe);
  assert.equal(nextSn(sequenceNumber(0xffff_fffe), 0xffff_ffff), null);
});

test("§4: the BootTime is stored before the first message leaves", () => {
  const bench = new Bench();
  bench.interface(2, "10.2.0.5/24", { lastBootTime: bootTime(1200) });
  bench.run(1000);
  const actions = bench.actions.filter(({ kind }) => kind === "storeBootTime" || kind === "send");
  assert.deepEqual(actions[0], {
    kind: "storeBootTime",
    interface: interfaceIndex(2),
    bootTime: 1201,
  });
  assert.equal(actions[1]?.kind, "send");
  assert.deepEqual([...bootTimes(bench.sent)], [1201]);
});

test("§4: whenever HPIM-DM starts anew the BootTime is greater, within one second too (X3)", () => {
  const bench = originator();
  bench.interface(2, "10.2.0.5/24", { up: false });
  bench.interface(2, "10.2.0.5/24");
  assert.equal(bench.running(2)?.bootTime, 1001);
  bench.handle({ kind: "interfaceGone", interface: interfaceIndex(2) });
  bench.interface(2, "10.2.0.5/24");
  assert.equal(bench.running(2)?.bootTime, 1002);
  bench.interface(2, "10.2.0.6/24");
  assert.equal(bench.running(2)?.bootTime, 1003);
  assert.equal(bench.running(3)?.bootTime, 1000);
  bench.interface(3, "10.3.0.5/24", { unixSeconds: 2000 });
  assert.equal(bench.running(3)?.bootTime, 1000);
});

test("§4: InterfaceSN counts messages and snapshots of all trees, per interface", () => {
  const bench = originator();
  assert.equal(bench.running(2)?.interfaceSn, 0);
  const peer = new Peer(bench, 2, "10.2.0.2");
  const other = new Peer(bench, 2, "10.2.0.3");
  assert.deepEqual(briefly(peer.hello()), ["sync 1/0 to 500 M- 0"]);
  assert.deepEqual(briefly(other.hello()), ["sync 2/0 to 500 M- 0"]);
  peer.follow();
  other.follow();
  assert.deepEqual(briefly(bench.data(1), 2), ["iamUpstream 3: 2/0"]);
  assert.deepEqual(briefly(bench.data(1, otherTree(1)), 2), ["iamUpstream 4: 2/0"]);
  bench.noRoute("10.0.0.0/24");
  assert.equal(bench.running(2)?.interfaceSn, 6);
  assert.equal(bench.running(3)?.interfaceSn, 4);
  assert.deepEqual(briefly(peer.upstream(FAR)), ["ack 2 in 1/1 to 500", "noInterest 7"]);
});

test("§9: trees that one event changes are settled, and take their SNs, in the order of their addresses", () => {
  const bench = originator();
  for (const n of [3, 1, 2]) bench.data(1, otherTree(n));
  const ended = only(bench.noRoute("10.0.0.0/24"), "iamNoLongerUpstream");
  const groups = ended.flatMap(({ interface: index, message }) =>
    index === 2 && "group" in message ? [message.group] : [],
  );
  assert.deepEqual(
    groups,
    [1, 2, 3].map((n) => otherTree(n).group),
  );
});

/** Three SNs are left to no one: the next message of interface 2 takes a new BootTime. */
function exhausted(): { bench: Bench; peers: readonly [Peer, Peer] } {
  const bench = originator({}, { sequenceNumberLimit: 5 });
  bench.run(200);
  const peers = [new Peer(bench, 2, "10.2.0.2"), new Peer(bench, 2, "10.2.0.3")] as const;
  for (const peer of peers) peer.meet();
  bench.data(1);
  bench.data(1, otherTree(1));
  assert.equal(bench.running(2)?.interfaceSn, 4);
  assert.deepEqual(stored(bench).length, 3);
  return { bench, peers };
}

test("§4: SNs run out: new BootTime, stored first; neighbors restarted; Hello; the message dropped (X4)", () => {
  const { bench, peers } = exhausted();
  const from = bench.actions.length;
  const sent = bench.data(1, otherTree(2)).filter((s) => s.interface === 2);
  const first = bench.actions
    .slice(from)
    .find((a) => a.kind === "storeBootTime" || (a.kind === "send" && a.interface === 2));
  assert.deepEqual(first, {
    kind: "storeBootTime",
    interface: interfaceIndex(2),
    bootTime: 1001,
  });
  assert.deepEqual([...bootTimes(sent)], [1001]);
  assert.deepEqual(briefly(sent).toSorted(), ["sync 1/0 to 500 Mm 0", "sync 2/0 to 500 Mm 0"]);
  assert.deepEqual(sent.map((s) => s.destination).filter((d) => d !== peers[0].address).length, 2);
  assert.deepEqual(only(sent, "hello").map(brief), ["hello 40 s, checkpoint 0"]);
  assert.equal(bench.running(2)?.bootTime, 1001);
  assert.deepEqual(
    peers.map((p) => p.state),
    ["SLAVE", "SLAVE"],
  );
  // The other interfaces go on as they were.
  assert.equal(bench.running(3)?.bootTime, 1000);
});

test("§4: a new BootTime ends all reliable transmissions; the snapshots carry what they said", () => {
  const { bench, peers } = exhausted();
  const [sync] = only(bench.data(1, otherTree(2)), "sync");
  assert.deepEqual(
    sync?.message.kind === "sync" && sync.message.part.more
      ? sync.message.part.entries.map((entry) => entry.group).toSorted()
      : [],
    [TREE.group, otherTree(1).group, otherTree(2).group].toSorted(),
  );
  for (const peer of peers) peer.follow();
  for (const peer of peers) assert.equal(peer.state, "SYNCED");
  const later = bench.run(9000).filter((s) => s.interface === 2);
  assert.deepEqual(briefly(later), []);
  const { interfaceSn, checkpointSn } = bench.running(2) ?? {};
  assert.equal(interfaceSn, checkpointSn);
});

test("§4: what neighbors said under their own BootTime is forgotten with the restart", () => {
  const bench = originator({}, { sequenceNumberLimit: 4 });
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  peer.upstream(NEAR, otherTree(9));
  assert.equal(peer.view?.upstreamTrees, 1);
  bench.data(1);
  bench.data(1, otherTree(1));
  bench.data(1, otherTree(2));
  assert.equal(peer.state, "SLAVE");
  assert.equal(peer.view?.upstreamTrees, 0);
});

test("§4: a BootTime and an SSN of ours in one message always belong together", () => {
  const { bench, peers } = exhausted();
  // peers[0] becomes upstream of a tree, which needs an Ack at once and an interest that has no SN left.
  const from = bench.actions.length;
  peers[0].upstream(FAR, otherTree(7));
  const messages: Message[] = bench.actions
    .slice(from)
    .flatMap((a) => (a.kind === "send" && a.interface === 2 ? [a.message] : []));
  assert.ok(messages.some(({ kind }) => kind === "sync"));
  for (const message of messages) {
    if (message.kind !== "sync" && message.kind !== "ack") continue;
    const isOld = message.bootTime === 1000;
    assert.equal(message.mySsn, isOld ? 1 : message.mySsn, message.kind);
    if (!isOld) assert.ok(message.kind === "sync");
  }
});

test("§4: where a snapshot finds no SN, the synchronisation begins under the new BootTime, as leader or led", () => {
  for (const leads of [true, false]) {
    const { bench, peers } = exhausted();
    const late = new Peer(bench, 2, "10.2.0.4");
    late.snapshot();
    const sent = leads ? late.sync({ syncSn: 0, leader: true }) : late.hello();
    assert.deepEqual([...bootTimes(sent)], [1001]);
    assert.deepEqual(
      briefly(sent),
      [1, 2, 3].map((n) => `sync ${n}/0 to 500 Mm 0`),
    );
    for (const peer of [...peers, late]) {
      peer.follow();
      assert.equal(peer.state, "SYNCED");
    }
  }
});

test("§4: a neighbor that restarts as the SNs run out is led once", () => {
  const bench = new Bench({ sequenceNumberLimit: 5 });
  bench.interface(2, "10.2.0.5/24");
  const [peer, other] = [2, 3].map((n) => new Peer(bench, 2, `10.2.0.${n}`).meet());
  other?.upstream(FAR);
  peer?.upstream(NEAR);
  assert.equal(bench.running(2)?.interfaceSn, 4);
  // Without it the other is the BUN, and is to be told so.
  peer?.reboot();
  assert.deepEqual(briefly(peer?.hello() ?? []), ["sync 1/0 to 501 M- 0", "sync 2/0 to 500 M- 0"]);
});

test("§4: over a new BootTime the state returns: an interest that was dropped is sent after SYNCED", () => {
  const bench = new Bench({ sequenceNumberLimit: 4 });
  bench.interface(1, "10.2.0.5/24");
  bench.interface(2, "10.3.0.5/24", { protocol: null, membership: true });
  bench.route("10.0.0.0/24", 1, "10.2.0.2", 20);
  const peer = new Peer(bench, 1, "10.2.0.2").meet();
  assert.deepEqual(briefly(peer.upstream()), ["ack 2 in 1/1 to 500", "noInterest 2"]);
  assert.deepEqual(briefly(bench.listen(2)), ["interest 3"]);
  assert.deepEqual(briefly(bench.listen(2, false)), ["sync 1/0 to 500 M- 0"]);
  const sent = peer.follow([{ ...TREE, rpc: NEAR }]);
  assert.deepEqual(briefly(sent), ["sync 1/3 to 500 M- 1", "noInterest 2"]);
});
