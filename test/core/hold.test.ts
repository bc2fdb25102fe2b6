// Forwarding that is held after an assert is lost (§14).
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "../../src/base/units.ts";
import { DEFAULT_INTERFACE_SETTINGS, type InterfaceSettings } from "../../src/core/settings.ts";
import { addressOn } from "../support/core-network.ts";
import type { PlayedNeighbor } from "../support/played-neighbor.ts";
import { PlayedRouter } from "../support/played-router.ts";

interface Loser {
  readonly router: PlayedRouter;
  readonly upstream: PlayedNeighbor;
  readonly rival: PlayedNeighbor;
}

/** A router 11/20 from the source over interface 1, ACTIVE, with a listener on 2, where a rival is about to speak. */
function beforeLoss(settings: Partial<InterfaceSettings> = {}): Loser {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2, { protocol: { ...DEFAULT_INTERFACE_SETTINGS, ...settings } });
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  const upstream = router.neighbor(1, 1, "11/10");
  const rival = router.neighbor(2, 1);
  rival.noInterest();
  router.run(1000 - router.now);
  router.said();
  return { router, upstream, rival };
}

/** As above, and the rival has won at 1,000 ms. */
function lost(settings: Partial<InterfaceSettings> = {}): Loser {
  const loser = beforeLoss(settings);
  loser.rival.upstream("11/10");
  return loser;
}

const HOLDS = {
  assert: "AL: neighbor offers lower cost",
  downstream: "DI: listener",
  forwarding: "forwards: holding",
};
const ENDED = { ...HOLDS, forwarding: "does not: assert loser" };

test("§14: an interface that was forwarding and goes from AW to AL keeps forwarding for 2 s", () => {
  const { router } = lost();
  assert.deepEqual(router.why(2), HOLDS);
  const { forwarding } = router.at(2).nonRoot ?? {};
  assert.equal(forwarding?.why === "holding" && forwarding.until, 3000);
  router.run(1999);
  assert.equal(router.entry(), "1 -> 2");
  router.run(1);
  assert.deepEqual(router.why(2), ENDED);
  assert.equal(router.entry(), "1 ->");
});

test("§14: its end does not wait for what ends later elsewhere", () => {
  const { router } = lost();
  router.interface(3);
  router.neighbor(3, 1);
  assert.equal(router.entry(), "1 -> 2 3");
  router.run(2000);
  assert.equal(router.entry(), "1 -> 3");
  router.run(13_000);
  assert.equal(router.entry(), "1 ->");
});

test("§14: holding counts for IT, so NoInterest waits; its end is an event", () => {
  const { router } = lost();
  assert.deepEqual(router.said(), []);
  assert.equal(router.tree()?.interested, true);
  router.run(1999);
  assert.deepEqual(router.said(), []);
  router.run(1);
  assert.deepEqual(router.said(), ["1 NoInterest 10.0.1.1"]);
});

test("§14: a tie that goes to the rival's address is lost as well", () => {
  const { router } = beforeLoss();
  router.neighbor(2, 9, "11/20");
  assert.deepEqual(router.why(2), { ...HOLDS, assert: "AL: neighbor has higher address" });
});

test("§14: HoldForwardingTime is a setting of the interface", () => {
  const { router } = lost({ holdForwardingTime: millis(500) });
  router.run(499);
  assert.equal(router.entry(), "1 -> 2");
  router.run(1);
  assert.equal(router.entry(), "1 ->");
});

test("§14: with HoldForwardingState off a loser stops at once", () => {
  const { router } = lost({ holdForwarding: false });
  assert.deepEqual(router.why(2), ENDED);
  assert.deepEqual(router.said(), ["1 NoInterest 10.0.1.1"]);
});

test("§14: an interface that was not forwarding does not hold", () => {
  const { router, rival } = beforeLoss();
  router.listener(2, false);
  rival.upstream("11/10");
  router.listener(2);
  assert.deepEqual(router.why(2), ENDED);
});

test("§14: an interface of the source's link was not forwarding, though it was AW and DI", () => {
  const { router, rival } = beforeLoss();
  router.interface(2, { addresses: [addressOn("10.0.2.5/24"), addressOn("10.9.9.5/24")] });
  rival.upstream("11/10");
  router.interface(2);
  assert.deepEqual(router.why(2), ENDED);
});

test("§14: an interface that never was AW does not hold", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.neighbor(2, 1, "11/10");
  assert.equal(router.why(2).assert, "AL: tree unsure");
  router.neighbor(1, 1, "11/10");
  assert.deepEqual(router.why(2), ENDED);
});

test("§14: interest that comes while AL does not make the interface hold", () => {
  const { router } = lost();
  router.run(2000);
  router.listener(2, false);
  router.listener(2);
  assert.deepEqual(router.why(2), ENDED);
});

test("§14: a second rival does not prolong the hold", () => {
  const { router } = lost();
  router.run(1500);
  router.neighbor(2, 2, "11/5");
  router.run(499);
  assert.equal(router.entry(), "1 -> 2");
  router.run(1);
  assert.equal(router.entry(), "1 ->");
});

test("§14: ends when the tree's data are seen to arrive on this interface: a report", () => {
  const { router } = lost();
  router.run(30);
  router.wrong(2);
  assert.deepEqual(router.why(2), ENDED);
  assert.deepEqual(router.said(), ["1 NoInterest 10.0.1.1"]);
  router.run(3000);
  assert.deepEqual(router.said(), []);
});

test("§14: data seen on the root or on another interface do not end it", () => {
  const { router } = lost();
  router.interface(3);
  router.wrong(1);
  router.wrong(3);
  router.wrong(8);
  assert.deepEqual(router.why(2), HOLDS);
});

test("§14: data seen before it was lost do not end it", () => {
  const { router, rival } = beforeLoss();
  rival.upstream("11/30");
  router.wrong(2);
  rival.upstream("11/10");
  assert.deepEqual(router.why(2), HOLDS);
});

test("§14: ends when the wrong-interface counter rises, read every 10 ms", () => {
  const { router } = lost();
  router.run(100);
  router.count(3);
  router.run(10);
  assert.deepEqual(router.why(2), HOLDS, "packets on the root do not end it");
  router.count(1, 1);
  router.run(9);
  assert.deepEqual(router.why(2), HOLDS);
  router.run(1);
  assert.deepEqual(router.why(2), ENDED);
  assert.deepEqual(router.said(), ["1 NoInterest 10.0.1.1"]);
});

test("§14: an event between arrival and reading does not hide the packet", () => {
  const { router } = lost();
  router.run(100);
  router.count(1, 1);
  router.interface(3);
  router.listener(3);
  router.run(10);
  assert.deepEqual(router.why(2), ENDED);
});

test("§14: counters are read at most every 10 ms, and only while holding", () => {
  const { router } = lost();
  router.run(2000);
  const during = router.asked.map(({ at }) => at);
  assert.ok(during.length >= 200);
  assert.ok(during.every((at, i) => at - (during[i - 1] ?? 0) >= 10));
  router.run(10_000);
  assert.deepEqual(
    router.asked.filter(({ at }) => at > 3000),
    [],
  );
});

test("§14: what the wrong-interface counter had counted before does not end it", () => {
  const { router, rival } = beforeLoss();
  router.count(9, 9);
  rival.upstream("11/10");
  router.run(1000);
  assert.deepEqual(router.why(2), HOLDS);
});

test("§14: a count before the first reading of this hold does not end it, though an earlier hold read less", () => {
  const { router, rival } = lost();
  router.run(50);
  rival.upstream("11/30");
  assert.equal(router.why(2).forwarding, "forwards: assert winner");
  router.count(2, 2);
  router.run(50);
  rival.upstream("11/10");
  router.run(50);
  assert.deepEqual(router.why(2), HOLDS);
});

test("§14: a counter that may have risen by another interface where others forward ends nothing", () => {
  const { router } = lost();
  router.interface(3);
  router.neighbor(3, 1, "11/10");
  assert.equal(router.why(3).assert, "AL: neighbor offers lower cost");
  router.count(1, 1);
  router.asked.splice(0);
  router.run(1000);
  assert.equal(router.asked.length, 0);
  assert.deepEqual(router.why(2), HOLDS);
});

test("§14: nor one that may have risen by the source's link", () => {
  const { router } = lost();
  router.interface(3, { addresses: [addressOn("10.9.9.5/24")] });
  router.count(1, 1);
  router.run(1000);
  assert.deepEqual(router.why(2), HOLDS);
});

test("§14: an interface where we win is no such interface", () => {
  const { router } = lost();
  router.interface(3);
  router.neighbor(3, 1, "11/30");
  router.count(1, 1);
  router.run(10);
  assert.deepEqual(router.why(2), ENDED);
});

test("§14: ends when DI is lost, and does not begin again", () => {
  const { router } = lost();
  router.listener(2, false);
  assert.equal(router.why(2).forwarding, "does not: not interested");
  router.listener(2);
  assert.deepEqual(router.why(2), ENDED);
});

test("§14: ends when the interface becomes root, and does not begin again", () => {
  const { router } = lost();
  router.route(20, 2, "10.0.2.1");
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
  router.route(20, 1, "10.0.1.1");
  assert.deepEqual(router.why(2), ENDED);
});

test("§14: ends when the tree is not ACTIVE any more, and does not begin again", () => {
  const { router, upstream } = lost();
  upstream.upstream("11/20");
  assert.equal(router.why(2).forwarding, "does not: assert loser");
  upstream.upstream("11/10");
  assert.deepEqual(router.why(2), ENDED);
});

test("§14: a tree that is UNSURE does not hold", () => {
  const { router, upstream, rival } = beforeLoss();
  upstream.upstream("11/20");
  assert.equal(router.why(2).forwarding, "forwards: assert winner");
  rival.upstream("11/30");
  assert.deepEqual(router.why(2), { ...ENDED, assert: "AL: tree unsure" });
});

test("§14: an interface that wins again forwards as winner, and holds anew when it loses again", () => {
  const { router, rival } = lost();
  router.run(1000);
  rival.noLongerUpstream();
  assert.equal(router.why(2).forwarding, "forwards: assert winner");
  router.run(5000);
  assert.equal(router.entry(), "1 -> 2");
  rival.upstream("11/10");
  router.run(1999);
  assert.equal(router.entry(), "1 -> 2");
  router.run(1);
  assert.equal(router.entry(), "1 ->");
});

test("§14: the source's link never forwards, not even while holding", () => {
  const { router } = lost();
  router.interface(2, { addresses: [addressOn("10.0.2.5/24"), addressOn("10.9.9.5/24")] });
  assert.equal(router.why(2).forwarding, "does not: source is on this link");
});
