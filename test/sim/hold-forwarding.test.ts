// X8 in numbers: an assert winner returns whose own way to the source is slower than that of the one before it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "../../src/base/units.ts";
import { HELD, NOT_HELD, PACKET_INTERVAL, winnerReturns } from "../scenarios/hold-forwarding.ts";
import type { ScenarioSettings } from "../scenarios/scenario-network.ts";
import { configurationOfSettings } from "../scenarios/settings.ts";
import { SimNetwork, simulate } from "../scenarios/sim-network.ts";

const LATENCY_D = 20;
const LATENCY_E = 6;
/** While forwarding is held, counters are read so often (§14). */
const READING = 10;

function returning(settings: ScenarioSettings): ReturnType<typeof winnerReturns> {
  const network = simulate("seven-routers");
  network.link("D").latency = millis(LATENCY_D);
  network.link("E").latency = millis(LATENCY_E);
  return winnerReturns(new SimNetwork(network, configurationOfSettings(settings)));
}

test("§14: held, no packet is lost; doubled are those under way on D, and those until R3 has seen one", async () => {
  const { lost, doubled } = await returning(HELD);
  assert.equal(lost, 0);
  const most = Math.ceil((LATENCY_D + LATENCY_E + READING) / PACKET_INTERVAL);
  assert.ok(0 < doubled && doubled <= most, `${doubled} packets doubled`);
});

test("§14: not held, none is doubled, and those are lost that R4 has still to ask R1 for", async () => {
  const { lost, doubled } = await returning(NOT_HELD);
  assert.equal(doubled, 0);
  assert.ok(0 < lost && lost <= Math.ceil((2 * LATENCY_D) / PACKET_INTERVAL), `${lost} lost`);
});
