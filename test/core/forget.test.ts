// What is forgotten of a tree, when, and what is not (§11).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RouterSettings } from "../../src/core/settings.ts";
import { addressOn } from "../support/core-network.ts";
import type { PlayedNeighbor } from "../support/played-neighbor.ts";
import { PlayedRouter } from "../support/played-router.ts";

const QUIET = { floodInitialData: false };

interface Forgetful {
  readonly router: PlayedRouter;
  readonly upstream: PlayedNeighbor;
  readonly neighbor: PlayedNeighbor;
}

/** A router 11/20 from the source over interface 1, ACTIVE; its neighbor on 2 was heard long ago. */
function active(settings: Partial<RouterSettings>, interest: "interest" | "noInterest"): Forgetful {
  const router = new PlayedRouter(settings);
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  const upstream = router.neighbor(1, 1, "11/10");
  const neighbor = router.neighbor(2, 1);
  neighbor[interest]();
  router.run(100_000);
  router.said();
  router.notices.splice(0);
  return { router, upstream, neighbor };
}

test("§11: interest goes when Advertised becomes nothing, before step 2 of the same event", () => {
  const { router, upstream } = active(QUIET, "interest");
  assert.equal(router.entry(), "1 -> 2");
  upstream.upstream("11/20");
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  assert.equal(router.entry(), "1 ->");
  assert.deepEqual(router.said(), ["1 NoInterest 10.0.1.1", "2 IamNoLongerUpstream"]);
});

test("§11, §7.1: NoInterest is forgotten as well, and counts as interest for a while (test 17)", () => {
  const { router, upstream } = active({}, "noInterest");
  assert.equal(router.entry(), "1 ->");
  upstream.upstream("11/20");
  assert.equal(router.why(2).downstream, "DI: neighbor counts as interested");
  assert.equal(router.entry(), "1 -> 2");
  assert.deepEqual(router.said(), ["1 Interest 10.0.1.1", "2 IamNoLongerUpstream"]);
});

test("§11: interest that stays DI makes no dip", () => {
  const { router, upstream } = active({}, "interest");
  upstream.upstream("11/20");
  assert.equal(router.entry(), "1 -> 2");
  assert.deepEqual(
    router.notices.filter(({ kind }) => kind === "forwarding"),
    [],
  );
});

test("§11: on becoming something Advertised, interest is unknown: it is not what it was", () => {
  const { router, upstream } = active(QUIET, "interest");
  upstream.upstream("11/20");
  upstream.upstream("11/10");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
  assert.equal(router.why(2).downstream, "NDI: all not interested");
});

test("§11, §7.2: interest that comes while nothing is Advertised is not kept", () => {
  const { router, upstream, neighbor } = active(QUIET, "noInterest");
  upstream.upstream("11/20");
  neighbor.interest();
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  upstream.upstream("11/10");
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  neighbor.interest();
  assert.equal(router.why(2).downstream, "DI: neighbor interested");
});

test("§11, §7.1: an interest that is unknown since Advertised became something counts from then", () => {
  const { router, upstream } = active({}, "noInterest");
  upstream.upstream("11/20");
  router.run(100_000);
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  upstream.upstream("11/10");
  router.run(14_999);
  assert.equal(router.why(2).downstream, "DI: neighbor counts as interested");
  router.run(1);
  assert.equal(router.why(2).downstream, "NDI: all not interested");
});

test("§11: interest goes when the tree becomes INACTIVE", () => {
  const { router, upstream } = active(QUIET, "interest");
  upstream.noLongerUpstream();
  assert.equal(router.entry(), "none");
  upstream.upstream("11/10");
  assert.equal(router.why(2).downstream, "NDI: all not interested");
});

test("§11: interest goes when the interface becomes root", () => {
  const { router } = active(QUIET, "interest");
  router.route(20, 2, "10.0.2.1");
  router.route(20, 1, "10.0.1.1");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
  assert.equal(router.why(2).downstream, "NDI: all not interested");
});

test("§11: interest goes on the interface that joins the source's link, and there only", () => {
  const { router } = active(QUIET, "interest");
  router.interface(3);
  router.neighbor(3, 1).interest();
  assert.equal(router.entry(), "1 -> 2 3");
  router.interface(2, { addresses: [addressOn("10.0.2.5/24"), addressOn("10.9.9.5/24")] });
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  assert.equal(router.why(3).downstream, "DI: neighbor interested");
  router.interface(2);
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  assert.equal(router.entry(), "1 -> 3");
});

test("§11: interest of all neighbors of the interface goes", () => {
  const { router, upstream } = active(QUIET, "noInterest");
  router.neighbor(2, 2).interest();
  router.neighbor(2, 3).interest();
  upstream.upstream("11/20");
  upstream.upstream("11/10");
  assert.equal(router.why(2).downstream, "NDI: all not interested");
});

test("§11: interest stays while something is Advertised: another RPC, another BUN, another winner", () => {
  const { router, upstream } = active(QUIET, "interest");
  router.route(25, 1, "10.0.1.1");
  upstream.upstream("11/5");
  router.neighbor(1, 2, "11/1");
  const rival = router.neighbor(2, 2, "11/1");
  assert.equal(router.why(2).assert, "AL: neighbor offers lower cost");
  rival.goodbye();
  assert.equal(router.why(2).downstream, "DI: neighbor interested");
});

test("§11: interest stays when the root moves between other interfaces", () => {
  const { router } = active(QUIET, "interest");
  router.interface(3);
  router.neighbor(3, 1, "11/10");
  router.route(20, 3, "10.0.3.1");
  assert.equal(router.tree()?.root, 3);
  assert.equal(router.why(2).downstream, "DI: neighbor interested");
});

test("§11: upstream state does not go but by messages and failure", () => {
  const { router, upstream, neighbor } = active({}, "noInterest");
  neighbor.upstream("11/30");
  upstream.upstream("11/20");
  assert.equal(router.at(2).bun?.neighbor, neighbor.address);
  assert.equal(router.why(2).downstream, "NDI: all upstream or not interested");
  router.route(20);
  assert.equal(router.at(1).bun?.neighbor, upstream.address);
  assert.equal(router.at(2).bun?.neighbor, neighbor.address);
  neighbor.noLongerUpstream();
  assert.equal(router.at(2).bun, null);
  upstream.goodbye();
  assert.equal(router.tree(), undefined);
});

test("§11: LastSN stays when interest goes: what was said before is not taken twice", () => {
  const { router, upstream, neighbor } = active(QUIET, "interest");
  upstream.upstream("11/20");
  upstream.upstream("11/10");
  neighbor.repeat();
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  neighbor.interest();
  assert.equal(router.why(2).downstream, "DI: neighbor interested");
});

test("§11: LastSN stays when the tree becomes INACTIVE", () => {
  const { router, upstream, neighbor } = active(QUIET, "interest");
  upstream.goodbye();
  assert.equal(router.tree(), undefined);
  router.neighbor(1, 1, "11/10");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
  neighbor.repeat();
  assert.equal(router.why(2).downstream, "NDI: all not interested");
});
