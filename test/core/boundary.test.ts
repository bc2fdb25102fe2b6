// Trees that the lists of an interface do not allow there (§2.4).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { ALL_TREES } from "../../src/base/tree-filter.ts";
import { originator as benchOriginator, only } from "../support/bench.ts";
import { addressOn } from "../support/core-network.ts";
import { allowing, denying } from "../support/filters.ts";
import { Peer } from "../support/peer.ts";
import type { PlayedNeighbor } from "../support/played-neighbor.ts";
import { PlayedRouter } from "../support/played-router.ts";
import { ON_SOURCE_LINK, rpc, TREE } from "../support/played-tree.ts";

const DENIED = { filter: denying({ groups: ["224.12.12.12/32"] }) };
const ALLOWED = { filter: ALL_TREES };
const OTHER = { ...TREE, group: ip("224.12.12.13") };
const NOT_ALLOWED = {
  assert: "AL: not allowed here",
  downstream: "NDI: not allowed here",
  forwarding: "does not: not allowed here",
};

/** A router 11/20 from the source over interface 1, ACTIVE, with a listener on 3 and a neighbor on 2 that is interested. */
function active(): {
  readonly router: PlayedRouter;
  readonly upstream: PlayedNeighbor;
  readonly downstream: PlayedNeighbor;
} {
  const router = new PlayedRouter();
  for (const index of [1, 2, 3]) router.interface(index);
  router.route(20, 1, "10.0.1.1");
  router.listener(3);
  const upstream = router.neighbor(1, 1, "11/10");
  const downstream = router.neighbor(2, 1);
  downstream.interest();
  assert.equal(router.entry(), "1 -> 2 3");
  router.said();
  return { router, upstream, downstream };
}

test("§2.4: put on the root of a running tree, it ends the tree: NoInterest to the BUN, IamNoLongerUpstream elsewhere", () => {
  const { router } = active();
  router.interface(1, DENIED);
  assert.deepEqual(router.said(), [
    "1 NoInterest 10.0.1.1",
    "2 IamNoLongerUpstream",
    "3 IamNoLongerUpstream",
  ]);
  assert.equal(router.state(), "UNSURE: not allowed on the root");
  assert.equal(router.entry(), "none");
  const tree = router.tree();
  assert.deepEqual([tree?.rpc, tree?.root, tree?.originator], [rpc("11/20"), null, false]);
  assert.equal(router.at(1).role, "non-root");
  assert.deepEqual(router.why(1), NOT_ALLOWED);
  assert.equal(router.why(3).forwarding, "does not: tree has no kernel entry");
  router.run(60_000);
  assert.deepEqual(router.said(), []);
});

test("§2.4: taken away from the root, the tree is back at once: the BUN was remembered", () => {
  const { router, downstream } = active();
  router.interface(1, DENIED);
  router.said();
  router.interface(1, ALLOWED);
  assert.deepEqual(router.said(), [
    "1 Interest 10.0.1.1",
    "2 IamUpstream 11/20",
    "3 IamUpstream 11/20",
  ]);
  downstream.interest();
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§2.4: a change of lists restarts no neighbor", () => {
  const { router } = active();
  const before = router.running(1);
  router.interface(1, DENIED);
  router.interface(1, ALLOWED);
  const { bootTime, interfaceSn, neighbors } = router.running(1);
  assert.equal(bootTime, before.bootTime);
  assert.deepEqual(
    neighbors.map(({ state, mySsn }) => [state, mySsn]),
    before.neighbors.map(({ mySsn }) => ["SYNCED", mySsn]),
  );
  assert.equal(interfaceSn, before.interfaceSn + 2, "NoInterest, and Interest");
});

test("§2.4: what neighbors say where the tree is not allowed is acknowledged and stored", () => {
  const { router, upstream } = active();
  router.interface(1, DENIED);
  router.said();
  upstream.upstream("11/30");
  assert.deepEqual(router.said(), ["1 NoInterest 10.0.1.1"], "a fresh IamUpstream asks again");
  const [lastSn] = router.router.lastSns();
  assert.equal(lastSn?.neighbor, upstream.address);
  assert.deepEqual(router.at(1).bun?.rpc, rpc("11/30"));
  router.interface(1, ALLOWED);
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
  router.interface(1, DENIED);
  upstream.noLongerUpstream();
  assert.equal(router.state(), "unknown");
  assert.deepEqual(router.drops, []);
});

test("§2.4: on a non-root interface the tree is not Advertised, not forwarded, and nobody's interest counts", () => {
  const { router } = active();
  router.listener(2);
  router.interface(2, DENIED);
  assert.deepEqual(router.said(), ["2 IamNoLongerUpstream"]);
  assert.deepEqual(router.why(2), NOT_ALLOWED);
  assert.equal(router.at(2).advertised, null);
  assert.equal(router.entry(), "1 -> 3");
  router.interface(3, DENIED);
  assert.deepEqual(router.said(), ["1 NoInterest 10.0.1.1", "3 IamNoLongerUpstream"]);
  assert.equal(router.entry(), "1 ->");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
  router.interface(3, ALLOWED);
  assert.deepEqual(router.said(), ["1 Interest 10.0.1.1", "3 IamUpstream 11/20"]);
  assert.equal(router.entry(), "1 -> 3");
});

test("§2.4: a neighbor that is interested where the tree is not allowed has to say so again (§7.2, §11)", () => {
  const { router, downstream } = active();
  router.interface(2, DENIED);
  downstream.interest();
  router.interface(2, ALLOWED);
  assert.equal(router.why(2).downstream, "DI: neighbor counts as interested");
  router.run(15_000);
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  downstream.interest();
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§2.4: a BUN on a non-root interface where the tree is not allowed is told NoInterest", () => {
  const { router, downstream } = active();
  downstream.upstream("11/30");
  assert.equal(router.why(2).assert, "AW: lower cost");
  assert.deepEqual(router.said(), []);
  router.interface(2, DENIED);
  assert.deepEqual(router.said(), ["2 IamNoLongerUpstream", "2 NoInterest 10.0.2.1"]);
  assert.deepEqual(router.why(2), NOT_ALLOWED, "we do not stand for election");
  const { assert: election } = router.at(2).nonRoot ?? assert.fail("2 is no root");
  assert.equal(election.rival?.neighbor, downstream.address);
  router.interface(2, ALLOWED);
  assert.deepEqual(router.said(), ["2 IamUpstream 11/20"]);
});

test("§2.4: other trees do not notice, whether lists name groups, sources or what is allowed", () => {
  for (const filter of [
    denying({ groups: ["224.12.12.13/32"] }),
    denying({ sources: ["10.9.9.101/32"] }),
    allowing({ groups: ["224.12.12.12/32"], sources: ["10.9.9.0/24"] }),
  ]) {
    const { router } = active();
    for (const index of [1, 2, 3]) router.interface(index, { filter });
    assert.deepEqual(router.said(), []);
    assert.equal(router.entry(), "1 -> 2 3");
  }
});

test("§2.4: the source decides as the group does", () => {
  const { router } = active();
  router.interface(3, { filter: denying({ sources: ["10.9.9.0/24"] }) });
  assert.deepEqual(router.said(), ["3 IamNoLongerUpstream"]);
  assert.equal(router.entry(), "1 -> 2");
});

test("§2.4: a snapshot has no tree that is not allowed on its interface", () => {
  const bench = benchOriginator();
  bench.data(1);
  bench.interface(2, "10.2.0.5/24", { filter: allowing({ groups: ["232.0.0.0/8"] }) });
  const [toSecond] = only(new Peer(bench, 2, "10.2.0.2").hello(), "sync");
  const [toThird] = only(new Peer(bench, 3, "10.3.0.2").hello(), "sync");
  assert.ok(toSecond?.message.kind === "sync" && toThird?.message.kind === "sync");
  assert.deepEqual([toSecond.message.part.more, toThird.message.part.more], [false, true]);
});

test("§2.4, §14: no interface holds on where the tree is not allowed any more, nor afterwards", () => {
  const { router, downstream } = active();
  router.listener(2);
  downstream.upstream("11/10");
  assert.equal(router.why(2).forwarding, "forwards: holding");
  router.interface(2, DENIED);
  assert.equal(router.entry(), "1 -> 3");
  router.interface(2, ALLOWED);
  assert.equal(router.why(2).forwarding, "does not: assert loser");
});

test("§2.4, §14: packets counted on a wrong interface may have come by one where the tree is not allowed", () => {
  const endsHold = (given: Parameters<PlayedRouter["interface"]>[1]): string => {
    const { router, downstream } = active();
    router.listener(2);
    router.interface(3, given);
    downstream.upstream("11/10");
    router.run(20);
    router.count(1, 1);
    router.run(20);
    return router.why(2).forwarding;
  };
  assert.equal(endsHold(ALLOWED), "does not: assert loser");
  assert.equal(endsHold(DENIED), "forwards: holding", "another may forward onto 3");
});

test("§2.4, §9.4: data that come round where the tree is not allowed cut the interface, should it be allowed soon", () => {
  const { router, upstream } = active();
  router.listener(2);
  upstream.upstream("11/30");
  router.interface(2, DENIED);
  router.wrong(2);
  router.interface(2, ALLOWED);
  assert.equal(router.why(2).forwarding, "does not: data arrive here");
  router.run(15_000);
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§2.4, §13: a flood entry has no output where the tree is not allowed", () => {
  const router = new PlayedRouter();
  for (const index of [1, 2, 3]) router.interface(index);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.neighbor(3, 1);
  router.missing(1);
  assert.equal(router.entry(), "1 -> 2 3");
  router.interface(2, DENIED);
  router.interface(3, DENIED);
  assert.equal(router.entry(), "1 ->");
  router.interface(3, ALLOWED);
  assert.equal(router.entry(), "1 -> 3");
});

test("§2.4, §13: data on a root where the tree is not allowed are blocked and counted, and flooded when it is", () => {
  const router = new PlayedRouter();
  router.interface(1, DENIED);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.missing(1);
  assert.equal(router.entry(), "1 ->");
  assert.equal(router.state(), "INACTIVE: not allowed on the root");
  assert.deepEqual(router.drops, ["1 data tree not allowed"]);
  router.missing(1, OTHER);
  assert.equal(router.entry(OTHER), "1 ->", "nobody wants it");
  assert.equal(router.drops.length, 1);
  router.interface(1, ALLOWED);
  assert.equal(router.entry(), "none", "a root has appeared");
  router.missing(1);
  assert.equal(router.entry(), "1 -> 2");
});

/** The originator, its source on 9. */
function originator(given: Parameters<PlayedRouter["interface"]>[1]): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(2);
  router.interface(9, { ...ON_SOURCE_LINK, ...given });
  router.route(0, 9, null, 2);
  router.listener(2);
  return router;
}

test("§2.4, §9.1: data of a source on a link where its tree is not allowed start no tree", () => {
  const router = originator(DENIED);
  router.missing(9);
  router.wrong(9);
  assert.equal(router.state(), "INACTIVE: not allowed on the root");
  assert.equal(router.tree()?.originator, false);
  assert.equal(router.entry(), "9 ->");
  assert.deepEqual(router.drops, ["9 data tree not allowed"]);
  router.count(5);
  router.run(30_000);
  assert.equal(router.entry(), "9 ->");
  router.interface(9, { ...ON_SOURCE_LINK, ...ALLOWED });
  assert.equal(router.entry(), "none", "the next packet is reported");
  router.missing(9);
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(router.entry(), "9 -> 2");
});

test("§2.4, §9.1: put on the root of an originator, it ends SourceActiveTimer, and the tree is forgotten", () => {
  const router = originator(ALLOWED);
  router.missing(9);
  assert.equal(router.entry(), "9 -> 2");
  router.said();
  router.interface(9, { ...ON_SOURCE_LINK, ...DENIED });
  assert.deepEqual(router.said(), ["2 IamNoLongerUpstream"]);
  assert.equal(router.entry(), "none");
  assert.equal(router.state(), "unknown");
  router.interface(9, { ...ON_SOURCE_LINK, ...ALLOWED });
  assert.equal(router.state(), "unknown", "it waits for data");
});

test("§2.4: an originator whose root is not allowed is UNSURE while somebody offers the tree", () => {
  const router = originator(ALLOWED);
  router.missing(9);
  const other = router.neighbor(2, 1, "11/10");
  router.interface(9, { ...ON_SOURCE_LINK, ...DENIED });
  assert.equal(router.state(), "UNSURE: not allowed on the root");
  other.noLongerUpstream();
  assert.equal(router.state(), "unknown");
});

test("§2.4: where there is no route, or no root interface, it is that which is said", () => {
  const { router, downstream } = active();
  downstream.upstream("11/30");
  router.interface(1, DENIED);
  router.interface(1, { ...DENIED, protocol: null });
  assert.equal(router.state(), "UNSURE: no root interface");
  router.route(20);
  assert.equal(router.state(), "UNSURE: no route");
});

test("§2.4: a link of several subnets: the interface is the source's and denies its tree", () => {
  const { router } = active();
  const addresses = [addressOn("10.0.3.5/24"), addressOn("10.9.9.5/24")];
  router.interface(3, { ...DENIED, addresses });
  assert.deepEqual(router.why(3), NOT_ALLOWED);
});
