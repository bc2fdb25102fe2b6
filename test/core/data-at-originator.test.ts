// Data without a tree (§13) at an originator, and the entries of §13 as values.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex, millis } from "../../src/base/units.ts";
import { isIdle, standInEntry, standInFor } from "../../src/core/data-without-tree.ts";
import { type NeighborTree, UNHEARD } from "../../src/core/neighbor-tree.ts";
import type { Rpf } from "../../src/core/rpf.ts";
import { DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";
import { NO_MEMORY, type TreeInterface } from "../../src/core/settled.ts";
import { addressOn } from "../support/core-network.ts";
import { PlayedRouter } from "../support/played-router.ts";
import { ON_SOURCE_LINK, rpc } from "../support/played-tree.ts";

/** An originator with the source on interface 9, and listeners on 2 and 3. */
function originator(): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(2);
  router.interface(3);
  router.interface(9, ON_SOURCE_LINK);
  router.route(0, 9, null, 2);
  router.listener(2);
  router.listener(3);
  return router;
}

test("§13 originator: data on the root start the timer, and the tree becomes ACTIVE", () => {
  const router = originator();
  router.missing(9);
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(router.entry(), "9 -> 2 3");
  assert.deepEqual(router.said(), ["2 IamUpstream 2/0", "3 IamUpstream 2/0"]);
});

test("§13 originator: data elsewhere are blocked, by an entry whose iif is the interface of arrival", () => {
  const router = originator();
  router.missing(2);
  assert.equal(router.entry(), "2 ->");
  assert.equal(router.tree()?.entry?.kind, "blocking");
  assert.equal(router.state(), "INACTIVE: source is silent");
  router.run(10_000);
  assert.equal(router.entry(), "2 ->");
});

test("§13 originator: on another interface of the source's link as well", () => {
  const router = originator();
  router.interface(8, { addresses: [addressOn("10.9.9.8/24")] });
  router.missing(8);
  assert.equal(router.entry(), "8 ->");
  assert.equal(router.state(), "INACTIVE: source is silent");
});

test("§13 originator: a wrong-interface report on the root counts as data of the source", () => {
  const router = originator();
  router.missing(2);
  router.run(1000);
  router.wrong(9);
  assert.equal(router.state(), "ACTIVE: source sends");
  assert.equal(router.tree()?.sourceActiveDue, 211_000);
  assert.equal(router.entry(), "9 -> 2 3");
  assert.equal(router.tree()?.entry?.kind, "tree");
});

test("§13 originator: a report on another interface does not", () => {
  const router = originator();
  router.missing(2);
  router.wrong(3);
  assert.equal(router.state(), "INACTIVE: source is silent");
  assert.equal(router.entry(), "2 ->");
});

test("§13 originator: what is counted as arriving on a wrong interface may have come by any", () => {
  const router = originator();
  router.missing(2);
  router.count(2, 1);
  router.run(3000);
  assert.equal(router.state(), "INACTIVE: source is silent");
});

test("§13 originator: also while UNSURE", () => {
  const router = originator();
  router.neighbor(3, 1, "11/10");
  router.missing(2);
  assert.equal(router.state(), "UNSURE: source is silent");
  assert.equal(router.entry(), "2 ->");
  router.wrong(9);
  assert.equal(router.state(), "ACTIVE: source sends");
});

test("§13: elsewhere the wrong-interface counter of a blocking entry starts nothing", () => {
  const router = originator();
  router.route(20, 3, "10.0.3.1");
  router.missing(2);
  assert.equal(router.entry(), "3 ->");
  router.count(2, 2);
  router.run(10_000);
  assert.equal(router.state(), "INACTIVE: no upstream neighbor");
  assert.equal(router.tree()?.sourceActiveDue, null);
});

test("§13: an originator without a root starts nothing by a counter either", () => {
  const router = originator();
  router.interface(9, { ...ON_SOURCE_LINK, protocol: null, membership: false });
  router.missing(2);
  assert.equal(router.entry(), "2 ->");
  router.count(2, 2);
  router.run(10_000);
  assert.equal(router.tree()?.sourceActiveDue, null);
});

test("§13 originator: whose root moves to the iif of a blocking entry has it no more", () => {
  const router = originator();
  router.interface(8, { addresses: [addressOn("10.9.9.8/24")] });
  router.missing(8);
  assert.equal(router.entry(), "8 ->");
  router.route(0, 8, null, 2);
  assert.equal(router.entry(), "none");
});

test("§13 originator: a blocking entry goes when the router ceases to be one", () => {
  const router = originator();
  router.missing(2);
  router.route(20, 9, "10.9.9.1");
  assert.equal(router.tree(), undefined);
  assert.equal(router.entry(), "none");
});

test("§13 originator: when the source falls silent the entry goes, and data elsewhere are blocked", () => {
  const router = originator();
  router.missing(9);
  router.run(210_000);
  assert.equal(router.entry(), "none");
  router.missing(3);
  assert.equal(router.entry(), "3 ->");
});

const index = interfaceIndex;
const rpf = (given: Partial<Rpf>): Rpf => ({
  rpc: rpc("11/20"),
  root: index(1),
  originator: false,
  denied: false,
  onLink: [],
  ...given,
});

function treeInterface(n: number, known: readonly NeighborTree[], listener = false): TreeInterface {
  return {
    index: index(n),
    address: ip(`10.0.${n}.5`),
    allowed: true,
    neighbors: known.map((tree, i) => ({ address: ip(`10.0.${n}.${i + 10}`), known: tree })),
    listener,
    syncedAt: millis(0),
    holdForwardingTime: millis(0),
    ackFailureTime: millis(0),
    memory: NO_MEMORY,
  };
}

test("§13 flood: outputs are interested or undetermined neighbors and listeners, not UPSTREAM ones", () => {
  const upstream = { ...UNHEARD, upstream: rpc("11/30") };
  const interested = { ...UNHEARD, interest: "interested" } as const;
  const notInterested = { ...UNHEARD, interest: "not interested" } as const;
  const interfaces = [
    treeInterface(1, [UNHEARD], true),
    treeInterface(2, [UNHEARD]),
    treeInterface(3, [interested]),
    treeInterface(4, [notInterested]),
    treeInterface(5, [upstream]),
    treeInterface(6, [], true),
    treeInterface(7, []),
    treeInterface(8, [UNHEARD], true),
    treeInterface(10, [upstream, notInterested, UNHEARD]),
  ];
  const way = rpf({ onLink: [index(8)] });
  const flood = standInFor(way, index(1), millis(0));
  const outgoingAt = (now: number): readonly number[] => {
    const inputs = { interfaces, settings: DEFAULT_ROUTER_SETTINGS, now: millis(now) };
    return standInEntry(flood, way, inputs).outgoing;
  };
  assert.equal(flood.incoming, 1);
  assert.deepEqual(outgoingAt(14_999), [2, 3, 6, 10]);
  assert.deepEqual(outgoingAt(15_000), []);
});

test("§13: an entry is idle 60 s after the last packet, not before", () => {
  const entry = standInFor(rpf({}), index(1), millis(500));
  assert.equal(isIdle(entry, millis(60_499)), false);
  assert.equal(isIdle(entry, millis(60_500)), true);
});
