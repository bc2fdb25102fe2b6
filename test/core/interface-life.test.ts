// Where HPIM-DM runs (§5.6).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip, prefixOf } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import type { InterfaceFacts } from "../../src/core/events.ts";
import {
  Bench,
  brief,
  briefly,
  NEAR,
  only,
  originator,
  otherTree,
  TREE,
} from "../support/bench.ts";
import { addressOn } from "../support/core-network.ts";
import { Peer } from "../support/peer.ts";

const ADDRESS = "10.2.0.5/24";
const runs = (bench: Bench, index = 2): boolean => bench.running(index) !== null;

test("§5.6: HPIM-DM runs while configured, up, and with an address of the family", () => {
  const missing: readonly Partial<InterfaceFacts>[] = [
    { protocol: null },
    { up: false },
    { addresses: [] },
  ];
  for (const given of missing) {
    const bench = new Bench();
    bench.interface(2, ADDRESS, given);
    assert.equal(runs(bench), false);
    assert.deepEqual(bench.run(60_000), []);
    bench.interface(2, ADDRESS);
    assert.equal(runs(bench), true);
    bench.interface(2, ADDRESS, given);
    assert.equal(runs(bench), false);
    assert.deepEqual(only(bench.run(60_000), "hello"), []);
  }
  const gone = new Bench();
  gone.interface(2, ADDRESS);
  gone.handle({ kind: "interfaceGone", interface: interfaceIndex(2) });
  assert.deepEqual(gone.router.view(gone.now).interfaces, []);
  assert.deepEqual(gone.run(60_000), []);
});

test("§5.6: over IPv6 it needs a link-local address, and uses it", () => {
  const bench = new Bench({}, 6);
  bench.interface(2, "2001:db8::5/64");
  assert.equal(runs(bench), false);
  const addresses = [addressOn("2001:db8::5/64"), addressOn("fe80::5/64"), addressOn("fe80::6/64")];
  bench.interface(2, "fe80::5/64", { addresses });
  assert.equal(bench.running(2)?.address, ip("fe80::5"));
  const [hello] = bench.run(1000);
  assert.equal(hello?.source, ip("fe80::5"));
  assert.equal(hello?.destination, ip("ff02::d"));
});

test("§5.6: when it begins: new BootTime, InterfaceSN 0, first Hello", () => {
  const bench = originator();
  new Peer(bench, 2, "10.2.0.2").meet();
  bench.data(1);
  bench.interface(2, ADDRESS, { up: false });
  bench.interface(2, ADDRESS);
  const { bootTime, interfaceSn, neighbors } = bench.running(2) ?? {};
  assert.deepEqual([bootTime, interfaceSn, neighbors], [1001, 0, []]);
  const [hello] = bench.run(100).filter((s) => s.interface === 2);
  assert.equal(hello && brief(hello), "hello 40 s, checkpoint 0");
});

test("§5.6: when it ends, a goodbye if it can still be sent", () => {
  const goodbyes = (given: Partial<InterfaceFacts>): readonly string[] => {
    const bench = originator();
    return bench.interface(2, ADDRESS, given).map(brief);
  };
  const goodbye = ["hello 0 s, checkpoint 0"];
  assert.deepEqual(goodbyes({ protocol: null }), goodbye);
  assert.deepEqual(goodbyes({ up: false }), []);
  assert.deepEqual(goodbyes({ addresses: [] }), []);
  const [a, b] = [addressOn("10.2.0.7/24"), addressOn(ADDRESS)];
  assert.deepEqual(goodbyes({ addresses: [a, b] }), goodbye);
  assert.deepEqual(goodbyes({ addresses: [a] }), []);
  const bench = originator();
  assert.deepEqual(bench.handle({ kind: "interfaceGone", interface: interfaceIndex(2) }), []);
});

test("§5.6: a goodbye is sent from the address that ends", () => {
  const bench = originator();
  const addresses = [addressOn("10.2.0.7/24"), addressOn(ADDRESS)];
  const [goodbye] = bench.interface(2, ADDRESS, { addresses });
  assert.equal(goodbye?.source, ip("10.2.0.5"));
  assert.equal(goodbye?.message.bootTime, 1000);
  assert.equal(bench.running(2)?.address, ip("10.2.0.7"));
});

test("§5.6: when it ends, neighbors fail and messages end", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.data(1);
  bench.interface(2, ADDRESS, { protocol: null });
  assert.equal(peer.state, "UNKNOWN");
  assert.deepEqual(
    bench.run(60_000).filter((s) => s.interface === 2),
    [],
  );
  // Nor do they come back with the interface.
  bench.interface(2, ADDRESS);
  const sent = bench.run(60_000).filter((s) => s.interface === 2);
  assert.deepEqual(only(sent, "iamUpstream"), []);
});

test("§5.6: an interface that goes takes its neighbors, listeners and routes with it", () => {
  const bench = originator({ membership: true });
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  const other = new Peer(bench, 3, "10.3.0.2").meet();
  bench.data(1);
  bench.listen(2);
  other.noInterest();
  bench.handle({ kind: "interfaceGone", interface: interfaceIndex(2) });
  assert.deepEqual(bench.entry(), { incoming: 1, outgoing: [] });
  assert.deepEqual(bench.notices.slice(-3), [
    { kind: "neighborFailed", interface: 2, neighbor: peer.address, why: "interface ended" },
    { kind: "protocolStopped", interface: 2 },
    { kind: "forwarding", ...TREE, interface: 2, forwarding: false },
  ]);
  bench.interface(2, ADDRESS, { membership: true });
  assert.deepEqual(bench.entry(), { incoming: 1, outgoing: [] });
  bench.listen(2);
  assert.deepEqual(bench.entry(), { incoming: 1, outgoing: [2] });
  const sent = bench.handle({ kind: "interfaceGone", interface: interfaceIndex(1) });
  assert.equal(bench.tree(), undefined);
  assert.equal(only(sent, "iamNoLongerUpstream").length, 2);
});

test("§5.6: an interface that goes and only served listeners is missed, too", () => {
  const bench = originator();
  bench.interface(4, "10.4.0.5/24", { protocol: null, membership: true });
  bench.data(1);
  bench.listen(4);
  assert.deepEqual(bench.entry(), { incoming: 1, outgoing: [4] });
  bench.handle({ kind: "interfaceGone", interface: interfaceIndex(4) });
  assert.deepEqual(bench.entry(), { incoming: 1, outgoing: [] });
});

test("§5.6: a listener counts for each tree of its group, also when another one has gone", () => {
  const bench = originator({ membership: true });
  const sibling = { source: ip("10.0.0.101"), group: TREE.group };
  const peer = new Peer(bench, 3, "10.3.0.2").meet();
  bench.data(1, sibling);
  peer.upstream(NEAR);
  peer.noLongerUpstream();
  assert.equal(bench.tree(), undefined);
  bench.listen(2);
  assert.ok(bench.entry(sibling)?.outgoing.includes(interfaceIndex(2)));
});

test("§5.6: it stays a non-root interface as long as it serves listeners", () => {
  const bench = originator();
  bench.interface(2, ADDRESS, { membership: true });
  bench.data(1);
  bench.listen(2);
  assert.deepEqual(bench.entry(), { incoming: 1, outgoing: [2] });
  bench.interface(2, ADDRESS, { membership: true, protocol: null });
  assert.deepEqual(bench.entry(), { incoming: 1, outgoing: [2] });
  assert.equal(bench.treeAt(2)?.role, "non-root");
  assert.equal(bench.treeAt(2)?.advertised, null);
  bench.interface(2, ADDRESS, { membership: false, protocol: null });
  assert.deepEqual(bench.entry(), { incoming: 1, outgoing: [] });
  assert.equal(bench.treeAt(2), undefined);
});

test("§5.6: our address is the first primary one; another first one is an end and a beginning", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  const second = [addressOn(ADDRESS), addressOn("10.2.0.7/24")];
  bench.interface(2, ADDRESS, { addresses: second });
  assert.equal(peer.state, "SYNCED");
  assert.equal(bench.running(2)?.bootTime, 1000);
  assert.equal(bench.running(2)?.address, ip("10.2.0.5"));
  bench.interface(2, ADDRESS, { addresses: [...second].reverse() });
  assert.equal(peer.state, "UNKNOWN");
  assert.equal(bench.running(2)?.address, ip("10.2.0.7"));
  assert.equal(bench.running(2)?.bootTime, 1001);
});

test("§5.6: what does not concern our address restarts nothing", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.interface(2, ADDRESS, { mtu: 9000, membership: true, unixSeconds: 5000 });
  assert.equal(peer.state, "SYNCED");
  assert.equal(bench.running(2)?.bootTime, 1000);
});

test("§5.6: the source is on an interface if any of its subnets holds it", () => {
  const bench = originator();
  bench.data(1);
  assert.deepEqual(bench.treeAt(2)?.advertised, { preference: 2, metric: 0 });
  const addresses = [addressOn(ADDRESS), addressOn("10.0.0.77/24")];
  const sent = bench.interface(2, ADDRESS, { addresses });
  assert.deepEqual(briefly(sent, 2), ["iamNoLongerUpstream 2"]);
  assert.equal(bench.treeAt(2)?.advertised, null);
});

test("§5.6: an interface that begins sends no IamUpstream: neighbors learn by Sync", () => {
  const bench = originator();
  bench.data(1);
  assert.equal(only(bench.interface(4, "10.4.0.5/24"), "iamUpstream").length, 0);
  assert.deepEqual(bench.treeAt(4)?.advertised, { preference: 2, metric: 0 });
  assert.equal(only(bench.run(100), "iamUpstream").length, 0);
  const peer = new Peer(bench, 4, "10.4.0.2");
  const [sync] = peer.hello();
  assert.ok(sync?.message.kind === "sync" && sync.message.part.more);
  assert.deepEqual(sync.message.part.entries, [{ ...TREE, rpc: { preference: 2, metric: 0 } }]);
  // What changes afterwards is sent.
  bench.noRoute("10.0.0.0/24");
  assert.equal(only(bench.sent.slice(-3), "iamNoLongerUpstream").length, 3);
});

test("§5.6: nor does one that ends and begins in the same event, or was there for listeners before", () => {
  const bench = originator();
  bench.interface(3, "10.3.0.5/24", { protocol: null, membership: true });
  bench.data(1);
  const moved = bench.interface(2, "10.2.0.6/24");
  assert.deepEqual(briefly(moved), []);
  assert.deepEqual(briefly(bench.interface(3, "10.3.0.5/24", { membership: true })), []);
  assert.deepEqual(briefly(bench.run(20_000)), []);
});

test("§5.6: a tree that becomes ACTIVE by the very event that begins an interface", () => {
  const bench = new Bench();
  bench.interface(2, ADDRESS);
  bench.interface(3, "10.3.0.5/24");
  bench.route("10.0.0.0/24", 2, "10.2.0.2", 20);
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.interface(3, "10.3.0.5/24", { protocol: null });
  assert.deepEqual(briefly(peer.upstream(NEAR)), ["ack 2 in 1/1 to 500", "noInterest 2"]);
  assert.deepEqual(briefly(bench.interface(3, "10.3.0.5/24")), []);
  assert.deepEqual(bench.treeAt(3)?.advertised, { preference: 11, metric: 20 });
});

test("§5.6: a point-to-point interface runs with its own address", () => {
  const bench = new Bench();
  const addresses = [{ address: ip("10.8.0.1"), subnet: prefixOf(ip("10.8.0.2"), 32) }];
  bench.interface(2, "10.8.0.1/32", { addresses });
  assert.equal(bench.running(2)?.address, ip("10.8.0.1"));
  const peer = new Peer(bench, 2, "10.8.0.2").meet();
  assert.equal(peer.state, "SYNCED");
  peer.upstream(NEAR, otherTree(1));
  assert.equal(peer.view?.upstreamTrees, 1);
});
