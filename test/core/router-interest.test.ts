// Router interest (§9.5).
import assert from "node:assert/strict";
import { test } from "node:test";
import { PlayedRouter } from "../support/played-router.ts";
import { ON_SOURCE_LINK } from "../support/played-tree.ts";

/** A router 11/20 from the source over interface 1, ACTIVE, with 2 and 3. */
function active(): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.interface(3);
  router.route(20, 1, "10.0.1.1");
  router.neighbor(1, 1, "11/10");
  router.said();
  return router;
}

test("§9.5: OT where no interface forwards", () => {
  const router = active();
  assert.equal(router.tree()?.interested, false);
  assert.deepEqual(router.at(1).told?.interested, false);
});

test("§9.5: IT if some interface forwards, told once", () => {
  const router = active();
  router.listener(2);
  assert.equal(router.tree()?.interested, true);
  router.listener(3);
  router.listener(2, false);
  assert.deepEqual(router.said(), ["1 Interest 10.0.1.1"]);
  router.listener(3, false);
  assert.equal(router.tree()?.interested, false);
  assert.deepEqual(router.said(), ["1 NoInterest 10.0.1.1"]);
});

test("§9.5: interest of its own does not make a loser interested", () => {
  const router = active();
  router.neighbor(2, 1, "11/10");
  router.listener(2);
  assert.equal(router.tree()?.interested, false);
  assert.deepEqual(router.said(), []);
});

test("§9.5: a listener on the root makes nobody interested", () => {
  const router = active();
  router.listener(1);
  assert.equal(router.tree()?.interested, false);
  assert.deepEqual(router.said(), []);
});

test("§9.5: an originator is interested, but has nobody to tell", () => {
  const router = new PlayedRouter();
  router.interface(2);
  router.interface(9, ON_SOURCE_LINK);
  router.route(0, 9, null, 2);
  router.missing(9);
  router.listener(2);
  assert.equal(router.tree()?.interested, true);
  assert.deepEqual(router.said(), ["2 IamUpstream 2/0"]);
});
