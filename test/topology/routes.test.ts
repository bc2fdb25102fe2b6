// Routes from costs: the RPCs of the published test networks, and what changes when a cost or a link does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAddress, formatPrefix } from "../../src/base/address.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import { ROUTE_PROTOCOL, routesOf } from "../../src/topology/routes.ts";
import { changeInterface, type Topology } from "../../src/topology/topology.ts";
import { readTopology } from "./files.ts";

function routeText(topology: Topology, node: string, destination: string): string | undefined {
  const routes = routesOf(topology).get(node) ?? [];
  const found = routes.filter((route) => formatPrefix(route.destination) === destination);
  assert.ok(found.length < 2, `${node} has ${found.length} routes to ${destination}`);
  return found.map(({ nextHops, metric }) => {
    const hops = nextHops.map((hop) => `${formatAddress(hop.via)} ${hop.interface}`);
    return `via ${hops.join(", ")} metric ${metric}`;
  })[0];
}

function assertRoutes(
  topology: Topology,
  expected: Readonly<Record<string, string | undefined>>,
): void {
  for (const [node, text] of Object.entries(expected))
    assert.equal(routeText(topology, node, "10.1.1.0/24"), text, node);
}

const FROM_E = "via 10.5.5.2 eth0, 10.5.5.3 eth0, 10.5.5.4 eth0 metric 30";

test("seven-routers: every router's route to the source is its RPC, in the preference of OSPF by Quagga", () => {
  assert.equal(ROUTE_PROTOCOL, 11);
  assertRoutes(readTopology("seven-routers"), {
    R1: undefined,
    R2: "via 10.2.2.1 eth0 metric 20",
    R3: "via 10.3.3.1 eth0 metric 20",
    R4: "via 10.4.4.1 eth0 metric 20",
    R5: FROM_E,
    R6: FROM_E,
    R7: "via 10.9.9.2 eth2 metric 30",
  });
});

test("seven-routers, tests 5 and 10: R7.eth2 at cost 100 turns R7 to R5 and nobody else", () => {
  const before = readTopology("seven-routers");
  const after = changeInterface(before, { router: "R7", interface: "eth2", cost: 100 });
  assertRoutes(after, { R2: "via 10.2.2.1 eth0 metric 20", R5: FROM_E, R6: FROM_E });
  assertRoutes(after, { R7: "via 10.6.6.5 eth0 metric 40" });
  assertRoutes(before, { R7: "via 10.9.9.2 eth2 metric 30" });
});

test("seven-routers, test 6: without R5.eth0, R7 returns to R2 at 120 and R5 goes through R7 at 130", () => {
  const costly = changeInterface(readTopology("seven-routers"), {
    router: "R7",
    interface: "eth2",
    cost: 100,
  });
  const cut = changeInterface(costly, { router: "R5", interface: "eth0", up: false });
  assertRoutes(cut, {
    R6: FROM_E,
    R7: "via 10.9.9.2 eth2 metric 120",
    R5: "via 10.6.6.7 eth1 metric 130",
  });
  assert.equal(routeText(cut, "R5", "10.5.5.0/24"), "via 10.6.6.7 eth1 metric 120");
  const healed = changeInterface(cut, { router: "R5", interface: "eth0", up: true });
  assert.deepEqual(routesOf(healed), routesOf(costly));
});

test("seven-routers, test 9: R3.eth0 at cost 100 makes the switch R3's way to the source, at 30", () => {
  const after = changeInterface(readTopology("seven-routers"), {
    router: "R3",
    interface: "eth0",
    cost: 100,
  });
  assertRoutes(after, {
    R3: "via 10.5.5.2 eth1, 10.5.5.4 eth1 metric 30",
    R5: "via 10.5.5.2 eth0, 10.5.5.4 eth0 metric 30",
  });
});

test("loop: metrics grow by 10 a hop and R5 goes the long way round its cost of 100", () => {
  assertRoutes(readTopology("loop"), {
    R1: undefined,
    R2: "via 10.2.2.1 eth0 metric 20",
    R3: "via 10.3.3.2 eth0 metric 30",
    R4: "via 10.4.4.3 eth0 metric 40",
    R5: "via 10.5.5.4 eth1 metric 50",
  });
});

test("loop, test 16: without R5.eth1, R5's other way costs 120", () => {
  const cut = changeInterface(readTopology("loop"), { router: "R5", interface: "eth1", up: false });
  assertRoutes(cut, { R5: "via 10.3.3.2 eth0 metric 120" });
});

test("source-loop: R1 and R2 are connected to the source, R3 has two equal ways", () => {
  assertRoutes(readTopology("source-loop"), {
    R1: undefined,
    R2: undefined,
    R3: "via 10.2.2.1 eth0, 10.2.2.3 eth0 metric 20",
  });
});

test("pair: R2 reaches the source, R1 the client", () => {
  const pair = readTopology("pair");
  assertRoutes(pair, { R1: undefined, R2: "via 10.2.2.1 eth0 metric 20" });
  assert.equal(routeText(pair, "R1", "10.7.7.0/24"), "via 10.2.2.2 eth1 metric 20");
});

test("a host has one default route, through the router of the lowest address that is up", () => {
  const topology = readTopology("source-loop");
  assert.equal(routeText(topology, "Source", "0.0.0.0/0"), "via 10.1.1.1 eth0 metric 1");
  const cut = changeInterface(topology, { router: "R1", interface: "eth0", up: false });
  assert.equal(routeText(cut, "Source", "0.0.0.0/0"), "via 10.1.1.2 eth0 metric 1");
});

test("a network without a way has no route", () => {
  const cut = changeInterface(readTopology("pair"), { router: "R2", interface: "eth0", up: false });
  assertRoutes(cut, { R2: undefined });
  assert.deepEqual(routesOf(cut).get("R1"), []);
});

const OVERRIDDEN = `
name: overridden
links: { A: { subnet: 10.1.1.0/24 }, F: { subnet: 10.6.6.0/24 }, I: { subnet: 10.9.9.0/24 } }
routers:
  R1:
    interfaces:
      eth0: { link: A, address: 10.1.1.1 }
      eth1: { link: F, address: 10.6.6.1 }
      eth2: { link: I, address: 10.9.9.1 }
  R7:
    interfaces:
      eth0: { link: F, address: 10.6.6.7 }
      eth2: { link: I, address: 10.9.9.7 }
    routes:
      - { to: 10.1.1.0/24, via: 10.6.6.1, metric: 40 }
      - { to: 10.20.0.0/16, via: [10.9.9.1, 10.6.6.1], metric: 7 }
`;

test("a router's own route stands instead of the derived one, while its interface is up", () => {
  const parsed = parseTopology(OVERRIDDEN);
  assert.ok(parsed.kind === "topology");
  assertRoutes(parsed.topology, { R7: "via 10.6.6.1 eth0 metric 40" });
  const elsewhere = routeText(parsed.topology, "R7", "10.20.0.0/16");
  assert.equal(elsewhere, "via 10.6.6.1 eth0, 10.9.9.1 eth2 metric 7");
  const cut = changeInterface(parsed.topology, { router: "R7", interface: "eth0", up: false });
  assertRoutes(cut, { R7: "via 10.9.9.1 eth2 metric 20" });
});

test("changeInterface refuses an interface that is not there, by name", () => {
  const pair = readTopology("pair");
  assert.throws(() => changeInterface(pair, { router: "R1", interface: "eth7", cost: 3 }), {
    message: "The topology pair has no interface R1.eth7.",
  });
});
