// The commands that change a node's routes: a destination is never without one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip, prefixOf } from "../../src/base/address.ts";
import { routeLines } from "../../src/lab/plan.ts";
import type { Route } from "../../src/topology/topology.ts";

const route = (via: readonly string[], metric: number, to = "10.1.1.0"): Route => ({
  destination: prefixOf(ip(to), 24),
  nextHops: via.map((gateway) => ({ via: ip(gateway), interface: "eth0" })),
  metric,
});

const commands = (before: readonly Route[], after: readonly Route[]): readonly string[] =>
  routeLines("R7", before, after).map(({ command }) => command);

test("a route of another metric is added before the old one is deleted", () => {
  assert.deepEqual(commands([route(["10.9.9.2"], 30)], [route(["10.6.6.5"], 40)]), [
    "route add 10.1.1.0/24 proto 11 metric 40 via 10.6.6.5 dev eth0",
    "route del 10.1.1.0/24 proto 11 metric 30",
  ]);
});

test("a route of the same metric and other next hops is replaced in one step", () => {
  const after = [route(["10.5.5.2", "10.5.5.4"], 30)];
  assert.deepEqual(commands([route(["10.5.5.2"], 30)], after), [
    "route replace 10.1.1.0/24 proto 11 metric 30 nexthop via 10.5.5.2 dev eth0 nexthop via 10.5.5.4 dev eth0",
  ]);
});

test("a new destination is added, a vanished one deleted, the same one left alone", () => {
  const same = route(["10.9.9.2"], 20, "10.2.2.0");
  const before = [route(["10.9.9.2"], 30), same];
  assert.deepEqual(commands(before, [same, route(["10.9.9.2"], 40, "10.3.3.0")]), [
    "route add 10.3.3.0/24 proto 11 metric 40 via 10.9.9.2 dev eth0",
    "route del 10.1.1.0/24 proto 11 metric 30",
  ]);
});
