// Downstream interest (§9.3), and for how long an unknown one counts (§7.1).

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { EVERY_SOURCE } from "../../src/base/source-filter.ts";
import { interfaceIndex, millis } from "../../src/base/units.ts";
import type { RouterSettings } from "../../src/core/settings.ts";
import { PlayedRouter } from "../support/played-router.ts";
import { TREE } from "../support/played-tree.ts";

/** A router 11/20 from the source over interface 1, with 2; nothing is heard of the tree yet. */
function router11(settings: Partial<RouterSettings> = {}): PlayedRouter {
  const router = new PlayedRouter(settings);
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  return router;
}

test("§9.3: NDI where nobody is", () => {
  const router = router11();
  router.neighbor(1, 1, "11/10");
  assert.equal(router.why(2).downstream, "NDI: nobody there");
});

test("§9.3: DI if some SYNCED neighbor is interested", () => {
  const router = router11();
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1).noInterest();
  const second = router.neighbor(2, 2);
  router.neighbor(2, 3).noInterest();
  second.noInterest();
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  second.interest();
  assert.equal(router.why(2).downstream, "DI: neighbor interested");
  const { nonRoot } = router.at(2);
  assert.equal(
    nonRoot?.downstream.why === "neighbor interested" && nonRoot.downstream.neighbor,
    second.address,
  );
  second.noInterest();
  assert.equal(router.why(2).downstream, "NDI: all not interested");
});

test("§9.3: a neighbor that is not SYNCED any more does not count", () => {
  const router = router11();
  router.neighbor(1, 1, "11/10");
  const neighbor = router.neighbor(2, 1);
  neighbor.interest();
  neighbor.goodbye();
  neighbor.begin([]);
  assert.equal(router.why(2).downstream, "NDI: nobody there");
  neighbor.proceed();
  assert.equal(router.why(2).downstream, "DI: neighbor counts as interested");
});

test("§9.3, §7.1: an UPSTREAM neighbor is not interested, and cancels what it said before", () => {
  const router = router11();
  router.neighbor(1, 1, "11/10");
  const neighbor = router.neighbor(2, 1);
  neighbor.interest();
  neighbor.upstream("11/30");
  assert.equal(router.why(2).downstream, "NDI: all upstream or not interested");
  router.neighbor(2, 2).noInterest();
  assert.equal(router.why(2).downstream, "NDI: all upstream or not interested");
});

test("§9.3: DI if a listener wants the group, neighbors or not", () => {
  const router = router11();
  router.neighbor(1, 1, "11/10");
  router.listener(2);
  assert.equal(router.why(2).downstream, "DI: listener");
  router.neighbor(2, 1).noInterest();
  assert.equal(router.why(2).downstream, "DI: listener");
  router.listener(2, false);
  assert.equal(router.why(2).downstream, "NDI: all not interested");
});

test("§9.3: a listener of another group, or on another interface, does not count", () => {
  const router = router11();
  router.interface(3);
  router.neighbor(1, 1, "11/10");
  const group = ip("224.12.12.13");
  router.handle({ kind: "listeners", interface: interfaceIndex(2), group, wanted: EVERY_SOURCE });
  router.listener(3);
  assert.equal(router.why(2).downstream, "NDI: nobody there");
});

test("§9.3, §12: a listener counts for the sources that it wants, and for no others", () => {
  const router = router11();
  router.neighbor(1, 1, "11/10");
  const others = [ip("10.9.9.9"), ip("10.9.9.10")];
  for (const [mode, sources, downstream] of [
    ["include", [TREE.source, ...others], "DI: listener"],
    ["include", others, "NDI: nobody there"],
    ["exclude", others, "DI: listener"],
    ["exclude", [TREE.source, ...others], "NDI: nobody there"],
    ["exclude", [], "DI: listener"],
    ["include", [], "NDI: nobody there"],
  ] as const) {
    router.listeners(2, { mode, sources });
    assert.equal(router.why(2).downstream, downstream, `${mode} ${sources.length}`);
  }
});

test("§9.3: a listener counts where membership is served only", () => {
  const router = router11();
  router.interface(3, { protocol: null });
  router.neighbor(1, 1, "11/10");
  router.listener(3);
  assert.equal(router.why(3).downstream, "DI: listener");
  router.interface(3, { protocol: null, membership: false });
  assert.equal(router.tree()?.interfaces.length, 2);
});

/** Sees unknown interest count until the given time, and no longer. */
function countsUntil(router: PlayedRouter, time: number): void {
  router.run(time - 1 - router.now);
  assert.equal(router.why(2).downstream, "DI: neighbor counts as interested");
  assert.equal(router.why(2).forwarding, "forwards: assert winner");
  router.run(1);
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  assert.equal(router.why(2).forwarding, "does not: not interested");
}

test("§7.1: unknown interest counts for InitialFloodTime after the tree formed", () => {
  const router = router11();
  const neighbor = router.neighbor(2, 1);
  router.run(100_000);
  router.neighbor(1, 1, "11/10");
  const { nonRoot } = router.at(2);
  assert.equal(
    nonRoot?.downstream.why === "neighbor counts as interested" && nonRoot.downstream.neighbor,
    neighbor.address,
  );
  countsUntil(router, 115_000);
  assert.deepEqual(router.said(), [
    "1 Interest 10.0.1.1",
    "2 IamUpstream 11/20",
    "1 NoInterest 10.0.1.1",
  ]);
});

test("§7.1: unknown interest counts for InitialFloodTime after the tree formed, UNSURE as well", () => {
  const router = router11();
  router.neighbor(2, 1);
  router.run(100_000);
  router.neighbor(1, 1, "11/20");
  countsUntil(router, 115_000);
});

test("§7.1: on an interface that began after the tree formed it counts from SYNCED", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.route(20, 1, "10.0.1.1");
  router.neighbor(1, 1, "11/10");
  router.run(50_000);
  router.interface(2);
  router.run(50_000);
  router.neighbor(2, 1);
  countsUntil(router, 115_000);
});

test("§7.1: what was forgotten when the interface became root counts from then when it is root no more", () => {
  const router = router11();
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1);
  router.run(100_000);
  router.route(20, 2, "10.0.2.9");
  assert.equal(router.state(), "UNSURE: no upstream neighbor on the root");
  router.run(1000);
  router.route(5, 1, "10.0.1.1");
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
  countsUntil(router, 115_000);
});

test("§7.1: unknown interest counts for InitialFloodTime after a neighbor is SYNCED", () => {
  const router = router11();
  router.neighbor(1, 1, "11/10");
  router.run(100_000);
  router.neighbor(2, 1);
  countsUntil(router, 115_000);
  router.neighbor(2, 2);
  countsUntil(router, 130_000);
});

test("§7.1: unknown interest counts for InitialFloodTime after it was forgotten", () => {
  const router = router11();
  const upstream = router.neighbor(1, 1, "11/10");
  const neighbor = router.neighbor(2, 1);
  neighbor.noInterest();
  router.run(100_000);
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  upstream.upstream("11/20");
  countsUntil(router, 115_000);
});

test("§7.1: unknown interest counts for InitialFloodTime after IamNoLongerUpstream", () => {
  const router = router11();
  router.neighbor(1, 1, "11/10");
  const neighbor = router.neighbor(2, 1, "11/30");
  router.run(100_000);
  assert.equal(router.why(2).downstream, "NDI: all upstream or not interested");
  neighbor.noLongerUpstream();
  countsUntil(router, 115_000);
});

test("§7.1: the last such moment on the interface counts, for all of its neighbors", () => {
  const router = router11();
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1);
  router.run(10_000);
  router.neighbor(2, 2, "11/30").noLongerUpstream();
  router.run(5_000);
  router.neighbor(2, 3).noInterest();
  router.run(14_999);
  assert.equal(router.why(2).downstream, "DI: neighbor counts as interested");
  assert.equal(router.entry(), "1 -> 2");
  router.run(1);
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  assert.equal(router.entry(), "1 ->");
});

test("§7.1: such a moment on one interface says nothing about another", () => {
  const router = router11();
  router.interface(3);
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1);
  router.run(15_000);
  router.neighbor(3, 1, "11/30").noLongerUpstream();
  assert.equal(router.why(3).downstream, "DI: neighbor counts as interested");
  assert.equal(router.why(2).downstream, "NDI: all not interested");
});

test("§7.1: InitialFloodTime is a setting", () => {
  const router = router11({ initialFloodTime: millis(4000) });
  router.neighbor(1, 1, "11/10");
  router.run(100_000);
  router.neighbor(2, 1);
  countsUntil(router, 104_000);
});

test("§7.1: with FloodInitialData off unknown interest never counts", () => {
  const router = router11({ floodInitialData: false });
  const upstream = router.neighbor(1, 1, "11/10");
  const neighbor = router.neighbor(2, 1);
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  neighbor.interest();
  assert.equal(router.why(2).downstream, "DI: neighbor interested");
  upstream.upstream("11/20");
  assert.equal(router.why(2).downstream, "NDI: all not interested");
  neighbor.upstream("11/30");
  neighbor.noLongerUpstream();
  assert.equal(router.why(2).downstream, "NDI: all not interested");
});
