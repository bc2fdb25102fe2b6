// Which messages are taken (§2.3), by the pure rule and by a router.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Address, ip, prefixOf } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { DropReason } from "../../src/core/acceptance.ts";
import type { Message } from "../../src/core/messages.ts";
import { Bench, brief, NEAR, only, originator, otherTree, TREE } from "../support/bench.ts";
import { addressOn } from "../support/core-network.ts";
import { Peer } from "../support/peer.ts";

const HELLO: Message = {
  kind: "hello",
  bootTime: bootTime(500),
  options: { holdTimeSeconds: 40 },
};
const ALL = ip("224.0.0.13");

function drops(
  bench: Bench,
  from: string,
  reason: DropReason,
  given: { ttl?: number; to?: Address },
) {
  assert.deepEqual(bench.hear(2, ip(from), HELLO, given), []);
  assert.equal(bench.dropped(2, reason), 1);
  assert.deepEqual(bench.running(2)?.neighbors, []);
}

test("§2.3: a message is taken only on an interface that HPIM-DM runs on", () => {
  const bench = originator();
  bench.interface(4, "10.4.0.5/24", { protocol: null, membership: true });
  assert.deepEqual(bench.hear(4, ip("10.4.0.2"), HELLO), []);
  assert.deepEqual(bench.hear(9, ip("10.4.0.2"), HELLO), []);
  assert.deepEqual([bench.drops(4), bench.drops(9)], [["not enabled"], ["not enabled"]]);
  assert.equal(bench.running(4), null);
  assert.equal(bench.hear(2, ip("10.2.0.2"), HELLO).length, 1);
});

test("§2.3: a message from an address of ours is dropped, whichever interface has it", () => {
  drops(originator(), "10.2.0.5", "own address", {});
  const bench = originator();
  bench.interface(4, "10.4.0.5/24", {
    protocol: null,
    addresses: [addressOn("10.4.0.5/24"), addressOn("10.2.0.77/24")],
  });
  drops(bench, "10.2.0.77", "own address", {});
});

test("§2.3: a message from outside the interface's subnets is dropped", () => {
  drops(originator(), "10.3.0.2", "sender not on link", {});
  const bench = originator();
  bench.interface(2, "10.2.0.5/24", {
    addresses: [addressOn("10.2.0.5/24"), addressOn("10.99.0.5/24")],
  });
  assert.equal(bench.hear(2, ip("10.99.0.2"), HELLO).length, 1);
});

test("§2.3: the subnet's own address and its broadcast address are nobody's", () => {
  drops(originator(), "10.2.0.0", "sender not on link", {});
  drops(originator(), "10.2.0.255", "sender not on link", {});
  assert.equal(originator().hear(2, ip("10.2.0.254"), HELLO).length, 1);
});

test("§2.3: on a point-to-point link only the peer is heard", () => {
  const addresses = [{ address: ip("10.8.0.1"), subnet: prefixOf(ip("10.8.0.2"), 32) }];
  const bench = new Bench();
  bench.interface(2, "10.8.0.1/32", { addresses });
  drops(bench, "10.8.0.3", "sender not on link", {});
  assert.equal(bench.hear(2, ip("10.8.0.2"), HELLO).length, 1);
});

test("§2.3: over IPv6 a message must come from a link-local address, of whatever subnet", () => {
  const bench = new Bench({}, 6);
  bench.interface(2, "fe80::5/64", {
    addresses: [addressOn("2001:db8::5/64"), addressOn("fe80::5/128")],
  });
  assert.equal(bench.running(2)?.address, ip("fe80::5"));
  const to = ip("ff02::d");
  assert.deepEqual(bench.hear(2, ip("2001:db8::2"), HELLO, { to }), []);
  assert.equal(bench.dropped(2, "sender not on link"), 1);
  const [first] = bench.hear(2, ip("fe80::2"), HELLO, { to });
  assert.equal(first?.message.kind, "sync");
  assert.equal(first?.source, ip("fe80::5"));
});

test("§2.3: only TTL 1 is taken", () => {
  drops(originator(), "10.2.0.2", "TTL not 1", { ttl: 2 });
  drops(originator(), "10.2.0.2", "TTL not 1", { ttl: 0 });
});

test("§2.3: a Hello goes to the group, not to us", () => {
  drops(originator(), "10.2.0.2", "wrong destination", { to: ip("10.2.0.5") });
  drops(originator(), "10.2.0.2", "wrong destination", { to: ip("224.0.0.1") });
});

test("§2: Hello, IamUpstream and IamNoLongerUpstream are for the group, the others for us", () => {
  const kinds = [
    ["iamUpstream", true],
    ["iamNoLongerUpstream", true],
    ["interest", false],
    ["noInterest", false],
    ["ack", false],
    ["sync", false],
  ] as const;
  for (const [kind, isForAll] of kinds) {
    const bench = originator();
    const peer = new Peer(bench, 2, "10.2.0.2").meet();
    const messages: Record<(typeof kinds)[number][0], () => Message> = {
      iamUpstream: () => peer.upstreamMessage(),
      iamNoLongerUpstream: () => peer.plain("iamNoLongerUpstream"),
      interest: () => peer.plain("interest"),
      noInterest: () => peer.plain("noInterest"),
      ack: () => peer.ackMessage(peer.plain("interest")),
      sync: () => peer.syncMessage({ syncSn: 1, leader: true }),
    };
    const message = messages[kind]();
    const wrong = isForAll ? ip("10.2.0.5") : ALL;
    assert.deepEqual(bench.hear(2, peer.address, message, { to: wrong }), [], kind);
    assert.equal(bench.dropped(2, "wrong destination"), 1, kind);
    // Unicast messages are for our address of that interface, no other.
    if (!isForAll) bench.hear(2, peer.address, message, { to: ip("10.3.0.5") });
    assert.equal(bench.dropped(2, "wrong destination"), isForAll ? 1 : 2, kind);
    bench.hear(2, peer.address, message);
    assert.equal(bench.dropped(2, "wrong destination"), isForAll ? 1 : 2, kind);
  }
});

test("§2: what the router sends goes to the group or to the one neighbor", () => {
  const bench = originator();
  bench.run(200);
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.data(1);
  peer.upstream();
  const kinds = new Map(bench.sent.map((s) => [s.message.kind, s]));
  assert.deepEqual([...kinds.keys()].sort(), ["ack", "hello", "iamUpstream", "sync"]);
  for (const [kind, { destination, source }] of kinds) {
    const isForAll = kind === "hello" || kind === "iamUpstream";
    assert.equal(destination, isForAll ? ALL : peer.address, kind);
    assert.ok([ip("10.0.0.5"), ip("10.2.0.5"), ip("10.3.0.5")].includes(source));
  }
});

test("§2.3: a message about an excluded tree is judged and acknowledged, then counted and ignored", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  const excluded = [
    { source: ip("127.0.0.1"), group: TREE.group },
    { source: ip("0.0.0.0"), group: TREE.group },
    { source: ip("255.255.255.255"), group: TREE.group },
    { source: ip("169.254.1.1"), group: TREE.group },
    { source: ip("239.1.1.1"), group: TREE.group },
    { source: TREE.source, group: ip("224.0.0.99") },
    { source: TREE.source, group: ip("10.1.1.1") },
  ];
  for (const [n, tree] of excluded.entries()) {
    const answer = peer.upstream(NEAR, tree);
    assert.deepEqual(answer.map(brief), [`ack ${peer.sn} in 1/1 to 500`]);
    assert.equal(bench.dropped(2, "excluded tree"), n + 1);
    assert.equal(bench.tree(tree), undefined);
  }
  assert.equal(peer.view?.upstreamTrees, 0);
  assert.deepEqual(bench.router.view(bench.now).trees, []);
  peer.upstream();
  assert.equal(peer.view?.upstreamTrees, 1);
});

test("§2.3: a stale message about an excluded tree is not acknowledged", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  const tree = { source: ip("127.0.0.1"), group: TREE.group };
  const message = { ...peer.upstreamMessage(NEAR, tree), sn: sequenceNumber(1) };
  assert.deepEqual(peer.say(message), []);
  assert.equal(bench.dropped(2, "excluded tree"), 0);
  assert.equal(bench.dropped(2, "stale sequence number"), 1);
});

test("§2.3: an excluded Sync entry is skipped, the others are installed", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.meet([
    { source: ip("127.0.0.1"), group: TREE.group, rpc: NEAR },
    { ...otherTree(1), rpc: NEAR },
    { source: TREE.source, group: ip("224.0.0.1"), rpc: NEAR },
  ]);
  assert.equal(peer.state, "SYNCED");
  assert.equal(bench.dropped(2, "excluded tree"), 2);
  assert.equal(peer.view?.upstreamTrees, 1);
  assert.deepEqual(
    bench.router.view(bench.now).trees.map(({ group }) => group),
    [otherTree(1).group],
  );
});

test("§2.3: data of an excluded tree are blocked where they arrive: no tree, no flooding", () => {
  const excluded = [
    { source: TREE.source, group: ip("224.0.0.5") },
    { source: ip("169.254.0.1"), group: TREE.group },
  ];
  for (const tree of excluded) {
    const bench = originator();
    bench.route("0.0.0.0/0", 1, "10.0.0.1");
    new Peer(bench, 2, "10.2.0.2").meet();
    bench.listen(3, true, tree.group);
    bench.data(1, tree);
    assert.deepEqual(bench.entry(tree), { incoming: 1, outgoing: [] });
    assert.equal(bench.tree(tree)?.verdict.state, "INACTIVE");
    assert.deepEqual(only(bench.sent, "iamUpstream"), []);
  }
});
