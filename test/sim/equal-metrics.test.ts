// X12: unicast routes whose metrics do not fall towards the source. It is an operator's error, which the lists explain.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip, prefixOf } from "../../src/base/address.ts";
import { seconds } from "../../src/base/units.ts";
import { ROUTE_PROTOCOL } from "../../src/topology/routes.ts";
import { configurationOfSettings } from "../scenarios/settings.ts";
import { SimNetwork, simulate } from "../scenarios/sim-network.ts";

const GROUP = "224.12.12.12";
const METRIC = 20;
/** Where each router of the loop sends to; R2 is the only one whose neighbor on the way, R1, is nearer. */
const GATEWAYS = [
  ["R2", "eth0", "10.2.2.1"],
  ["R3", "eth0", "10.3.3.2"],
  ["R4", "eth0", "10.4.4.3"],
  ["R5", "eth1", "10.5.5.4"],
] as const;

test("X12: with the same metric everywhere nobody below R2 becomes ACTIVE, and the lists say why", async () => {
  const simulation = simulate("loop");
  for (const [router, device, gateway] of GATEWAYS) {
    const machine = simulation.machine(router);
    const index = machine.indexes().get(device);
    assert.ok(index !== undefined);
    const nextHops = [{ interface: index, gateway: ip(gateway) }];
    const routes = [{ protocol: ROUTE_PROTOCOL, metric: METRIC, nextHops }];
    machine.setRoutes([{ prefix: prefixOf(ip("10.1.1.0"), 24), routes }]);
  }
  const network = new SimNetwork(simulation, configurationOfSettings({}));
  await network.start();
  await network.join("Client0", GROUP);
  await network.join("Client1", GROUP);
  simulation.run(seconds(1));
  await network.send("Source", [GROUP], 100);
  simulation.run(seconds(60));
  const states = simulation.notices.flatMap(({ router, notice }) =>
    notice.kind === "treeState" && notice.to === "ACTIVE" ? [router] : [],
  );
  assert.deepEqual(states, ["R1", "R2"]);
  const reasons = new Map<string, string | undefined>();
  for (const router of ["R3", "R4", "R5"]) {
    reasons.set(router, (await network.trees(router))[0]?.reason);
  }
  assert.deepEqual(Object.fromEntries(reasons), {
    R3: "the neighbor on the root interface is not nearer to the source; 10.3.3.2 offers 11/20 on eth0",
    R4: "no neighbor offers the tree",
    R5: "no neighbor on the root interface offers the tree; 10.3.3.2 offers 11/20 on eth0",
  });
  // What was flooded at first went round no further, and has ended.
  assert.ok((await network.data("S")) <= (await network.data("A")), "data on S");
  await network.mark();
  simulation.run(seconds(10));
  for (const link of ["S", "C", "D"]) assert.equal(await network.data(link), 0, `data on ${link}`);
});
