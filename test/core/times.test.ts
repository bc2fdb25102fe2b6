// Since when a tree, and each of its interfaces, is as it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { millis } from "../../src/base/units.ts";
import { Router } from "../../src/core/router.ts";
import { treeKey } from "../../src/core/tree-id.ts";
import { PlayedRouter } from "../support/played-router.ts";
import { ON_SOURCE_LINK, rpc, TREE } from "../support/played-tree.ts";

/** Root 1, to which an upstream neighbor brings the tree at 100 ms, and 2. */
function routerWithTree(): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.run(100);
  router.neighbor(1, 1, "11/10");
  return router;
}

test("§9 times: a tree and its interfaces begin when it becomes known", () => {
  const router = routerWithTree();
  assert.equal(router.tree()?.since, 100);
  const all = { role: 100, assert: 100, downstream: 100, forwarding: 100 };
  assert.deepEqual([router.at(1).times, router.at(2).times], [all, all]);
});

test("§9.3, §9.4 times: a listener changes since when there is interest and forwarding, and nothing else", () => {
  const router = routerWithTree();
  router.run(50);
  router.listener(2);
  const now = { role: 100, assert: 100, downstream: 150, forwarding: 150 };
  assert.deepEqual(router.at(2).times, now);
  assert.deepEqual([router.tree()?.since, router.at(1).times.forwarding], [100, 100]);
  router.run(50);
  router.neighbor(2, 1).interest();
  assert.deepEqual(router.at(2).times, now);
});

test("§9.2, §9.4, §14 times: who loses the assert holds, then prunes; downstream is as interested as before", () => {
  const router = routerWithTree();
  router.listener(2);
  router.run(50);
  router.neighbor(2, 1, "11/15");
  const lost = { role: 100, assert: 150, downstream: 100, forwarding: 100 };
  assert.deepEqual(router.at(2).times, lost);
  router.run(10);
  router.wrong(2);
  assert.deepEqual(router.at(2).times, { ...lost, forwarding: 160 });
});

test("§1 times: all is new where the root is another", () => {
  const router = routerWithTree();
  router.run(50);
  router.route(20, 2, "10.0.2.1");
  const all = { role: 150, assert: 150, downstream: 150, forwarding: 150 };
  assert.deepEqual([router.at(1).times, router.at(2).times], [all, all]);
  assert.equal(router.tree()?.since, 150);
});

test("§9.1 times: an interface that goes leaves the others as they are", () => {
  const router = routerWithTree();
  router.run(50);
  router.interface(3);
  router.run(50);
  router.interface(3, { up: false });
  assert.equal(router.at(2).times.role, 100);
  router.run(50);
  router.interface(3);
  assert.deepEqual([router.at(2).times.role, router.at(3).times.role], [100, 250]);
});

test("§9 times: who is restored from a memory knows them", () => {
  const router = routerWithTree();
  router.run(50);
  const restored = new Router(router.router.save(router.now));
  const tree = restored.tree(treeKey(TREE), millis(0));
  assert.deepEqual([tree?.since, tree?.interfaces[1]?.times.role], [-50, -50]);
});

test("§9 supposed tree: what there would be of a tree that nobody knows, and nothing becomes known", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.run(70);
  const supposed = router.router.supposedTree(treeKey(TREE), router.now);
  assert.deepEqual(supposed.verdict, { state: "INACTIVE", why: "no upstream neighbor" });
  assert.deepEqual([supposed.since, supposed.root, supposed.rpc], [70, 1, rpc("11/20")]);
  const [root, other] = supposed.interfaces;
  assert.equal(root?.role, "root");
  assert.deepEqual(other?.nonRoot?.downstream, { interested: true, why: "listener" });
  assert.equal(router.tree(), undefined);
  assert.deepEqual([...router.router.treeKeys()], []);
});

test("§9 supposed tree: of an originator whose source is silent", () => {
  const router = new PlayedRouter();
  router.interface(9, ON_SOURCE_LINK);
  router.route(0, 9, null, 2);
  const supposed = router.router.supposedTree(treeKey(TREE), router.now);
  assert.deepEqual(supposed.verdict, { state: "INACTIVE", why: "source is silent" });
  assert.equal(supposed.originator, true);
});

test("§1 way: the route to a source with the next hop that is used, or none", () => {
  const router = new PlayedRouter();
  router.interface(1);
  router.route(20, 1, "10.0.1.1");
  const hop = { interface: 1, gateway: ip("10.0.1.1") };
  assert.deepEqual(router.router.way(TREE.source), {
    route: { protocol: 11, metric: 20, nextHops: [hop] },
    hop,
  });
  assert.deepEqual([...router.router.nextHops()], [hop]);
  router.interface(1, { up: false });
  assert.equal(router.router.way(TREE.source), undefined);
});
