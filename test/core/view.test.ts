// What a router shows of its trees: every value of §9 and §10, as it is, with its reason.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex, millis } from "../../src/base/units.ts";
import { treeKey } from "../../src/core/tree-id.ts";
import type { TreeView } from "../../src/core/view.ts";
import { addressOn } from "../support/core-network.ts";
import type { PlayedNeighbor } from "../support/played-neighbor.ts";
import { PlayedRouter } from "../support/played-router.ts";
import { ON_SOURCE_LINK, rpc, TREE } from "../support/played-tree.ts";

const AT_ONCE = {
  role: millis(0),
  assert: millis(0),
  downstream: millis(0),
  forwarding: millis(0),
};

const OTHER_TREE = { ...TREE, group: ip("224.12.12.13") };

test("§9 view: a tree at a non-originator, whole", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.interface(3);
  router.route(20, 1, "10.0.1.1");
  const upstream = router.neighbor(1, 1, "11/10");
  const rival = router.neighbor(2, 1, "11/15");
  router.listener(3);
  const expected: TreeView = {
    ...TREE,
    verdict: {
      state: "ACTIVE",
      why: "upstream neighbor is nearer",
      offer: { neighbor: upstream.address, rpc: rpc("11/10") },
    },
    since: millis(0),
    rpc: rpc("11/20"),
    originator: false,
    root: upstream.index,
    sourceActiveDue: null,
    interested: true,
    entry: {
      kind: "tree",
      entry: { incoming: upstream.index, outgoing: [router.at(3).interface] },
    },
    interfaces: [
      {
        interface: upstream.index,
        role: "root",
        address: router.running(1).address,
        bun: { neighbor: upstream.address, rpc: rpc("11/10") },
        nonRoot: null,
        times: AT_ONCE,
        advertised: null,
        told: { neighbor: upstream.address, interested: true },
      },
      {
        interface: rival.index,
        role: "non-root",
        address: router.running(2).address,
        bun: { neighbor: rival.address, rpc: rpc("11/15") },
        nonRoot: {
          assert: {
            winner: false,
            why: "neighbor offers lower cost",
            rival: { neighbor: rival.address, rpc: rpc("11/15") },
          },
          downstream: { interested: false, why: "all upstream or not interested" },
          forwarding: { forwarding: false, why: "not interested" },
        },
        times: AT_ONCE,
        advertised: rpc("11/20"),
        told: null,
      },
      {
        interface: router.at(3).interface,
        role: "non-root",
        address: router.running(3).address,
        bun: null,
        nonRoot: {
          assert: { winner: true, why: "no upstream neighbor", rival: null },
          downstream: { interested: true, why: "listener" },
          forwarding: { forwarding: true, why: "assert winner" },
        },
        times: AT_ONCE,
        advertised: rpc("11/20"),
        told: null,
      },
    ],
  };
  assert.deepEqual(router.tree(), expected);
});

test("§9 view: an originator, its timer, and no cost where there is no route", () => {
  const router = new PlayedRouter();
  router.interface(2);
  router.interface(9, ON_SOURCE_LINK);
  router.route(0, 9, null, 2);
  router.missing(9);
  const view = router.tree();
  assert.deepEqual(view?.rpc, rpc("2/0"));
  assert.equal(view?.originator, true);
  assert.equal(view?.root, 9);
  assert.equal(view?.sourceActiveDue, 210_000);
  assert.equal(view?.interested, false);
  router.neighbor(2, 1, "11/10");
  router.route(0);
  assert.equal(router.tree()?.rpc, null);
  assert.equal(router.tree()?.root, null);
});

test("§9 view: an originator's root has been told NoInterest", () => {
  const router = new PlayedRouter();
  router.interface(3);
  router.interface(9, { addresses: [addressOn("10.0.9.5/24"), addressOn("10.9.9.5/24")] });
  router.route(0, 9, null, 2);
  router.listener(3);
  router.missing(9);
  const neighbor = router.neighbor(9, 1, "2/0");
  assert.deepEqual(router.at(9).told, { neighbor: neighbor.address, interested: false });
});

test("§9 view: trees in order of source, then group; none that is forgotten", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  const order = ["224.12.12.13", "224.12.12.12", "239.0.0.1", "224.12.12.2"];
  for (const group of order) router.missing(1, { ...TREE, group: ip(group) });
  const groups = router.router.view(router.now).trees.map(({ group }) => group);
  assert.deepEqual(
    groups,
    ["224.12.12.2", "224.12.12.12", "224.12.12.13", "239.0.0.1"].map((text) => ip(text)),
  );
});

test("§7.1 view: what SYNCED neighbors have said; silence counts as interest for a while, but not on the root", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  const upstream = router.neighbor(1, 1, "11/10");
  const silentOnRoot = router.neighbor(1, 2);
  const wants = router.neighbor(2, 1);
  const silent = router.neighbor(2, 2);
  wants.interest();
  const said = () => router.router.neighborTrees(treeKey(TREE), router.now);
  const of = (neighbor: PlayedNeighbor) => ({
    ...TREE,
    interface: neighbor.index,
    neighbor: neighbor.address,
    upstream: null,
    countsAsInterested: false,
  });
  const fixed = [
    { ...of(upstream), upstream: rpc("11/10"), interest: "not interested" },
    { ...of(silentOnRoot), interest: "unknown" },
    { ...of(wants), interest: "interested" },
  ];
  assert.deepEqual(said(), [
    ...fixed,
    { ...of(silent), interest: "unknown", countsAsInterested: true },
  ]);
  router.run(15_000);
  assert.deepEqual(said(), [...fixed, { ...of(silent), interest: "unknown" }]);
  assert.deepEqual(router.router.neighborTrees(treeKey(OTHER_TREE), router.now), []);
});

test("§9 view: trees, what they were settled to, and entries by their keys; none where nothing is known", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.neighbor(1, 1, "11/10");
  const key = treeKey(TREE);
  assert.deepEqual([...router.router.treeKeys()], [key]);
  assert.deepEqual(router.router.tree(key, router.now), router.tree());
  assert.deepEqual(router.router.entry(key), { incoming: 1, outgoing: [2] });
  assert.equal(router.router.tree(treeKey(OTHER_TREE), router.now), undefined);
  assert.equal(router.router.entry(treeKey(OTHER_TREE)), null);
  assert.equal(router.router.settled(key)?.entry, router.router.entry(key));
  assert.equal(router.router.settled(treeKey(OTHER_TREE)), undefined);
});

test("§9 view: an interface that only serves listeners has no address of HPIM-DM's", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2, { protocol: null });
  router.route(20, 1, "10.0.1.1");
  router.neighbor(1, 1, "11/10");
  assert.equal(router.at(2).address, null);
  assert.equal(router.at(1).address, router.running(1).address);
});

test("§6.1 view: how many trees a neighbor is UPSTREAM for, and since when it is SYNCED", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.run(500);
  const neighbor = router.neighbor(1, 1, "11/10");
  router.neighbor(1, 2).noInterest();
  const shown = () =>
    router.running(1).neighbors.map(({ state, syncedAt, upstreamTrees }) => ({
      ...{ state, syncedAt, upstreamTrees },
    }));
  const synced = { state: "SYNCED", syncedAt: 500 };
  const other = { ...synced, upstreamTrees: 0 };
  assert.deepEqual(shown(), [{ ...synced, upstreamTrees: 1 }, other]);
  router.run(100);
  neighbor.goodbye();
  neighbor.begin([]);
  assert.deepEqual(shown(), [{ state: "MASTER", syncedAt: null, upstreamTrees: 0 }, other]);
  router.run(100);
  neighbor.proceed();
  assert.deepEqual(shown(), [{ state: "SYNCED", syncedAt: 700, upstreamTrees: 0 }, other]);
});

test("§5.3 view: when a SYNCED neighbor was heard last, and nothing of one that is not", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.run(500);
  const neighbor = router.neighbor(1, 1);
  const heardAt = () => router.running(1).neighbors[0]?.heardAt;
  assert.equal(heardAt(), 500);
  router.run(100);
  neighbor.upstream("11/10");
  assert.equal(heardAt(), 600);
  neighbor.begin([]);
  assert.equal(heardAt(), null);
});

test("§15 view: LastSNs of all neighbors; none of what a snapshot said, or of a neighbor that begins anew", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.interface(3, { protocol: null });
  router.route(20, 1, "10.0.1.1");
  const bySnapshot = router.neighbor(1, 1, "11/10");
  const first = router.neighbor(2, 1);
  const second = router.neighbor(2, 2);
  first.interest();
  second.noInterest();
  const shown = [...router.router.lastSns()].map((view) => view?.neighbor);
  assert.deepEqual(shown, [undefined, first.address, second.address]);
  const [, one] = router.router.lastSns();
  assert.deepEqual(one, { ...TREE, interface: 2, neighbor: first.address, lastSn: one?.lastSn });
  bySnapshot.upstream("11/10");
  const views = router.router.lastSns()[Symbol.iterator]();
  assert.equal(views.next().value?.neighbor, bySnapshot.address);
  first.begin([]);
  const left = [...{ [Symbol.iterator]: () => views }].map((view) => view?.neighbor);
  assert.deepEqual(left, [second.address]);
});

test("§9 view: looking changes nothing", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1, "11/10");
  const first = router.tree();
  assert.deepEqual(router.tree(), first);
  router.run(500);
  assert.deepEqual(router.tree(), first);
});

test("§9 notices: a change of state and of forwarding is reported once, with before and after", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.notices.splice(0);
  const upstream = router.neighbor(1, 1);
  upstream.upstream("11/10");
  router.listener(2, false);
  upstream.upstream("11/30");
  upstream.noLongerUpstream();
  assert.deepEqual(
    router.notices.filter(({ kind }) => kind === "treeState" || kind === "forwarding"),
    [
      { kind: "treeState", ...TREE, from: "INACTIVE", to: "ACTIVE" },
      { kind: "forwarding", ...TREE, interface: 2, forwarding: true },
      { kind: "forwarding", ...TREE, interface: 2, forwarding: false },
      { kind: "treeState", ...TREE, from: "ACTIVE", to: "UNSURE" },
      { kind: "treeState", ...TREE, from: "UNSURE", to: "INACTIVE" },
    ],
  );
});

test("§9 notices: an interface that is not enabled any more does not forward", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.neighbor(1, 1, "11/10");
  router.notices.splice(0);
  router.interface(2, { up: false });
  assert.equal(router.entry(), "1 ->");
  assert.deepEqual(
    router.notices.filter(({ kind }) => kind === "forwarding"),
    [{ kind: "forwarding", ...TREE, interface: 2, forwarding: false }],
  );
});

test("§9.2 notices: an assert that turns is reported, one that is new or of no tree is not", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.neighbor(1, 1, "11/10");
  const rival = router.neighbor(2, 1);
  const asserts = () => router.notices.splice(0).filter(({ kind }) => kind === "assert");
  assert.deepEqual(asserts(), [], "nobody is there to lose to");
  rival.upstream("11/15");
  assert.deepEqual(asserts(), [{ kind: "assert", ...TREE, interface: 2, winner: false }]);
  rival.upstream("11/14");
  assert.deepEqual(asserts(), [], "it loses as before");
  rival.upstream("11/30");
  assert.deepEqual(asserts(), [{ kind: "assert", ...TREE, interface: 2, winner: true }]);
  rival.upstream("11/15");
  assert.equal(asserts().length, 1);
  router.route(20, 2, "10.0.2.1");
  assert.deepEqual(asserts(), [], "what becomes the root is in no election, nor what was it");
});

test("§9.2 notices: what a tree is or becomes INACTIVE with has not turned", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  const rival = router.neighbor(2, 1, "11/15");
  assert.equal(router.tree()?.verdict.state, "UNSURE");
  rival.noLongerUpstream();
  assert.equal(router.tree(), undefined);
  assert.deepEqual(
    router.notices.filter(({ kind }) => kind === "assert"),
    [],
  );
});

test("trees are counted by state; many of them with rests", () => {
  const router = new PlayedRouter({ dataEntryLimit: 10_000 });
  router.interface(1, ON_SOURCE_LINK);
  const counted = () => {
    const steps = router.router.treeCounts();
    for (let rests = 0; ; rests++) {
      const { done, value } = steps.next();
      if (done) return [rests, Object.fromEntries(value)];
    }
  };
  assert.deepEqual(counted(), [0, {}]);
  for (let n = 0; n < 1_500; n++) {
    const tree = { ...TREE, group: ip(`239.1.${n >> 8}.${n & 0xff}`) };
    const event = { kind: "missingEntry", interface: interfaceIndex(1), ...tree } as const;
    router.router.handle(event, router.now);
  }
  assert.deepEqual(counted(), [1, { INACTIVE: { trees: 1_500, entries: 1_500 } }]);
});
