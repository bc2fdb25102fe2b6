// What is sent on non-root interfaces, row by row (§10 N1-N12).
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOn, prefix } from "../support/core-network.ts";
import { PlayedRouter, routeBy } from "../support/played-router.ts";
import { SOURCE_SUBNET } from "../support/played-tree.ts";

/** A router 11/20 from the source over interface 1, with 2; OT. */
function routerOn1(): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  return router;
}

/** What the router says because of `event`. */
function saidBy(router: PlayedRouter, event: () => void): string[] {
  router.said();
  event();
  return router.said();
}

test("§10 N1: same role, was not ACTIVE, is ACTIVE -> IamUpstream", () => {
  const router = routerOn1();
  const upstream = router.neighbor(1, 1);
  router.neighbor(2, 1);
  const formed = saidBy(router, () => upstream.upstream("11/10"));
  assert.deepEqual(formed, ["1 Interest 10.0.1.1", "2 IamUpstream 11/20"]);
});

test("§10 N1: from UNSURE, with a BUN that had been told NoInterest", () => {
  const router = routerOn1();
  const upstream = router.neighbor(1, 1, "11/20");
  router.neighbor(2, 1, "11/30");
  const formed = saidBy(router, () => upstream.upstream("11/10"));
  assert.deepEqual(formed, ["1 NoInterest 10.0.1.1", "2 IamUpstream 11/20"]);
});

test("§10 N1: where no neighbor is, too: it is discovered by it", () => {
  const router = routerOn1();
  const said = saidBy(router, () => router.neighbor(1, 1, "11/10"));
  assert.deepEqual(said, ["1 NoInterest 10.0.1.1", "2 IamUpstream 11/20"]);
});

test("§10 N2: was root, is ACTIVE -> IamUpstream, whatever the neighbors there are", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1, "11/10");
  const said = saidBy(router, () => router.route(30, 2, "10.0.2.1"));
  assert.deepEqual(said, ["1 IamUpstream 11/30", "2 IamNoLongerUpstream", "2 NoInterest 10.0.2.1"]);
});

test("§10 N2: was root and UNSURE, is ACTIVE -> IamUpstream", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/25");
  router.neighbor(2, 1, "11/10");
  const said = saidBy(router, () => router.route(20, 2, "10.0.2.1"));
  assert.deepEqual(said, ["1 IamUpstream 11/20", "2 NoInterest 10.0.2.1"]);
});

test("§10 N3: same role, was advertised, is UNSURE, no BUN -> IamNoLongerUpstream", () => {
  const router = routerOn1();
  const upstream = router.neighbor(1, 1, "11/10");
  const said = saidBy(router, () => upstream.upstream("11/20"));
  assert.deepEqual(said, ["1 NoInterest 10.0.1.1", "2 IamNoLongerUpstream"]);
});

test("§10 N4: same role, was advertised, is INACTIVE -> IamNoLongerUpstream", () => {
  const router = routerOn1();
  const upstream = router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1);
  const said = saidBy(router, () => upstream.noLongerUpstream());
  assert.deepEqual(said, ["2 IamNoLongerUpstream"]);
});

test("§10 N5: same role, was advertised, is UNSURE, BUN -> IamNoLongerUpstream, then NoInterest", () => {
  const router = routerOn1();
  const upstream = router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1, "11/30");
  const said = saidBy(router, () => upstream.noLongerUpstream());
  assert.deepEqual(said, ["2 IamNoLongerUpstream", "2 NoInterest 10.0.2.1"]);
  const [no, yes] = router.messages.slice(-2);
  assert.ok((no?.sn ?? 0) < (yes?.sn ?? 0), "interest has the higher SN");
});

test("§10 N6: was root, was ACTIVE, is UNSURE, BUN -> NoInterest", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/10");
  const said = saidBy(router, () => router.route(20, 2, "10.0.2.1"));
  assert.deepEqual(said, ["1 NoInterest 10.0.1.1", "2 IamNoLongerUpstream"]);
});

test("§10 N6: without a route as well, though it had been told Interest", () => {
  const router = routerOn1();
  router.listener(2);
  router.neighbor(1, 1, "11/10");
  const said = saidBy(router, () => router.route(20));
  assert.deepEqual(said, ["1 NoInterest 10.0.1.1", "2 IamNoLongerUpstream"]);
});

test("§10 N7: is and was UNSURE, BUN sent a fresh IamUpstream and stays BUN -> NoInterest", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/20");
  const bun = router.neighbor(2, 1, "11/25");
  const other = router.neighbor(2, 2, "11/30");
  assert.deepEqual(
    saidBy(router, () => bun.upstream("11/25")),
    ["2 NoInterest 10.0.2.1"],
  );
  assert.deepEqual(
    saidBy(router, () => other.upstream("11/30")),
    [],
  );
});

test("§10 N8: is and was UNSURE, BUN changed, BUN exists -> NoInterest", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/20");
  router.neighbor(2, 1, "11/25");
  const other = router.neighbor(2, 2);
  assert.deepEqual(
    saidBy(router, () => other.upstream("11/24")),
    ["2 NoInterest 10.0.2.2"],
  );
  assert.deepEqual(
    saidBy(router, () => other.goodbye()),
    ["2 NoInterest 10.0.2.1"],
  );
});

test("§10 N9: was INACTIVE, is UNSURE, BUN -> NoInterest", () => {
  const router = routerOn1();
  const bun = router.neighbor(2, 1);
  assert.deepEqual(
    saidBy(router, () => bun.upstream("11/10")),
    ["2 NoInterest 10.0.2.1"],
  );
});

test("§10 N9, §6.7: when its snapshot tells so, too", () => {
  const router = routerOn1();
  assert.deepEqual(
    saidBy(router, () => router.neighbor(2, 1, "11/10")),
    ["2 NoInterest 10.0.2.1"],
  );
});

test("§10 N10: same role, is and was ACTIVE, our RPC changed -> IamUpstream", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1, "11/30");
  assert.deepEqual(
    saidBy(router, () => router.route(25, 1, "10.0.1.1")),
    ["2 IamUpstream 11/25"],
  );
  assert.deepEqual(
    saidBy(router, () => router.route(25, 1, "10.0.1.1", 12)),
    ["2 IamUpstream 12/25"],
  );
  assert.deepEqual(
    saidBy(router, () => router.route(25, 1, "10.0.1.99", 12)),
    [],
  );
});

test("§10 N11: was root, is and was UNSURE, BUN -> NoInterest, though it was told that before", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/20");
  const said = saidBy(router, () => router.route(20, 2, "10.0.2.1"));
  assert.deepEqual(said, ["1 NoInterest 10.0.1.1"]);
});

test("§10 N12: is and was ACTIVE, the source's subnet joined and left the interface", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1);
  const both = { addresses: [addressOn("10.0.2.5/24"), addressOn("10.9.9.5/24")] };
  assert.deepEqual(
    saidBy(router, () => router.interface(2, both)),
    ["1 NoInterest 10.0.1.1", "2 IamNoLongerUpstream"],
  );
  assert.deepEqual(
    saidBy(router, () => router.interface(2)),
    ["1 Interest 10.0.1.1", "2 IamUpstream 11/20"],
  );
});

test("§10: one batch, one outcome: with a new RPC that makes the tree ACTIVE only the new one is told", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/20");
  const said = saidBy(router, () => router.route(25, 1, "10.0.1.1"));
  assert.deepEqual(said, ["2 IamUpstream 11/25"]);
});

test("§10: routes that change without a change of RPC or root say nothing", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/10");
  const said = saidBy(router, () =>
    router.handle({
      kind: "routes",
      changes: [{ prefix: prefix("10.9.0.0/16"), routes: [routeBy(5, 2, "10.0.2.1")] }],
    }),
  );
  assert.deepEqual(said, []);
  assert.equal(router.tree()?.root, 1, `the longer ${SOURCE_SUBNET} holds`);
});

test("§10, §5.6: an interface that begins sends no IamUpstream: neighbors learn by Sync", () => {
  const router = routerOn1();
  router.neighbor(1, 1, "11/10");
  const said = saidBy(router, () => router.interface(3));
  assert.deepEqual(said, []);
  assert.deepEqual(router.at(3).advertised, { preference: 11, metric: 20 });
  assert.deepEqual(
    saidBy(router, () => router.route(25, 1, "10.0.1.1")),
    ["2 IamUpstream 11/25", "3 IamUpstream 11/25"],
  );
});

test("§10: nothing is told where only listeners are served", () => {
  const router = routerOn1();
  router.interface(3, { protocol: null });
  const said = saidBy(router, () => router.neighbor(1, 1, "11/10"));
  assert.deepEqual(said, ["1 NoInterest 10.0.1.1", "2 IamUpstream 11/20"]);
  assert.equal(router.at(3).advertised, null);
});

test("§10: a former root without BUN says nothing when the tree goes", () => {
  const router = routerOn1();
  const upstream = router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1, "11/30");
  const said = saidBy(router, () => upstream.goodbye());
  assert.deepEqual(said, ["2 IamNoLongerUpstream", "2 NoInterest 10.0.2.1"]);
  const moved = saidBy(router, () => router.route(20, 2, "10.0.2.1"));
  assert.deepEqual(moved, ["2 NoInterest 10.0.2.1"]);
});
