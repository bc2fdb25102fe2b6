// SourceActiveTimer (§9.1): what starts it, what the kernel's counters do to it, and what ends it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex, millis, seconds } from "../../src/base/units.ts";
import { addressOn } from "../support/core-network.ts";
import { PlayedRouter } from "../support/played-router.ts";
import { ON_SOURCE_LINK, TREE } from "../support/played-tree.ts";

const OTHER_TREE = { source: TREE.source, group: ip("224.12.12.13") };

/** An originator with the source on interface 9, and a listener on 2. */
function originator(): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(2);
  router.interface(9, ON_SOURCE_LINK);
  router.route(0, 9, null, 2);
  router.listener(2);
  return router;
}

const due = (router: PlayedRouter): number | null | undefined => router.tree()?.sourceActiveDue;

test("§9.1 SourceActiveTimer: starts with a packet that arrives on the root", () => {
  const router = originator();
  router.run(500);
  router.missing(9);
  assert.equal(due(router), 210_500);
  router.run(100);
  router.missing(9);
  assert.equal(due(router), 210_600, "every packet that is reported restarts it");
});

test("§9.1 SourceActiveTimer: a packet on another interface does not start it", () => {
  const router = originator();
  router.missing(2);
  assert.equal(due(router), null);
  assert.equal(router.state(), "INACTIVE: source is silent");
});

test("§9.1 SourceActiveTimer: SourceActiveTime is a setting", () => {
  const router = originator();
  router.settings({ sourceActiveTime: seconds(5) });
  router.missing(9);
  router.run(4999);
  assert.equal(router.state(), "ACTIVE: source sends");
  router.run(1);
  assert.equal(router.tree(), undefined);
});

test("§9.1 counters: are read at least every tenth of SourceActiveTime while the timer runs", () => {
  const router = originator();
  router.run(7000);
  assert.equal(router.asked.length, 0);
  router.missing(9);
  router.run(100_000);
  const times = router.asked.map(({ at }) => at);
  assert.ok(times.length >= 4);
  assert.ok(times.every((at, i) => at - (times[i - 1] ?? 7000) <= 21_000));
  assert.ok(router.asked.every(({ trees }) => trees.some((tree) => tree.group === TREE.group)));
});

test("§9.1 counters: other trees that start do not put the readings off", () => {
  const router = originator();
  router.missing(9);
  for (let i = 1; i <= 10; i++) {
    router.run(15_000);
    router.missing(9, { ...TREE, group: ip(`224.12.13.${i}`) });
  }
  const times = router.asked.map(({ at }) => at);
  assert.ok(times.length >= 7);
  assert.ok(times.every((at, i) => at - (times[i - 1] ?? 0) <= 21_000));
});

test("§9.1 counters: when no source sends, nothing is waited for", () => {
  const router = new PlayedRouter();
  router.interface(2, { protocol: null });
  router.interface(9, { ...ON_SOURCE_LINK, protocol: null });
  router.route(0, 9, null, 2);
  router.missing(9);
  router.missing(2, OTHER_TREE);
  router.run(300_000);
  assert.equal(router.router.nextDeadline(), undefined);
});

test("§9.1 counters: an increase restarts the timer at the reading", () => {
  const router = originator();
  router.missing(9);
  router.run(30_000);
  router.count(1);
  router.run(11_999);
  assert.equal(due(router), 210_000);
  router.run(1);
  assert.equal(due(router), 252_000);
  router.run(100_000);
  assert.equal(due(router), 252_000, "the same number once more is no increase");
});

test("§9.1 counters: packets that arrived on a wrong interface do not count", () => {
  const router = originator();
  router.missing(9);
  router.count(5, 5);
  router.run(21_000);
  assert.equal(due(router), 210_000);
  router.count(5, 4);
  router.run(21_000);
  assert.equal(due(router), 252_000);
});

test("§9.1 counters: are read once more before an expiry is acted on", () => {
  const router = originator();
  router.missing(9);
  router.run(10_000);
  router.missing(9, OTHER_TREE);
  router.run(205_000);
  assert.equal(router.tree(), undefined);
  router.count(1, 0, OTHER_TREE);
  router.run(4_999);
  assert.equal(router.tree(OTHER_TREE)?.sourceActiveDue, 220_000);
  router.run(1);
  assert.equal(router.tree(OTHER_TREE)?.verdict.state, "ACTIVE");
  assert.equal(router.tree(OTHER_TREE)?.sourceActiveDue, 430_000);
  assert.ok(router.entry(OTHER_TREE) !== "none", "it never went");
  router.run(209_999);
  assert.equal(router.tree(OTHER_TREE)?.verdict.state, "ACTIVE");
  router.run(1);
  assert.equal(router.tree(OTHER_TREE), undefined);
});

test("§9.1 counters: no expiry is acted on before the last reading is there", () => {
  const router = originator();
  router.missing(9);
  router.run(209_999);
  const actions = router.router.handle({ kind: "time" }, millis(210_000));
  assert.ok(actions.some(({ kind }) => kind === "readCounters"));
  assert.ok(!actions.some(({ kind }) => kind === "entry"));
  assert.equal(router.state(), "ACTIVE: source sends");
  router.router.handle({ kind: "counters", readings: [] }, millis(210_001));
  assert.equal(router.tree(), undefined);
});

test("§9.1 counters: a packet that is reported between expiry and reading keeps the tree", () => {
  const router = originator();
  router.missing(9);
  router.run(209_999);
  router.router.handle({ kind: "time" }, millis(210_000));
  router.router.handle(
    { kind: "missingEntry", interface: interfaceIndex(9), ...TREE },
    millis(210_001),
  );
  router.router.handle({ kind: "counters", readings: [] }, millis(210_002));
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(due(router), 420_001);
  router.run(1);
  router.run(210_000);
  assert.equal(router.state(), "ACTIVE: source sends");
  router.run(1);
  assert.equal(router.tree(), undefined);
});

test("§9.1 counters: of several trees whose timers end at once each is read before", () => {
  const router = originator();
  router.missing(9);
  router.missing(9, OTHER_TREE);
  router.run(209_999);
  router.count(1);
  router.count(1, 0, OTHER_TREE);
  router.settings({ sourceActiveTime: seconds(100) });
  router.run(1);
  assert.equal(due(router), 309_999);
  assert.equal(router.tree(OTHER_TREE)?.sourceActiveDue, 309_999);
});

test("§9.1 counters: the last reading is one of the tree itself", () => {
  const router = originator();
  router.missing(9);
  router.run(11_000);
  router.missing(9, OTHER_TREE);
  router.missing(2, { ...TREE, group: ip("224.12.12.14") });
  router.run(209_999);
  router.count(1, 0, OTHER_TREE);
  router.run(1);
  assert.equal(router.tree(OTHER_TREE)?.sourceActiveDue, 431_000);
});

test("§9.1 counters: a new kernel entry counts from 0", () => {
  const router = originator();
  router.missing(9);
  router.count(100);
  router.run(21_000);
  assert.equal(due(router), 231_000);
  router.interface(9, { ...ON_SOURCE_LINK, protocol: null, membership: false });
  assert.equal(router.state(), "INACTIVE: no root interface");
  assert.equal(router.entry(), "none");
  router.interface(9, ON_SOURCE_LINK);
  assert.equal(router.entry(), "9 -> 2");
  router.count(3);
  router.run(21_000);
  assert.equal(due(router), 252_000, "3 packets are more than none");
});

test("§9.1 counters: an entry whose outputs change goes on counting", () => {
  const router = originator();
  router.missing(9);
  router.count(100);
  router.run(21_000);
  assert.equal(due(router), 231_000);
  router.listener(2, false);
  assert.equal(router.entry(), "9 ->");
  router.run(21_000);
  assert.equal(due(router), 231_000);
});

test("§9.1 counters: a reading of another tree, or of an unknown one, changes nothing", () => {
  const router = originator();
  router.missing(9);
  router.handle({
    kind: "counters",
    readings: [{ ...OTHER_TREE, packets: 7, wrongInterface: 0 }],
  });
  assert.equal(router.tree(OTHER_TREE), undefined);
  assert.equal(due(router), 210_000);
});

test("§9.1 SourceActiveTimer: keeps running when the root moves within the source's subnets", () => {
  const router = originator();
  router.interface(8, { addresses: [addressOn("10.9.9.8/24")] });
  router.missing(9);
  router.run(1000);
  router.route(0, 8, null, 2);
  assert.equal(router.tree()?.root, 8);
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(due(router), 210_000);
  assert.equal(router.entry(), "8 -> 2");
});

/** A router 11/20 from the source over interface 1; it could become an originator on 9. */
function nonOriginator(upstream: string): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.interface(9, ON_SOURCE_LINK);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.neighbor(1, 1, upstream);
  return router;
}

test("§9.1 SourceActiveTimer: starts at once when an ACTIVE non-originator becomes originator", () => {
  const router = nonOriginator("11/10");
  router.run(1000);
  assert.equal(due(router), null);
  router.notices.splice(0);
  router.route(0, 9, null, 2);
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(due(router), 211_000);
  assert.deepEqual(
    router.notices.filter(({ kind }) => kind === "treeState"),
    [],
    "no dip",
  );
});

test("§9.1 SourceActiveTimer: an UNSURE non-originator that becomes originator waits for data", () => {
  const router = nonOriginator("11/20");
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
  router.route(0, 9, null, 2);
  assert.equal(router.state(), "UNSURE: source is silent");
  assert.equal(due(router), null);
  router.missing(9);
  assert.equal(router.state(), "ACTIVE: source sends");
});

test("§9.1 SourceActiveTimer: an originator that stays one does not restart it", () => {
  const router = nonOriginator("11/10");
  router.route(0, 9, null, 2);
  router.run(1000);
  router.route(5, 9, null, 2);
  assert.equal(due(router), 210_000);
});

test("§9.1 SourceActiveTimer: ends when the router ceases to be an originator", () => {
  const router = nonOriginator("11/20");
  router.route(0, 9, null, 2);
  router.missing(9);
  router.route(20, 1, "10.0.1.1");
  assert.equal(due(router), null);
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
  router.run(300_000);
  assert.equal(router.state(), "UNSURE: upstream neighbor on the root is not nearer");
  router.route(0, 9, null, 2);
  assert.equal(router.state(), "UNSURE: source is silent");
});

test("§9.1 SourceActiveTimer: its end is an event: IamNoLongerUpstream, and no entry", () => {
  const router = originator();
  router.neighbor(2, 1);
  router.missing(9);
  router.said();
  router.run(209_999);
  assert.deepEqual(router.said(), []);
  router.run(1);
  assert.deepEqual(router.said(), ["2 IamNoLongerUpstream"]);
  assert.equal(router.entry(), "none");
});

test("§9.1 SourceActiveTimer: an entry that the kernel lost and got again counts from 0", () => {
  const router = originator();
  router.missing(9);
  const read = (packets: number): void =>
    router.handle({ kind: "counters", readings: [{ ...TREE, packets, wrongInterface: 0 }] });
  router.run(1000);
  read(5000);
  assert.equal(due(router), 211_000);
  router.run(1000);
  read(40);
  assert.equal(due(router), 212_000);
  router.run(1000);
  read(40);
  assert.equal(due(router), 212_000);
});
