// Assert winner and loser (§9.2).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { assertVerdict } from "../../src/core/assert.ts";
import { PlayedRouter } from "../support/played-router.ts";
import { rpc } from "../support/played-tree.ts";

const us = ip("10.0.2.9");
const rival = (cost: string, address = "10.0.2.10"): { neighbor: typeof us; rpc: typeof ours } => ({
  neighbor: ip(address),
  rpc: rpc(cost),
});
const ours = rpc("11/20");

const ACTIVE_ROWS: readonly [cost: string, address: string, winner: boolean, why: string][] = [
  ["11/21", "10.0.2.10", true, "lower cost"],
  ["12/1", "10.0.2.10", true, "lower cost"],
  ["11/19", "10.0.2.8", false, "neighbor offers lower cost"],
  ["10/99", "10.0.2.8", false, "neighbor offers lower cost"],
  ["11/20", "10.0.2.8", true, "higher address"],
  ["11/20", "10.0.2.10", false, "neighbor has higher address"],
];
for (const [cost, address, winner, why] of ACTIVE_ROWS) {
  test(`§9.2 ACTIVE: 11/20 of 10.0.2.9 against ${cost} of ${address}: ${winner ? "AW" : "AL"}`, () => {
    const bun = rival(cost, address);
    assert.deepEqual(assertVerdict("ACTIVE", ours, us, bun), { winner, why, rival: bun });
  });
}

test("§9.2 ACTIVE: AW without a BUN", () => {
  const expected = { winner: true, why: "no upstream neighbor", rival: null };
  assert.deepEqual(assertVerdict("ACTIVE", ours, us, null), expected);
});

test("§9.2 UNSURE: AW if there is no BUN, else AL, however far it is", () => {
  const bun = rival("99/99", "10.0.2.1");
  assert.deepEqual(assertVerdict("UNSURE", ours, us, bun), {
    winner: false,
    why: "tree unsure",
    rival: bun,
  });
  assert.deepEqual(assertVerdict("UNSURE", ours, us, null), {
    winner: true,
    why: "no upstream neighbor",
    rival: null,
  });
});

test("§9.2 INACTIVE: AW", () => {
  const bun = rival("1/1");
  assert.deepEqual(assertVerdict("INACTIVE", ours, us, bun), {
    winner: true,
    why: "tree inactive",
    rival: bun,
  });
  assert.equal(assertVerdict("INACTIVE", ours, us, null).winner, true);
});

/** A router 11/20 from the source over interface 1, ACTIVE, with 2 and 3. */
function active(): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.interface(3);
  router.route(20, 1, "10.0.1.1");
  router.neighbor(1, 1, "11/10");
  return router;
}

test("§9.2: the rival is the BUN of the interface: the best of its UPSTREAM neighbors", () => {
  const router = active();
  router.listener(2);
  const near = router.neighbor(2, 1, "11/10");
  router.neighbor(2, 2, "11/30");
  assert.equal(router.why(2).assert, "AL: neighbor offers lower cost");
  assert.equal(router.why(3).assert, "AW: no upstream neighbor");
  near.noLongerUpstream();
  assert.equal(router.why(2).assert, "AW: lower cost");
  near.upstream("11/20");
  assert.equal(router.why(2).assert, "AW: higher address");
  router.neighbor(2, 6, "11/20");
  assert.equal(router.why(2).assert, "AL: neighbor has higher address");
});

test("§9.2: an UNSURE router loses to any BUN, an INACTIVE one to none", () => {
  const router = active();
  const high = router.neighbor(2, 1, "11/30");
  router.route(5, 1, "10.0.1.1");
  assert.equal(router.tree()?.verdict.state, "UNSURE");
  assert.equal(router.why(2).assert, "AL: tree unsure");
  assert.equal(router.why(3).assert, "AW: no upstream neighbor");
  high.noLongerUpstream();
  assert.equal(router.why(2).assert, "AW: no upstream neighbor");
});

test("§9.2: where HPIM-DM does not run, the router wins", () => {
  const router = active();
  router.interface(3, { protocol: null });
  router.listener(3);
  assert.equal(router.why(3).assert, "AW: no upstream neighbor");
  assert.equal(router.entry(), "1 -> 3");
});

test("§9.2: the verdict of an INACTIVE tree is seen while data without a tree are blocked", () => {
  const router = new PlayedRouter({ floodInitialData: false });
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.missing(1);
  assert.equal(router.state(), "INACTIVE: no upstream neighbor");
  assert.equal(router.why(2).assert, "AW: tree inactive");
});
