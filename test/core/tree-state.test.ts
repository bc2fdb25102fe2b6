// The state of a tree (§9.1), and which entry the kernel has for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PlayedRouter } from "../support/played-router.ts";
import { ON_SOURCE_LINK } from "../support/played-tree.ts";

/** A router 11/20 from the source over interface 1, with interfaces 2 and 3; nothing is heard of the tree yet. */
function nonOriginator(): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.interface(3);
  router.route(20, 1, "10.0.1.1");
  return router;
}

test("§9.1: ACTIVE if the best upstream neighbor on the root has a strictly lower metric", () => {
  const router = nonOriginator();
  const upstream = router.neighbor(1, 1, "11/19");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
  assert.deepEqual(router.tree()?.verdict, {
    state: "ACTIVE",
    why: "upstream neighbor is nearer",
    offer: { neighbor: upstream.address, rpc: { preference: 11, metric: 19 } },
  });
  upstream.upstream("11/20");
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
  upstream.upstream("11/21");
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
});

test("§1, §9.1: preference counts before metric", () => {
  const router = nonOriginator();
  const upstream = router.neighbor(1, 1, "10/999");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
  upstream.upstream("12/1");
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
});

test("§9.1: one neighbor on the root that is nearer is enough, others may be farther", () => {
  const router = nonOriginator();
  router.neighbor(1, 2, "11/30");
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
  router.neighbor(1, 1, "11/10");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
});

test("§1 BUN: of the UPSTREAM neighbors the lowest RPC, then the higher address as a number", () => {
  const router = nonOriginator();
  const near = router.neighbor(1, 9, "11/10");
  const high = router.neighbor(1, 10, "11/10");
  assert.equal(router.at(1).bun?.neighbor, high.address);
  near.upstream("11/9");
  assert.equal(router.at(1).bun?.neighbor, near.address);
  near.upstream("11/10");
  assert.equal(router.at(1).bun?.neighbor, high.address);
  high.noLongerUpstream();
  assert.equal(router.at(1).bun?.neighbor, near.address);
  router.neighbor(1, 8, "11/10");
  assert.equal(router.at(1).bun?.neighbor, near.address);
});

test("§1 BUN, §6.7: only SYNCED neighbors count", () => {
  const router = nonOriginator();
  const upstream = router.neighbor(1, 1);
  upstream.goodbye();
  upstream.begin([]);
  upstream.upstream("11/10");
  assert.equal(router.state(), "unknown");
  upstream.proceed();
  upstream.upstream("11/10");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
});

test("§9.1: UNSURE if any interface has a BUN, however near it is; else INACTIVE", () => {
  const router = nonOriginator();
  const elsewhere = router.neighbor(2, 1, "11/1");
  assert.equal(router.state(), "UNSURE: no upstream neighbor on the root");
  const { verdict } = router.tree() ?? {};
  assert.deepEqual(verdict, {
    state: "UNSURE",
    why: "no upstream neighbor on the root",
    interface: 2,
    offer: { neighbor: elsewhere.address, rpc: { preference: 11, metric: 1 } },
  });
  router.neighbor(3, 1);
  elsewhere.noLongerUpstream();
  assert.equal(router.tree(), undefined);
  router.missing(1);
  assert.equal(router.state(), "INACTIVE: no upstream neighbor");
});

test("§9.1: without a route, or with a root where HPIM-DM does not run, never ACTIVE", () => {
  const router = nonOriginator();
  router.neighbor(1, 1, "11/1");
  router.route(20);
  assert.equal(router.state(), "UNSURE: no route");
  assert.equal(router.tree()?.rpc, null);
  assert.equal(router.tree()?.root, null);
  router.interface(4, { protocol: null, membership: true });
  router.route(20, 4, "10.0.4.1");
  assert.equal(router.state(), "UNSURE: no root interface");
  assert.equal(router.tree()?.root, null);
  router.route(20, 1, "10.0.1.1");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
});

test("§9.1: INACTIVE without a route once no neighbor is UPSTREAM", () => {
  const router = nonOriginator();
  router.listener(2);
  const upstream = router.neighbor(1, 1, "11/1");
  router.route(20);
  upstream.noLongerUpstream();
  assert.equal(router.entry(), "none");
  router.missing(1);
  assert.equal(router.state(), "INACTIVE: no upstream neighbor");
});

/** An originator: the source is on interface 9; interfaces 2 and 3. */
function originator(): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(2);
  router.interface(3);
  router.interface(9, ON_SOURCE_LINK);
  router.route(0, 9, null, 2);
  return router;
}

test("§9.1 originator: ACTIVE while the source sends", () => {
  const router = originator();
  router.missing(9);
  assert.deepEqual(router.tree()?.verdict, { state: "ACTIVE", why: "source sends", offer: null });
  assert.equal(router.tree()?.originator, true);
  router.run(209_999);
  assert.equal(router.state(), "ACTIVE: source sends");
  router.run(1);
  assert.equal(router.tree(), undefined);
});

test("§9.1 originator: UNSURE if a non-root interface has a BUN and the source is silent", () => {
  const router = originator();
  const neighbor = router.neighbor(2, 1, "11/10");
  assert.deepEqual(router.tree()?.verdict, {
    state: "UNSURE",
    why: "source is silent",
    interface: 2,
    offer: { neighbor: neighbor.address, rpc: { preference: 11, metric: 10 } },
  });
  router.missing(9);
  assert.equal(router.state(), "ACTIVE: source sends");
  router.run(210_000);
  assert.equal(router.state(), "UNSURE: source is silent");
});

test("§9.1 originator: a BUN on the root does not count", () => {
  const router = originator();
  router.neighbor(9, "10.9.9.1", "2/0");
  router.missing(2);
  assert.equal(router.state(), "INACTIVE: source is silent");
});

test("§9.1 originator: a BUN on the root counts once the router is no originator any more", () => {
  const router = originator();
  const neighbor = router.neighbor(9, "10.9.9.1", "11/10");
  assert.equal(router.state(), "INACTIVE: source is silent");
  router.route(20, 9, "10.9.9.1");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
  router.route(0, 9, null, 2);
  router.run(210_000);
  neighbor.noLongerUpstream();
  assert.equal(router.tree(), undefined);
});

test("§9.1 originator: not ACTIVE while its root interface is not enabled, though the timer runs on", () => {
  const router = originator();
  router.missing(9);
  router.neighbor(2, 1, "11/10");
  router.interface(9, { ...ON_SOURCE_LINK, protocol: null, membership: false });
  assert.equal(router.state(), "UNSURE: no root interface");
  assert.equal(router.tree()?.originator, true);
  assert.equal(router.entry(), "none");
  router.run(1000);
  router.interface(9, ON_SOURCE_LINK);
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(router.tree()?.sourceActiveDue, 210_000);
});

test("§9.1 originator: INACTIVE while its root interface is not enabled and nobody is UPSTREAM, the timer runs on", () => {
  const router = originator();
  router.missing(9);
  router.interface(9, { ...ON_SOURCE_LINK, protocol: null, membership: false });
  assert.equal(router.state(), "INACTIVE: no root interface");
  router.run(1000);
  router.interface(9, ON_SOURCE_LINK);
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(router.tree()?.sourceActiveDue, 210_000);
});

test("§1, §9.1 originator: an interface that is down leads nowhere, so the router ceases to be one", () => {
  const router = originator();
  router.missing(9);
  router.neighbor(2, 1, "11/10");
  router.interface(9, { ...ON_SOURCE_LINK, up: false });
  assert.equal(router.state(), "UNSURE: no route");
  assert.equal(router.tree()?.originator, false);
  router.interface(9, ON_SOURCE_LINK);
  assert.equal(router.state(), "UNSURE: source is silent");
});

test("§1, §9.1 originator: its root may only serve listeners", () => {
  const router = originator();
  router.interface(9, { ...ON_SOURCE_LINK, protocol: null, membership: true });
  router.listener(2);
  router.missing(9);
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(router.entry(), "9 -> 2");
});

test("§1: a route without gateway to a foreign subnet gives a root without an originator", () => {
  const router = nonOriginator();
  router.neighbor(1, 1, "11/1");
  router.route(20, 1, null);
  assert.equal(router.tree()?.originator, false);
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
});

test("§9 kernel entry: from the root to the forwarding interfaces while ACTIVE", () => {
  const router = nonOriginator();
  router.listener(2);
  router.listener(3);
  const upstream = router.neighbor(1, 1, "11/10");
  assert.equal(router.entry(), "1 -> 2 3");
  assert.deepEqual(router.tree()?.entry, {
    kind: "tree",
    entry: { incoming: 1, outgoing: [2, 3] },
  });
  router.listener(2, false);
  router.listener(3, false);
  assert.equal(router.entry(), "1 ->");
  upstream.noLongerUpstream();
  assert.equal(router.entry(), "none");
});

test("§9 kernel entry: while UNSURE too, at a non-originator with a root", () => {
  const router = nonOriginator();
  router.listener(2);
  router.neighbor(1, 1, "11/20");
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
  assert.equal(router.entry(), "1 -> 2");
  router.route(20);
  assert.equal(router.state(), "UNSURE: no route");
  assert.equal(router.entry(), "none");
});

test("§9 kernel entry: none at an originator that is UNSURE", () => {
  const router = originator();
  router.listener(3);
  router.missing(9);
  router.neighbor(2, 1, "11/10");
  assert.equal(router.entry(), "9 -> 3");
  router.run(210_000);
  assert.equal(router.state(), "UNSURE: source is silent");
  assert.equal(router.entry(), "none");
});
