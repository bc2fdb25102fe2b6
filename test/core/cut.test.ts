// §9.4: an assert winner of an ACTIVE tree gives way where data arrive that nobody it knows of can have sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_INTERFACE_SETTINGS } from "../../src/core/settings.ts";
import { type PlayedRouter, withListeners } from "../support/played-router.ts";

/** ACTIVE at 1,000 ms. */
function active(): PlayedRouter {
  const router = withListeners("11/10");
  router.run(1000 - router.now);
  router.said();
  return router;
}

const CUT = "1 -> 3";
const WHOLE = "1 -> 2 3";

test("§9.4: data that arrive where nobody else is known to forward cut the interface", () => {
  const router = active();
  router.wrong(2);
  assert.equal(router.entry(), CUT);
  const { forwarding } = router.at(2).nonRoot ?? {};
  assert.equal(forwarding?.why === "data arrive here" && forwarding.until, 13_000);
});

test("§9.4: who is cut while ACTIVE stays interested", () => {
  const router = active();
  router.listener(3, false);
  router.wrong(2);
  assert.equal(router.entry(), "1 ->");
  assert.deepEqual(router.said(), []);
  router.listener(2, false);
  assert.deepEqual(router.said(), ["1 NoInterest 10.0.1.1"]);
});

test("§9.4: the cut ends when a neighbor there is heard to be UPSTREAM", () => {
  const router = active();
  const rival = router.neighbor(2, 1);
  router.wrong(2);
  assert.equal(router.entry(), CUT);
  rival.upstream("11/30");
  assert.equal(router.entry(), WHOLE);
  router.wrong(2);
  assert.equal(router.entry(), WHOLE, "an election");
  rival.noLongerUpstream();
  router.wrong(2);
  assert.equal(router.entry(), CUT, "and it may come again");
});

test("§9.4: who wins while we are cut finds nothing held", () => {
  const router = active();
  router.wrong(2);
  router.neighbor(2, 1, "11/10");
  assert.equal(router.why(2).forwarding, "does not: assert loser");
});

test("§9.4: the cut ends after RetransmissionTime as often as a neighbor may owe an Ack, and none follows", () => {
  const router = active();
  router.wrong(2);
  router.run(11_999);
  assert.equal(router.entry(), CUT);
  router.run(1);
  assert.equal(router.entry(), WHOLE);
  router.run(600_000);
  router.wrong(2);
  assert.equal(router.entry(), CUT, "but once in ten minutes");
  router.run(12_000);
  router.run(587_999);
  router.wrong(2);
  assert.equal(router.entry(), WHOLE);
});

test("§9.4: the cut is as long as the settings of the interface say, and none where HPIM-DM does not run", () => {
  const router = active();
  const protocol = { ...DEFAULT_INTERFACE_SETTINGS, ackFailureThreshold: 1 };
  router.interface(2, { protocol });
  router.wrong(2);
  router.run(5_999);
  assert.equal(router.entry(), CUT);
  router.run(1);
  assert.equal(router.entry(), WHOLE);
  router.interface(3, { protocol: null });
  router.wrong(3);
  assert.equal(router.entry(), WHOLE);
});

test("§9.4: the cut ends when the counters say that data no longer arrive there", () => {
  const router = active();
  router.wrong(2);
  router.run(5);
  router.count(2, 1);
  router.run(10);
  router.count(1);
  router.run(10);
  assert.equal(router.entry(), CUT, "one may be on its way");
  router.count(2, 1);
  router.run(10);
  router.count(1);
  router.run(10);
  assert.equal(router.entry(), CUT, "they come again");
  router.count(1);
  router.run(10);
  assert.equal(router.entry(), WHOLE);
});

test("§9.4: data that come again cut again, no longer than the first would have", () => {
  const router = active();
  router.wrong(2);
  router.run(10);
  router.count(2);
  router.run(1000);
  assert.equal(router.entry(), WHOLE);
  router.wrong(2);
  assert.equal(router.entry(), CUT);
  router.run(10_989);
  assert.equal(router.entry(), CUT);
  router.run(1);
  assert.equal(router.entry(), WHOLE);
});

test("§9.4: where others forward on another interface too nothing is cut, as no counter would tell its end", () => {
  const router = active();
  const rival = router.neighbor(3, 1, "11/10");
  router.run(2000);
  assert.equal(router.entry(), "1 -> 2");
  router.wrong(2);
  assert.equal(router.entry(), "1 -> 2");
  rival.noLongerUpstream();
  router.wrong(2);
  assert.equal(router.entry(), CUT);
  rival.upstream("11/10");
  assert.equal(router.entry(), "1 -> 2 3", "the one holds, the other is not cut any more");
});

test("§9.4: one interface is cut at a time", () => {
  const router = active();
  router.wrong(2);
  router.wrong(3);
  assert.equal(router.entry(), CUT);
});

test("§9.4: the cut ends when the tree is no longer ACTIVE, and is not remembered", () => {
  const router = active();
  router.wrong(2);
  const other = router.neighbor(3, 1, "11/30");
  router.route(5, 1, "10.0.1.1");
  assert.equal(router.state().split(":")[0], "UNSURE");
  assert.equal(router.why(2).forwarding, "forwards: assert winner");
  other.noLongerUpstream();
  router.route(20, 1, "10.0.1.1");
  assert.equal(router.entry(), WHOLE);
});
