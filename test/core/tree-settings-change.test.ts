// Settings that change what trees do, while there are trees: they act at once (§16).
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis, seconds } from "../../src/base/units.ts";
import {
  DEFAULT_INTERFACE_SETTINGS,
  DEFAULT_ROUTER_SETTINGS,
  type InterfaceSettings,
  type RouterSettings,
} from "../../src/core/settings.ts";
import { type Bench, NEAR, originator, otherTree } from "../support/bench.ts";
import { Peer } from "../support/peer.ts";
import { PlayedRouter } from "../support/played-router.ts";
import { ON_SOURCE_LINK, TREE } from "../support/played-tree.ts";

/** In how many seconds the entry becomes `entry`. */
function secondsUntil(router: PlayedRouter, entry: string): number {
  const from = router.now;
  router.run(0);
  while (router.entry() !== entry && router.now - from < 300_000) router.run(100);
  return (router.now - from) / 1000;
}

/** A router 11/20 from the source over interface 1, with a listener on 2, where it holds since the instant 0. */
function holding(): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1, "11/10");
  assert.equal(router.why(2).forwarding, "forwards: holding");
  return router;
}

function setHold(router: PlayedRouter, change: Partial<InterfaceSettings>): void {
  router.interface(2, { protocol: { ...DEFAULT_INTERFACE_SETTINGS, ...change } });
}

for (const [time, rest] of [
  [5, 4.5],
  [1, 0.5],
  [0.3, 0],
] as const) {
  test(`§16 HoldForwardingTime: a hold of 2 s that lasts for 0.5 s, and becomes one of ${time} s`, () => {
    const router = holding();
    router.run(500);
    setHold(router, { holdForwardingTime: seconds(time) });
    assert.equal(secondsUntil(router, "1 ->"), rest);
  });
}

test("§16 HoldForwardingState: switched off, a hold ends at once, and does not begin again", () => {
  const router = holding();
  router.run(500);
  setHold(router, { holdForwarding: false });
  assert.equal(router.why(2).forwarding, "does not: assert loser");
  assert.equal(router.entry(), "1 ->");
  assert.deepEqual(router.said().slice(-1), ["1 NoInterest 10.0.1.1"]);
  setHold(router, { holdForwarding: true });
  assert.equal(router.entry(), "1 ->");
});

/** Routers that forward from 1 to 2 what nobody there has asked for, since the instant 0. */
const FLOODS: Readonly<Record<string, () => PlayedRouter>> = {
  "a flood entry": () => {
    const router = new PlayedRouter();
    router.interface(1);
    router.interface(2);
    router.route(20, 1, "10.0.1.1");
    router.listener(2);
    router.missing(1);
    assert.equal(router.tree()?.entry?.kind, "flood");
    return router;
  },
  "unknown interest": () => {
    const router = new PlayedRouter();
    router.interface(1);
    router.interface(2);
    router.route(20, 1, "10.0.1.1");
    router.neighbor(2, 1);
    router.neighbor(1, 1, "11/10");
    assert.equal(router.why(2).downstream, "DI: neighbor counts as interested");
    return router;
  },
};

for (const [what, flooding] of Object.entries(FLOODS)) {
  for (const [time, rest] of [
    [20, 15],
    [10, 5],
    [3, 0],
  ] as const) {
    test(`§16 InitialFloodTime: ${what} of 15 s that lasts for 5 s, and becomes one of ${time} s`, () => {
      const router = flooding();
      assert.equal(router.entry(), "1 -> 2");
      router.run(5000);
      router.settings({ initialFloodTime: seconds(time) });
      assert.equal(secondsUntil(router, "1 ->"), rest);
    });
  }

  test(`§16 FloodInitialData: ${what} ends when it is switched off, and goes on if it is on again in time`, () => {
    const router = flooding();
    router.run(5000);
    router.settings({ floodInitialData: false });
    assert.equal(router.entry(), "1 ->");
    assert.notEqual(router.tree()?.entry?.kind, "flood");
    router.run(5000);
    assert.equal(router.entry(), "1 ->");
    router.settings({ floodInitialData: true });
    assert.equal(secondsUntil(router, "1 ->"), 5);
    router.settings({ floodInitialData: false });
    router.settings({ floodInitialData: true });
    assert.equal(router.entry(), "1 ->");
  });
}

test("§16 FloodInitialData: a blocking entry made while it was off floods for the rest once it is on", () => {
  const router = new PlayedRouter({ floodInitialData: false });
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.missing(1);
  assert.equal(router.tree()?.entry?.kind, "blocking");
  router.run(5000);
  router.settings({ floodInitialData: true });
  assert.equal(router.tree()?.entry?.kind, "flood");
  assert.equal(secondsUntil(router, "1 ->"), 10);
});

for (const [time, rest] of [
  [20, 15],
  [10, 5],
  [3, 0],
] as const) {
  test(`§16 InitialFloodTime, §9.4: a cut of 15 s that lasts for 5 s, and becomes one of ${time} s`, () => {
    const router = new PlayedRouter();
    router.interface(1);
    router.interface(2);
    router.route(20, 1, "10.0.1.1");
    router.listener(2);
    router.neighbor(1, 1, "11/20");
    router.wrong(2);
    assert.equal(router.why(2).forwarding, "does not: data arrive here");
    router.run(5000);
    router.settings({ initialFloodTime: seconds(time) });
    assert.equal(secondsUntil(router, "1 -> 2"), rest);
  });
}

/** An originator with the source on interface 9, which has sent at the instant 0, and a listener on 2. */
function sending(): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(2);
  router.interface(9, ON_SOURCE_LINK);
  router.route(0, 9, null, 2);
  router.listener(2);
  router.missing(9);
  return router;
}

for (const [time, rest] of [
  [300, 290],
  [50, 40],
  [5, 0],
] as const) {
  test(`§16 SourceActiveTime: 210 s that run for 10 s and become ${time} s`, () => {
    const router = sending();
    router.run(10_000);
    router.settings({ sourceActiveTime: seconds(time) });
    if (rest > 0) assert.equal(router.tree()?.sourceActiveDue, time * 1000);
    assert.equal(secondsUntil(router, "none"), rest);
  });
}

test("§16 SourceActiveTime: lowered, it ends no tree whose source has sent since the last reading", () => {
  const router = sending();
  router.run(15_000);
  router.count(1);
  router.settings({ sourceActiveTime: seconds(5) });
  router.run(0);
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(router.tree()?.sourceActiveDue, 20_000);
});

for (const [time, readings] of [
  [300, [30, 60]],
  [150, [15, 30, 45, 60]],
  [80, [10, 18, 26, 34, 42, 50, 58]],
] as const) {
  test(`§16 SourceActiveTime: counters are read every tenth of it, of ${time} s from 10 s on`, () => {
    const router = sending();
    router.run(10_000);
    router.asked.splice(0);
    router.settings({ sourceActiveTime: seconds(time) });
    router.run(50_000);
    assert.deepEqual(
      router.asked.map(({ at }) => at / 1000),
      readings,
    );
  });
}

test("§16 SourceActiveTime: raised at the instant at which it ends, the tree goes on", () => {
  const router = sending();
  router.run(209_999);
  const settings = { ...DEFAULT_ROUTER_SETTINGS, sourceActiveTime: seconds(300) };
  const actions = router.router.handle({ kind: "time" }, millis(210_000));
  assert.ok(actions.some(({ kind }) => kind === "readCounters"));
  router.router.handle({ kind: "settings", settings }, millis(210_000));
  router.run(1);
  router.handle({ kind: "counters", readings: [] });
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(secondsUntil(router, "none"), 90);
});

test("§16 SourceActiveTime: without a source there is nothing to be read", () => {
  const router = new PlayedRouter();
  router.settings({ sourceActiveTime: seconds(5) });
  assert.equal(router.router.nextDeadline(), undefined);
});

test("§16 preferences: other RPCs count at once, and are announced", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1, "11/30");
  router.said();
  router.settings({ preferences: new Map([[11, 110]]) });
  assert.deepEqual(router.said(), ["2 IamUpstream 110/20"]);
  assert.equal(router.why(2).assert, "AL: neighbor offers lower cost");
});

const set = (bench: Bench, change: Partial<RouterSettings>): void =>
  void bench.handle({ kind: "settings", settings: { ...DEFAULT_ROUTER_SETTINGS, ...change } });

for (const limit of ["treeLimit", "treesPerNeighborLimit"] as const) {
  test(`§16 ${limit}: raised, all that was refused is asked for at once; lowered, what is stored stays`, () => {
    const other = limit === "treeLimit" ? "treesPerNeighborLimit" : "treeLimit";
    const bench = originator({}, { [limit]: 1, [other]: 5 });
    const [one, two, three] = [2, 3, 4].map((n) => new Peer(bench, 2, `10.2.0.${n}`).meet());
    assert.ok(one !== undefined && two !== undefined && three !== undefined);
    one.upstream(NEAR, otherTree(1));
    one.upstream(NEAR, otherTree(2));
    if (limit === "treesPerNeighborLimit") two.upstream(NEAR, otherTree(1));
    two.upstream(NEAR, otherTree(3));
    const states = (): readonly string[] => [one, two, three].map(({ state }) => state);
    bench.run(1000);
    set(bench, { [limit]: 1, [other]: 9 });
    assert.deepEqual(states(), ["SYNCED", "SYNCED", "SYNCED"], "there is no room yet");
    set(bench, { [limit]: 3, [other]: 9 });
    assert.deepEqual(states(), ["SLAVE", "SLAVE", "SYNCED"]);
    const entry = (n: number) => ({ ...otherTree(n), rpc: NEAR });
    one.follow([entry(1), entry(2)]);
    two.follow([entry(3)]);
    set(bench, { [limit]: 1 });
    assert.deepEqual(states(), ["SYNCED", "SYNCED", "SYNCED"]);
    assert.equal(bench.router.view(bench.now).trees.length, 3);
    three.upstream(NEAR, otherTree(4));
    three.upstream(NEAR, otherTree(5));
    assert.equal(bench.dropped(2, "too many trees") > 0, limit === "treeLimit");
    assert.equal(bench.tree(otherTree(5)), undefined);
  });
}

test("§16 treeLimit: where no limit is raised, who was refused waits for the review, though there is room", () => {
  const bench = originator({}, { treeLimit: 1 });
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  peer.upstream(NEAR, otherTree(1));
  peer.upstream(NEAR, otherTree(2));
  peer.noLongerUpstream(otherTree(1));
  set(bench, { treeLimit: 1 });
  set(bench, { treeLimit: 1, sourceActiveTime: seconds(5) });
  assert.equal(peer.state, "SYNCED");
});

test("§16 dataEntryLimit: lowered, entries stay and no more are made; raised, data get one by their next report", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.route(20, 1, "10.0.1.1");
  const trees = [1, 2, 3].map((n) => ({ ...TREE, group: otherTree(n).group }));
  const [one, two, three] = trees;
  router.missing(1, one);
  router.missing(1, two);
  router.settings({ dataEntryLimit: 1 });
  router.missing(1, three);
  assert.deepEqual(
    trees.map((tree) => router.entry(tree)),
    ["1 ->", "1 ->", "none"],
  );
  router.settings({ dataEntryLimit: 3 });
  router.missing(1, three);
  assert.equal(router.entry(three), "1 ->");
});

test("§16: settings of the router equal to before change nothing, in the middle of everything", () => {
  const preferences = new Map([[11, 11]]);
  const router = new PlayedRouter({ preferences });
  router.interface(1);
  router.interface(2);
  router.interface(9, ON_SOURCE_LINK);
  router.route(0, 9, null, 2);
  router.missing(9);
  router.missing(2, { ...TREE, group: otherTree(1).group });
  router.neighbor(2, 1).interest();
  router.run(1234);
  const before = router.router.save(router.now);
  const settings = { ...DEFAULT_ROUTER_SETTINGS, preferences: new Map(preferences) };
  assert.deepEqual(router.router.handle({ kind: "settings", settings }, router.now), []);
  assert.deepEqual(router.router.save(router.now), before);
});
