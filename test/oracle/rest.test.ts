// The oracle on small networks whose end can be read off protocol.md by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { doAllHold } from "../../src/oracle/premises.ts";
import { brokenPromises } from "../../src/oracle/promises.ts";
import { restOf } from "../../src/oracle/rest.ts";
import { copiesOn, GROUP, linesOf, network, on, router, SOURCE, treeOf, via } from "./network.ts";

/** l0 - a - l1 - b - l2 - c - l3. */
const CHAIN = [
  router("a", [on(0, 1), on(1, 1)]),
  router("b", [on(1, 2), on(2, 2)], via(1, 1, 1)),
  router("c", [on(2, 3), on(3, 3)], via(2, 2, 2)),
];

test("§9: a chain with a listener at its end forwards all the way", () => {
  const description = network(CHAIN, [3]);
  const tree = treeOf(description);
  const middle = ["ACTIVE", "eth1 root", "eth2 AW DI forwarding", "own entry"];
  assert.deepEqual(linesOf(tree, "b"), middle);
  assert.deepEqual(linesOf(tree, "a"), [
    "ACTIVE",
    "eth0 root",
    "eth1 AW DI forwarding",
    "own entry",
  ]);
  assert.deepEqual(
    [0, 1, 2, 3].map((link) => copiesOn(tree, link)),
    ["1", "1", "1", "1"],
  );
  assert.deepEqual(brokenPromises(description, tree), []);
});

test("§9.5: without a listener nobody forwards, and the tree stays ACTIVE", () => {
  const tree = treeOf(network(CHAIN, []));
  assert.deepEqual(linesOf(tree, "b"), ["ACTIVE", "eth1 root", "eth2 AW NDI", "own entry"]);
  assert.equal(copiesOn(tree, 1), "0");
});

test("§9.1: a silent source leaves no tree", () => {
  const silent = [{ address: SOURCE, link: "l0", groups: [], ttl: 12 }];
  const tree = treeOf(network(CHAIN, [3], { sources: silent }));
  assert.deepEqual(linesOf(tree, "c"), ["INACTIVE", "eth2 root", "eth3 AW DI", "no entry"]);
  assert.equal(copiesOn(tree, 0), "0");
});

test("§9.2: of two originators the higher address forwards onto their link; what the loser is told is history", () => {
  const twins = [
    router("a", [on(0, 1), on(1, 1)]),
    router("b", [on(0, 2), on(1, 2)]),
    router("c", [on(1, 3), on(3, 3)], via(1, 1, 1)),
  ];
  const tree = treeOf(network(twins, [3]));
  assert.deepEqual(linesOf(tree, "a"), ["ACTIVE", "eth0 root", "eth1 AL ?DI", "own entry"]);
  assert.deepEqual(linesOf(tree, "b"), [
    "ACTIVE",
    "eth0 root",
    "eth1 AW DI forwarding",
    "own entry",
  ]);
  assert.equal(copiesOn(tree, 1), "1");
  assert.deepEqual(brokenPromises(network(twins, [3]), tree), []);
});

test("§9.1: equal metrics leave a router UNSURE, which serves its own listeners alone", () => {
  const flat = [CHAIN[0], CHAIN[1], router("c", [on(2, 3), on(3, 3)], via(2, 2, 1))].flatMap(
    (at) => at ?? [],
  );
  const tree = treeOf(network(flat, [3]));
  assert.equal(tree.premises.doRpcsFall, false);
  const expected = ["UNSURE", "eth2 root", "eth3 AW DI forwarding", "own entry"];
  assert.deepEqual(linesOf(tree, "c"), expected);
  assert.equal(copiesOn(tree, 3), "1");
});

test("§9.4: two UNSURE routers that forward onto one link see each other's data: how often is open", () => {
  const flat = [
    router("a", [on(0, 1), on(1, 1)]),
    router("b", [on(1, 2), on(2, 2)], via(1, 1, 0)),
    router("c", [on(1, 3), on(2, 3)], via(1, 1, 0)),
  ].map((at) => ({ ...at, routes: at.routes.map((route) => ({ ...route, protocol: 2 })) }));
  const tree = treeOf(network(flat, [2]));
  const unsure = ["UNSURE", "eth1 root", "eth2 AW DI may forward", "own entry"];
  assert.deepEqual(linesOf(tree, "b"), unsure);
  assert.deepEqual(linesOf(tree, "c"), unsure);
  assert.equal(copiesOn(tree, 2), "0 to 2");
});

test("§17: two interfaces of one router on a link both forward to listeners there", () => {
  const second = on(1, 9, { name: "eth9" });
  const tree = treeOf(network([router("a", [on(0, 1), on(1, 1), second])], [1]));
  assert.equal(tree.premises.isPluggedOnce, false);
  assert.equal(copiesOn(tree, 1), "2");
});

test("§1, §9.4: a second interface on the source's link never forwards there", () => {
  const second = on(0, 9, { name: "eth9" });
  const tree = treeOf(network([router("a", [on(0, 1), second, on(1, 1)])], [0, 1]));
  assert.ok(doAllHold(tree.premises));
  assert.deepEqual(linesOf(tree, "a"), [
    "ACTIVE",
    "eth0 root",
    "eth9 AW DI",
    "eth1 AW DI forwarding",
    "own entry",
  ]);
  assert.equal(copiesOn(tree, 0), "1");
});

test("§13: data that reach a router without a tree meet a blocking entry", () => {
  const deaf = router("b", [on(1, 2, { hpim: false }), on(2, 2)], via(1, 1, 1));
  const tree = treeOf(network([router("a", [on(0, 1), on(1, 1)]), deaf], [1, 2]));
  assert.equal(tree.premises.isOnRoutes, false);
  assert.deepEqual(linesOf(tree, "b"), ["INACTIVE", "eth1 AW DI", "eth2 AW DI", "blocking"]);
});

test("§1: an originator's root may only serve listeners; others need HPIM-DM there", () => {
  const memberOnly = router("a", [on(0, 1, { hpim: false }), on(1, 1)]);
  const expected = ["ACTIVE", "eth0 root", "eth1 AW DI forwarding", "own entry"];
  assert.deepEqual(linesOf(treeOf(network([memberOnly], [1])), "a"), expected);
});

test("§1: of several next hops the highest gateway is taken, of routes the longest prefix, then the lowest metric", () => {
  const [first] = via(1, 1, 5).nextHops;
  const [second] = via(1, 2, 5).nextHops;
  const host = { ...via(2, 1, 9), destination: { address: SOURCE, length: 32 } };
  const both = { ...via(1, 1, 5), nextHops: [first, second].flatMap((hop) => hop ?? []) };
  const routers = [
    router("a", [on(0, 1), on(1, 1), on(2, 1)]),
    router("b", [on(0, 2), on(1, 2)]),
    router("c", [on(1, 3), on(3, 3)], both, via(1, 1, 7)),
    router("d", [on(1, 4), on(2, 4)], host, via(1, 1, 1)),
  ];
  const tree = treeOf(network(routers, []));
  assert.equal(tree.routers.find(({ name }) => name === "c")?.root, "eth1");
  assert.equal(tree.routers.find(({ name }) => name === "d")?.root, "eth2");
});

test("P5: a packet goes no further than its TTL, and a broken promise is told", () => {
  const description = network(CHAIN, [3], {
    sources: [{ address: SOURCE, link: "l0", groups: [GROUP], ttl: 3 }],
  });
  const tree = treeOf(description);
  assert.equal(copiesOn(tree, 2), "1");
  assert.equal(copiesOn(tree, 3), "0");
  assert.match(brokenPromises(description, tree).join(), /P5: 0 to 0 copies on l3, not 1/);
});

test("P1: neighbors hear each other; one that only hears is told apart", () => {
  const oneWay = [{ from: ip("10.0.1.1"), to: ip("10.0.1.2") }];
  const { neighbors, halfHeard } = restOf(network(CHAIN, [], { deaf: oneWay }), [GROUP]);
  const text = (list: typeof neighbors): readonly string[] =>
    list.map((pair) => `${pair.router}-${pair.neighbor.router}`);
  assert.deepEqual(text(neighbors), ["b-c", "c-b"]);
  assert.deepEqual(text(halfHeard), ["a-b"]);
});

test("§17: a listener behind a router that does not serve listeners is not promised anything", () => {
  const mute = [
    router("a", [on(0, 1), on(1, 1, { igmp: false })]),
    router("b", [on(1, 2), on(2, 2)], via(1, 1, 1)),
  ];
  const tree = treeOf(network(mute, [1]));
  assert.equal(tree.premises.areListenersServed, false);
  assert.equal(copiesOn(tree, 1), "0");
});

test("§17: a router on the source's link that goes to the source through a gateway there is promised nothing", () => {
  const detour = { ...via(0, 1, 0), protocol: 4 };
  const routers = [router("a", [on(0, 1), on(1, 1)]), router("b", [on(0, 2), on(2, 2)], detour)];
  const tree = treeOf(network(routers, []));
  assert.equal(tree.premises.isOnRoutes, false);
  assert.equal(tree.routers.find(({ name }) => name === "b")?.state, "INACTIVE");
});
