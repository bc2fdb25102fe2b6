// The way back to a source (§1): route choice, RPC, root interface, originator.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { PrefixTable } from "../../src/base/prefix-table.ts";
import { type InterfaceIndex, interfaceIndex } from "../../src/base/units.ts";
import type { InterfaceFacts, Route } from "../../src/core/events.ts";
import { compareRpc, isBetterOffer, isSameRpc } from "../../src/core/rpc.ts";
import { isSameRpf, type Rpf, type RpfInterface, resolveRpf } from "../../src/core/rpf.ts";
import { NEAR, originator, TREE } from "../support/bench.ts";
import { addressOn, facts, prefix } from "../support/core-network.ts";
import { Peer } from "../support/peer.ts";

type Hop = readonly [index: number, gateway: string | null];
const SOURCE = ip("10.0.0.100");

const route = (protocol: number, metric: number, ...hops: readonly Hop[]): Route => ({
  protocol,
  metric,
  nextHops: hops.map(([index, gateway]) => ({
    interface: interfaceIndex(index),
    gateway: gateway === null ? null : ip(gateway),
  })),
});

/** Interfaces 1 (10.0.0.5/24, the source's) to 4; HPIM-DM runs on them unless told otherwise. */
function interfaces(
  given: Record<number, Partial<InterfaceFacts> & { readonly running?: boolean }> = {},
): Map<InterfaceIndex, RpfInterface> {
  return new Map(
    [1, 2, 3, 4].map((index) => {
      const { running = true, ...of } = given[index] ?? {};
      const at = facts(index, `10.${index - 1}.0.5/24`, of);
      return [at.index, { facts: at, running: running ? {} : null }];
    }),
  );
}

function resolve(
  routes: Record<string, readonly Route[]>,
  on: Map<InterfaceIndex, RpfInterface> = interfaces(),
  preferences: ReadonlyMap<number, number> = new Map(),
): Rpf {
  const table = new PrefixTable<readonly Route[]>();
  for (const [to, of] of Object.entries(routes)) table.set(prefix(to), of);
  return resolveRpf(SOURCE, table, on, preferences);
}

test("§1: RPC is (protocol number, metric) of the route to the source", () => {
  const rpf = resolve({ "10.0.0.0/24": [route(188, 20, [2, "10.1.0.1"])] });
  assert.deepEqual(rpf, {
    rpc: { preference: 188, metric: 20 },
    root: 2,
    originator: false,
    denied: false,
    onLink: [1],
  });
});

test("§1: a map replaces the preferences, of the protocols that it names", () => {
  const preferences = new Map([[188, 110]]);
  const via = (protocol: number): number | undefined =>
    resolve({ "10.0.0.0/24": [route(protocol, 20, [2, "10.1.0.1"])] }, interfaces(), preferences)
      .rpc?.preference;
  assert.equal(via(188), 110);
  assert.equal(via(189), 189);
});

test("§1: no route, no RPC, no root, no originator", () => {
  const none = { rpc: null, root: null, originator: false, denied: false, onLink: [1] };
  assert.deepEqual(resolve({}), none);
  assert.deepEqual(resolve({ "10.9.0.0/24": [route(11, 1, [2, "10.1.0.1"])] }), none);
});

test("§1: the longest prefix, whatever its metric, then the lowest metric, whatever its protocol", () => {
  const rpf = resolve({
    "0.0.0.0/0": [route(2, 0, [3, "10.2.0.1"])],
    "10.0.0.0/24": [
      route(3, 30, [2, "10.1.0.1"]),
      route(188, 20, [3, "10.2.0.1"]),
      route(4, 25, [4, "10.3.0.1"]),
    ],
  });
  assert.deepEqual(rpf.rpc, { preference: 188, metric: 20 });
  assert.equal(rpf.root, 3);
});

test("§1: of equal routes the one that the kernel uses, which is told first", () => {
  const routes = [route(4, 20, [3, "10.2.0.1"]), route(3, 20, [2, "10.1.0.1"])];
  assert.equal(resolve({ "10.0.0.0/24": routes }).root, 3);
  assert.equal(resolve({ "10.0.0.0/24": [...routes].reverse() }).root, 2);
});

test("§1: only routes with a live next hop count", () => {
  const down = interfaces({ 2: { up: false } });
  const best = route(11, 10, [2, "10.1.0.1"]);
  assert.equal(resolve({ "10.0.0.0/24": [best, route(11, 20, [3, "10.2.0.1"])] }, down).root, 3);
  // A shorter prefix counts where no route of the longer one lives.
  const routes = { "10.0.0.0/24": [best], "0.0.0.0/0": [route(4, 7, [4, "10.3.0.1"])] };
  assert.deepEqual(resolve(routes, down).rpc, { preference: 4, metric: 7 });
  assert.equal(resolve(routes).root, 2);
  const unknown = { "10.0.0.0/24": [route(11, 10, [77, "10.1.0.1"])] };
  assert.equal(resolve(unknown).rpc, null);
});

test("§1: of several next hops a connected one, else the one with the highest gateway", () => {
  const root = (...hops: readonly Hop[]): number | null =>
    resolve({ "10.0.0.0/24": [route(11, 10, ...hops)] }).root;
  assert.equal(root([2, "10.1.0.9"], [3, null], [4, "10.3.0.200"]), 3);
  assert.equal(root([3, null], [4, "10.3.0.200"]), 3);
  // As numbers: 10.3.0.9 < 10.3.0.200.
  assert.equal(root([2, "10.3.0.9"], [3, "10.3.0.200"], [4, "10.3.0.30"]), 3);
  assert.equal(root([3, "10.3.0.200"], [2, "10.3.0.9"]), 3);
  // Two alike: the first.
  assert.equal(root([3, "10.3.0.9"], [2, "10.3.0.9"]), 3);
  assert.equal(root([2, null], [3, null]), 2);
});

test("§1: a next hop that is down is none of several", () => {
  const down = interfaces({ 4: { up: false } });
  const hops: readonly Hop[] = [
    [2, "10.1.0.9"],
    [4, null],
  ];
  assert.equal(resolve({ "10.0.0.0/24": [route(11, 10, ...hops)] }, down).root, 2);
});

test("§1: an originator has a route without gateway, and the source on a subnet of its interface", () => {
  const connected = { "10.0.0.0/24": [route(2, 0, [1, null])] };
  assert.deepEqual(resolve(connected), {
    rpc: { preference: 2, metric: 0 },
    root: 1,
    originator: true,
    denied: false,
    onLink: [1],
  });
  const foreign = interfaces({ 1: { addresses: [addressOn("10.0.0.5/28")] } });
  const byHand = { "10.0.0.0/24": [route(3, 0, [1, null])] };
  assert.deepEqual(resolve(byHand, foreign), {
    rpc: { preference: 3, metric: 0 },
    root: 1,
    originator: false,
    denied: false,
    onLink: [],
  });
  const gateway = { "10.0.0.0/24": [route(2, 0, [1, "10.0.0.1"])] };
  assert.equal(resolve(gateway).originator, false);
  assert.equal(resolve(gateway).root, 1);
  // The subnet must be one of the route's interface, not of another.
  const elsewhere = { "10.0.0.0/24": [route(3, 0, [2, null])] };
  assert.equal(resolve(elsewhere).originator, false);
  assert.equal(resolve(elsewhere).root, 2);
});

test("§1: the kernel's route to a subnet goes with the address there, though that is told before it", () => {
  const routes = { "10.0.0.0/24": [route(2, 0, [1, null]), route(11, 20, [2, "10.1.0.1"])] };
  const addressGone = interfaces({ 1: { addresses: [addressOn("10.9.0.5/24")] } });
  assert.deepEqual(resolve(routes, addressGone), {
    rpc: { preference: 11, metric: 20 },
    root: 2,
    originator: false,
    denied: false,
    onLink: [],
  });
  const isDown = interfaces({ 1: { up: false } });
  assert.equal(resolve(routes, isDown).root, 2);
  // A default route of protocol kernel came by a gateway, not by an address.
  const gateway = { "0.0.0.0/0": [route(2, 0, [1, "10.9.0.1"])] };
  assert.equal(resolve(gateway, addressGone).root, 1);
});

test("§1: the root runs HPIM-DM, or, at an originator, serves listeners", () => {
  const connected = { "10.0.0.0/24": [route(2, 0, [1, null])] };
  const gateway = { "10.0.0.0/24": [route(11, 5, [1, "10.0.0.1"])] };
  const none = interfaces({ 1: { running: false } });
  assert.equal(resolve(connected, none).root, null);
  assert.equal(resolve(gateway, none).root, null);
  assert.deepEqual(resolve(gateway, none).rpc, { preference: 11, metric: 5 });
  const listeners = interfaces({ 1: { running: false, membership: true } });
  assert.equal(resolve(connected, listeners).root, 1);
  assert.equal(resolve(connected, listeners).originator, true);
  assert.equal(resolve(gateway, listeners).root, null);
});

test("§5.6: the source is on every interface that has a subnet with it, and is up", () => {
  const on = interfaces({
    2: { addresses: [addressOn("10.1.0.5/24"), addressOn("10.0.0.6/24")] },
    3: { addresses: [addressOn("10.0.0.7/24")], up: false },
    4: { addresses: [] },
  });
  assert.deepEqual(resolve({}, on).onLink, [1, 2]);
});

test("§1: lower RPC is better, preference first", () => {
  const rpc = (preference: number, metric: number) => ({ preference, metric });
  assert.ok(compareRpc(rpc(1, 900), rpc(2, 1)) < 0);
  assert.ok(compareRpc(rpc(2, 1), rpc(1, 900)) > 0);
  assert.ok(compareRpc(rpc(2, 1), rpc(2, 2)) < 0);
  assert.ok(compareRpc(rpc(2, 2), rpc(2, 1)) > 0);
  assert.equal(compareRpc(rpc(2, 2), rpc(2, 2)), 0);
  assert.ok(compareRpc(rpc(0xffff_ffff, 0), rpc(0, 0xffff_ffff)) > 0);
  assert.ok(isSameRpc(rpc(1, 2), rpc(1, 2)));
  assert.ok(!isSameRpc(rpc(1, 2), rpc(1, 3)));
  assert.ok(!isSameRpc(rpc(1, 2), rpc(3, 2)));
  assert.ok(isSameRpc(null, null));
  assert.ok(!isSameRpc(null, rpc(1, 2)));
  assert.ok(!isSameRpc(rpc(1, 2), null));
});

test("§1 BUN: ties go to the higher address, compared as a number", () => {
  const rpc = { preference: 1, metric: 1 };
  const rival = { neighbor: ip("10.0.0.30"), rpc };
  assert.ok(isBetterOffer(rpc, ip("10.0.0.200"), rival));
  assert.ok(!isBetterOffer(rpc, ip("10.0.0.9"), rival));
  assert.ok(!isBetterOffer(rpc, ip("10.0.0.30"), rival));
  assert.ok(isBetterOffer({ preference: 1, metric: 0 }, ip("10.0.0.9"), rival));
  assert.ok(!isBetterOffer({ preference: 1, metric: 2 }, ip("10.0.0.200"), rival));
});

test("§1 BUN: the best of the SYNCED neighbors that are UPSTREAM", () => {
  const bench = originator();
  const [low, high, better] = ["10.2.0.9", "10.2.0.200", "10.2.0.30"].map((a) =>
    new Peer(bench, 2, a).meet(),
  );
  const bun = () => bench.treeAt(2)?.bun?.neighbor;
  high?.upstream({ preference: 5, metric: 5 });
  low?.upstream({ preference: 5, metric: 5 });
  assert.equal(bun(), high?.address);
  better?.upstream({ preference: 5, metric: 4 });
  assert.equal(bun(), better?.address);
  better?.noLongerUpstream();
  assert.equal(bun(), high?.address);
  const unsynced = new Peer(bench, 2, "10.2.0.201");
  unsynced.hello();
  unsynced.snapshot();
  unsynced.sync({ syncSn: 0, entries: [{ ...TREE, rpc: NEAR }] });
  unsynced.upstream(NEAR);
  assert.equal(bun(), high?.address);
  unsynced.sync({ syncSn: 1 });
  assert.equal(bun(), unsynced.address);
});

test("two ways back are the same when every part of them is", () => {
  const one = resolve({ "10.0.0.0/24": [route(2, 0, [1, null])] });
  assert.ok(isSameRpf(one, { ...one, rpc: { preference: 2, metric: 0 }, onLink: [...one.onLink] }));
  assert.ok(!isSameRpf(one, { ...one, rpc: { preference: 2, metric: 1 } }));
  assert.ok(!isSameRpf(one, { ...one, root: interfaceIndex(2) }));
  assert.ok(!isSameRpf(one, { ...one, originator: false }));
  assert.ok(!isSameRpf(one, { ...one, onLink: [] }));
  assert.ok(!isSameRpf(one, { ...one, onLink: [interfaceIndex(2)] }));
});
