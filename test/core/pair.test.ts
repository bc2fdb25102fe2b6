// Two routers, one tree: the core's way from the first Hello to forwarding.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex, seconds } from "../../src/base/units.ts";
import { CoreNetwork, facts } from "../support/core-network.ts";

function pair(): CoreNetwork {
  const network = new CoreNetwork();
  network.add("R1");
  network.add("R2");
  network.attach("R1", "A", facts(1, "10.1.1.1/24"));
  network.attach("R1", "B", facts(2, "10.2.2.1/24"));
  network.attach("R2", "B", facts(1, "10.2.2.2/24"));
  network.attach("R2", "C", facts(2, "10.7.7.2/24", { membership: true }));
  network.route("R1", "10.1.1.0/24", { protocol: 2, metric: 0, index: 1, gateway: null });
  network.route("R2", "10.1.1.0/24", { protocol: 11, metric: 20, index: 1, gateway: "10.2.2.1" });
  network.run(seconds(1));
  return network;
}

test("two routers synchronise, form a tree and forward it to a listener", () => {
  const network = pair();
  assert.deepEqual(
    network.view("R1").interfaces[1]?.running?.neighbors.map((n) => n.state),
    ["SYNCED"],
  );
  assert.deepEqual(
    network.view("R2").interfaces[0]?.running?.neighbors.map((n) => n.state),
    ["SYNCED"],
  );
  const group = ip("224.12.12.12");
  network.handle("R2", { kind: "listeners", interface: interfaceIndex(2), group, wanted: true });
  const source = ip("10.1.1.100");
  network.handle("R1", { kind: "missingEntry", interface: interfaceIndex(1), source, group });
  assert.equal(network.tree("R1", "10.1.1.100", "224.12.12.12")?.verdict.state, "ACTIVE");
  assert.equal(network.tree("R2", "10.1.1.100", "224.12.12.12")?.verdict.state, "ACTIVE");
  assert.deepEqual(network.entries("R1").get("10.1.1.100 224.12.12.12"), {
    incoming: 1,
    outgoing: [2],
  });
  assert.deepEqual(network.entries("R2").get("10.1.1.100 224.12.12.12"), {
    incoming: 1,
    outgoing: [2],
  });
  network.run(seconds(60));
  network.run(seconds(400));
  assert.equal(network.tree("R1", "10.1.1.100", "224.12.12.12"), undefined);
  assert.equal(network.tree("R2", "10.1.1.100", "224.12.12.12"), undefined);
  assert.equal(network.entries("R1").size, 0);
});
