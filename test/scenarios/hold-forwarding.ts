// An assert winner returns, with and without forwarding held (X8): packets that are lost, or doubled before all is steady.
import assert from "node:assert/strict";
import { type Scenario, type ScenarioNetwork, untilStates } from "./scenario-network.ts";
import { FORMED, GROUP, untilSteady } from "./seven-routers.ts";
import { winnerLeft } from "./tree-formation.ts";

/** Not longer than a message takes and its answer: a gap of that length costs a packet. */
export const PACKET_INTERVAL = 4;

/** So long that only the data of the new winner can be what ends it. */
export const HELD = { hpim: { holdForwardingTime: "1h" } };
export const NOT_HELD = { hpim: { holdForwarding: false } };

/** R3 forwards onto E until R4 is back there. Returns how many packets Client1 missed, and got twice, until all was steady. */
export async function winnerReturns(
  network: ScenarioNetwork,
): Promise<{ readonly lost: number; readonly doubled: number }> {
  await winnerLeft(network, PACKET_INTERVAL);
  await untilSteady(network, "Client1");
  await network.mark();
  await network.setProtocol("R4", "eth1", "hpim", true);
  await untilStates(network, { R2: FORMED.R2, R3: FORMED.R3, R4: FORMED.R4 });
  await untilSteady(network, "Client1");
  const got = await network.received("Client1", GROUP);
  const different = new Set(got).size;
  const sent = Math.max(...got) - Math.min(...got) + 1;
  return { lost: sent - different, doubled: got.length - different };
}

export const HOLD_FORWARDING: readonly Scenario[] = [
  {
    title: "X8: an assert winner returns, and forwarding is held: no packet is lost",
    topology: "seven-routers",
    settings: HELD,
    async run(network) {
      assert.equal((await winnerReturns(network)).lost, 0);
    },
  },
  {
    title: "X8: an assert winner returns, and forwarding is not held: in the end none is doubled",
    topology: "seven-routers",
    settings: NOT_HELD,
    async run(network) {
      await winnerReturns(network);
    },
  },
];
