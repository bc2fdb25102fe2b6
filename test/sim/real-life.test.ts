// What happens to real machines, in memory: after each thing the network is as before, by itself (§5.6, §17 P8).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Network } from "../../src/sim/network.ts";
import { type ScenarioNetwork, untilStates, untilSynced } from "../scenarios/scenario-network.ts";
import { GROUP, untilSteady } from "../scenarios/seven-routers.ts";
import { SimNetwork, simulate } from "../scenarios/sim-network.ts";

const FORMED = {
  R1: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  R2: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
};
const SETTINGS = { hpim: { helloPeriod: "250ms" } };

/** What happens to R2, and its undoing. `isAlone` waits until R1 has lost its neighbor. */
type Life = (network: Network, isAlone: () => Promise<void>) => Promise<void>;

const changed =
  (change: Parameters<ReturnType<Network["machine"]>["changeLink"]>[1]): Life =>
  async (network, isAlone) => {
    const machine = network.machine("R2");
    const port = machine.engine?.ports().find((candidate) => candidate.link.name === "eth0");
    const { index: _index, ...before } = port?.link ?? assert.fail("R2 runs");
    machine.changeLink("eth0", change);
    await isAlone();
    machine.changeLink(change.name ?? "eth0", before);
  };

const deleted: Life = async (network, isAlone) => {
  const machine = network.machine("R2");
  machine.changeLink("eth0", { up: false });
  machine.setPresent("eth0", false);
  await isAlone();
  machine.setPresent("eth0", true);
  machine.changeLink("eth0", { up: true });
};

const clockStep =
  (step: number): Life =>
  async (network, isAlone) => {
    const machine = network.machine("R2");
    machine.clockStep += step;
    machine.changeLink("eth0", { up: false });
    await isAlone();
    machine.changeLink("eth0", { up: true });
  };

const LIVES: readonly (readonly [string, Life])[] = [
  ["a link goes down and up", changed({ up: false })],
  ["an address is removed and added", changed({ addresses: [] })],
  ["an interface is renamed and gets its name back", changed({ name: "wan0" })],
  ["an interface is deleted and made anew", deleted],
  ["an interface enters a VRF and leaves it", changed({ master: { name: "red", type: "vrf" } })],
  ["an interface loses its multicast flag for a while", changed({ multicast: false })],
  ["the clock steps forwards", clockStep(1_000_000)],
  ["the clock steps backwards", clockStep(-1_000_000)],
];

async function formed(network: ScenarioNetwork): Promise<void> {
  await network.start();
  await untilSynced(network, { R1: 1, R2: 1 });
  await network.join("Client", GROUP);
  await network.send("Source", [GROUP], 10);
  await untilStates(network, FORMED);
}

for (const [title, live] of LIVES) {
  test(title, async () => {
    const sim = simulate("pair");
    const network = new SimNetwork(sim, SETTINGS);
    await formed(network);
    await live(sim, () => untilSynced(network, { R1: 0 }));
    await network.until(async () => {
      for (const [router, state] of Object.entries(FORMED)) {
        const trees = await network.trees(router);
        assert.deepEqual(
          trees.map((tree) => tree.state),
          state.slice(0, 1),
        );
      }
      await network.mark();
      await untilSteady(network, "Client");
    });
  });
}
