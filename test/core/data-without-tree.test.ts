// Data without a tree (§13): flood and blocking entries of a router that is no originator.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex, millis } from "../../src/base/units.ts";
import type { RouterSettings } from "../../src/core/settings.ts";
import { addressOn, prefix } from "../support/core-network.ts";
import { PlayedRouter, routeBy } from "../support/played-router.ts";
import { TREE } from "../support/played-tree.ts";

/** A router 11/20 from the source over interface 1, with 2 and 3; a neighbor on 2, a listener on 3. */
function nonOriginator(settings: Partial<RouterSettings> = {}): PlayedRouter {
  const router = new PlayedRouter(settings);
  router.interface(1);
  router.interface(2);
  router.interface(3);
  router.route(20, 1, "10.0.1.1");
  router.neighbor(2, 1);
  router.listener(3);
  return router;
}

const kind = (router: PlayedRouter): string | undefined => router.tree()?.entry?.kind;

test("§13: data on the root flood to undetermined neighbors and listeners for InitialFloodTime", () => {
  const router = nonOriginator();
  router.run(100_000);
  router.missing(1);
  assert.equal(router.entry(), "1 -> 2 3");
  assert.equal(kind(router), "flood");
  assert.equal(router.state(), "INACTIVE: no upstream neighbor");
  assert.equal(router.tree()?.interested, false);
  assert.deepEqual(router.said(), []);
  router.run(14_999);
  assert.equal(router.entry(), "1 -> 2 3");
  router.run(1);
  assert.equal(router.entry(), "1 ->");
  assert.equal(kind(router), "blocking");
});

test("§13: InitialFloodTime is a setting", () => {
  const router = nonOriginator({ initialFloodTime: millis(700) });
  router.missing(1);
  router.run(699);
  assert.equal(router.entry(), "1 -> 2 3");
  router.run(1);
  assert.equal(router.entry(), "1 ->");
});

test("§13: an interface without neighbor and listener is no output, nor is one of the source's link", () => {
  const router = nonOriginator();
  router.interface(4);
  router.interface(5, { addresses: [addressOn("10.9.9.5/24")] });
  router.listener(5);
  router.interface(6, { protocol: null });
  router.listener(6);
  router.missing(1);
  assert.equal(router.entry(), "1 -> 2 3 6");
});

test("§13: outputs follow neighbors and listeners while it floods", () => {
  const router = nonOriginator();
  router.missing(1);
  router.listener(3, false);
  assert.equal(router.entry(), "1 -> 2");
  router.neighbor(3, 1);
  assert.equal(router.entry(), "1 -> 2 3");
  router.run(15_000);
  router.listener(3);
  assert.equal(router.entry(), "1 ->");
});

test("§13: a flood entry does not begin anew", () => {
  const router = nonOriginator();
  router.missing(1);
  router.run(10_000);
  router.missing(1);
  router.run(5_000);
  assert.equal(router.entry(), "1 ->");
});

test("§13: data for which an entry stands already, by the core's account, have it installed again", () => {
  const router = nonOriginator();
  router.missing(1);
  const actions = router.router.handle(
    { kind: "missingEntry", interface: interfaceIndex(1), ...TREE },
    router.now,
  );
  assert.deepEqual(actions, [{ kind: "entry", ...TREE, entry: { incoming: 1, outgoing: [2, 3] } }]);
});

test("§13: one entry action for new data, none for refused ones", () => {
  const router = nonOriginator({ dataEntryLimit: 1 });
  const entries = (group: string): unknown[] => {
    const tree = { ...TREE, group: ip(group) };
    const event = { kind: "missingEntry", interface: interfaceIndex(1), ...tree } as const;
    const actions = router.router.handle(event, router.now);
    return actions.flatMap((action) => (action.kind === "entry" ? [action.entry] : []));
  };
  assert.deepEqual(entries("224.12.13.1"), [{ incoming: 1, outgoing: [2] }]);
  assert.deepEqual(entries("224.12.13.2"), []);
});

test("§13: new entries do not put off the end of idle ones", () => {
  const router = nonOriginator();
  router.missing(1);
  for (let i = 1; i <= 33; i++) {
    router.run(2000);
    router.missing(1, { ...TREE, group: ip(`224.12.13.${i}`) });
  }
  assert.equal(router.entry(), "none");
});

test("§13: an output on which data are seen to arrive is removed for good", () => {
  const router = nonOriginator();
  router.missing(1);
  router.wrong(2);
  assert.equal(router.entry(), "1 -> 3");
  router.neighbor(2, 2);
  router.listener(2);
  assert.equal(router.entry(), "1 -> 3");
  router.wrong(2);
  router.wrong(3);
  assert.equal(router.entry(), "1 ->");
});

test("§13: with FloodInitialData off data on the root are blocked", () => {
  const router = nonOriginator({ floodInitialData: false });
  router.missing(1);
  assert.equal(router.entry(), "1 ->");
  assert.equal(kind(router), "blocking");
});

test("§13: data on another interface than the root are blocked, by an entry from the root", () => {
  const router = nonOriginator();
  router.missing(2);
  assert.equal(router.entry(), "1 ->");
  assert.equal(kind(router), "blocking");
});

test("§13: without a root, a blocking entry whose iif is the interface of arrival", () => {
  const router = nonOriginator();
  router.route(20);
  router.missing(2);
  assert.equal(router.entry(), "2 ->");
  assert.equal(kind(router), "blocking");
  assert.deepEqual(router.drops, ["2 data no way back to the source"]);
});

test("§13: without a root but UNSURE, the same", () => {
  const router = nonOriginator();
  router.route(20);
  router.neighbor(1, 1, "11/10");
  assert.equal(router.state(), "UNSURE: no route");
  router.missing(1);
  assert.equal(router.entry(), "1 ->");
  router.run(15_000);
  assert.equal(router.entry(), "1 ->");
});

for (const floodInitialData of [true, false]) {
  const what = floodInitialData ? "flood" : "blocking";
  test(`§13: the tree's own entry replaces a ${what} entry as soon as there is one`, () => {
    const router = nonOriginator({ floodInitialData });
    router.missing(1);
    const upstream = router.neighbor(1, 1, "11/10");
    assert.equal(kind(router), "tree");
    assert.equal(router.entry(), floodInitialData ? "1 -> 2 3" : "1 -> 3");
    upstream.noLongerUpstream();
    assert.equal(router.entry(), "none", "it does not come back");
  });
}

test("§13: an UNSURE tree's own entry replaces it as well", () => {
  const router = nonOriginator({ floodInitialData: false });
  router.missing(1);
  router.neighbor(2, 2, "11/10");
  assert.equal(kind(router), "tree");
  assert.equal(router.entry(), "1 ->");
});

test("§13: it goes when a root appears", () => {
  const router = nonOriginator();
  router.route(20);
  router.missing(2);
  router.route(20, 1, "10.0.1.1");
  assert.equal(router.entry(), "none");
  router.missing(1);
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§13: it goes when the root moves", () => {
  const router = nonOriginator();
  router.missing(1);
  router.route(20, 2, "10.0.2.1");
  assert.equal(router.entry(), "none");
});

test("§13: it goes when there is no root any more", () => {
  const router = nonOriginator();
  router.missing(1);
  router.route(20);
  assert.equal(router.entry(), "none");
});

test("§13: it stays when the root does, at another cost or through another gateway", () => {
  const router = nonOriginator();
  router.missing(1);
  router.route(33, 1, "10.0.1.2");
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§13: it goes when the router becomes an originator", () => {
  const router = nonOriginator();
  router.interface(1, { addresses: [addressOn("10.0.1.5/24"), addressOn("10.9.9.5/24")] });
  router.missing(1);
  assert.equal(router.entry(), "1 -> 2 3");
  router.route(0, 1, null, 2);
  assert.equal(router.tree(), undefined);
  assert.equal(router.entry(), "none");
  router.missing(1);
  assert.equal(router.state(), "ACTIVE: source sends");
});

test("§13: it goes when no packet has arrived on its iif for 60 s", () => {
  const router = nonOriginator();
  router.missing(1);
  router.run(30_000);
  router.count(1);
  router.run(60_000);
  assert.equal(router.entry(), "1 ->");
  router.run(6_000);
  assert.equal(router.entry(), "none");
  assert.equal(router.tree(), undefined);
});

test("§13: packets on other interfaces do not keep it", () => {
  const router = nonOriginator();
  router.missing(1);
  for (let i = 0; i < 6; i++) {
    router.run(11_000);
    if (router.entry() !== "none") router.count(4, 4);
  }
  assert.equal(router.entry(), "none");
});

test("§13: not before 60 s, and its counters are not asked for when it has gone", () => {
  const router = nonOriginator();
  router.missing(1);
  router.run(59_999);
  assert.equal(router.entry(), "1 ->");
  router.run(3_001);
  assert.equal(router.entry(), "none");
  router.asked.splice(0);
  router.run(60_000);
  assert.equal(router.asked.length, 0);
});

test("§13: the number of flood and blocking entries is bounded, and there is room again when some have gone", () => {
  const router = nonOriginator({ dataEntryLimit: 2 });
  const other = (n: number): typeof TREE => ({ ...TREE, group: ip(`224.12.13.${n}`) });
  for (let n = 1; n <= 4; n++) router.missing(1, other(n));
  assert.equal(router.entryCount, 2);
  assert.equal(router.tree(other(3)), undefined, "nothing is kept of what is refused");
  const refused = "too many flood and blocking entries";
  assert.deepEqual(router.drops, [`1 data ${refused}`, `1 data ${refused}`]);
  router.run(66_000);
  assert.equal(router.entryCount, 0);
  router.missing(1, other(3));
  assert.equal(router.entry(other(3)), "1 -> 2");
});

test("§13: an entry that the tree's own replaced makes room", () => {
  const router = nonOriginator({ dataEntryLimit: 1 });
  router.missing(1);
  router.neighbor(1, 1, "11/10");
  const other = { ...TREE, group: ip("224.12.13.1") };
  router.missing(1, other);
  assert.equal(router.entry(other), "1 -> 2");
});

test("§13, P7: data of one tree too many leave nothing", () => {
  const router = nonOriginator({ treeLimit: 1 });
  router.missing(1);
  const other = { ...TREE, group: ip("224.12.13.1") };
  router.missing(1, other);
  assert.equal(router.tree(other), undefined);
  assert.equal(router.entryCount, 1);
  assert.deepEqual(router.drops, ["1 data too many trees"]);
});

test("§13: a report about a tree of which nothing is known changes nothing", () => {
  const router = nonOriginator();
  router.wrong(2);
  assert.equal(router.tree(), undefined);
});

test("§13, §2.3: data of an excluded (S,G) are blocked where they arrive, and are nobody's source", () => {
  const router = nonOriginator();
  const linkLocal = { source: ip("169.254.0.9"), group: TREE.group };
  router.interface(4, { addresses: [addressOn("169.254.0.5/16")] });
  router.handle({
    kind: "routes",
    changes: [{ prefix: prefix("169.254.0.0/16"), routes: [routeBy(0, 4, null, 2)] }],
  });
  router.missing(4, linkLocal);
  assert.deepEqual(router.drops, ["4 data excluded tree"]);
  assert.equal(router.entry(linkLocal), "4 ->");
  assert.equal(router.tree(linkLocal)?.verdict.state, "INACTIVE");
  router.wrong(4, linkLocal);
  assert.equal(router.tree(linkLocal)?.verdict.state, "INACTIVE");
});
