// Synchronisations that go wrong on the way: messages are lost, both sides lead, a router restarts at once (X1 to X3).
import assert from "node:assert/strict";
import { type Scenario, type ScenarioNetwork, untilSynced } from "./scenario-network.ts";
import {
  bootTimeOf,
  exchange,
  expectAgreement,
  FEW_HELLOS,
  R1,
  R2,
  synchronised,
  syncs,
} from "./two-routers.ts";

/** A router's HPIM-DM ends and begins so often, that its BootTime runs ahead of the time of day. */
const TURNS = 5;

async function lastSyncLost(network: ScenarioNetwork): Promise<void> {
  await network.lose({ from: "R2", link: "L", kind: "sync", skip: 1, count: 1 });
  await synchronised(network);
  const expected = exchange({ address: R1, ssn: 1 }, { address: R2, ssn: 1 });
  const said = await syncs(network);
  assert.deepEqual([...new Set(said)], expected);
  for (const again of expected.slice(2)) {
    assert.ok(said.filter((text) => text === again).length >= 2, `"${again}" is said again`);
  }
  await expectAgreement(network);
}

async function bothLead(network: ScenarioNetwork): Promise<void> {
  await network.lose({ from: "R1", link: "L", kind: "sync" });
  await network.lose({ from: "R2", link: "L", kind: "sync" });
  await network.start("R1", "R2");
  const asked = [`${R1} Sync 0 M- ${R2} 1/0`, `${R2} Sync 0 M- ${R1} 1/0`];
  await network.until(async () => {
    assert.deepEqual([...new Set(await syncs(network))].sort(), asked);
  });
  await network.loseNothing();
  await untilSynced(network, { R1: 1, R2: 1 });
  const said = await syncs(network);
  // The higher address leads, whichever was heard first; the lower one keeps its snapshot.
  const led = exchange({ address: R2, ssn: 1 }, { address: R1, ssn: 1 });
  assert.deepEqual(said.slice(-2), led.slice(2), said.join("\n"));
  assert.ok(said.includes(led[1] ?? ""), "R1's answer");
  await expectAgreement(network);
}

async function restartsAtOnce(network: ScenarioNetwork): Promise<void> {
  await synchronised(network);
  const first = await bootTimeOf(network, "R2");
  for (let turn = 0; turn < TURNS; turn++) {
    await network.setProtocol("R2", "eth0", "hpim", false);
    await network.setProtocol("R2", "eth0", "hpim", true);
  }
  const ahead = await bootTimeOf(network, "R2");
  assert.ok(ahead >= first + TURNS, `BootTimes ${first}, ${ahead}`);
  await untilSynced(network, { R1: 1, R2: 1 });
  await expectAgreement(network);
  await network.kill("R2");
  await network.start("R2");
  assert.ok((await bootTimeOf(network, "R2")) > ahead, "R2's BootTime");
  await network.until(() => expectAgreement(network));
  await untilSynced(network, { R1: 1, R2: 1 });
}

export const SYNC_FAULTS: readonly Scenario[] = [
  {
    title: "X1: the last Sync of a synchronisation is lost",
    topology: "sync",
    settings: FEW_HELLOS,
    quickSettings: { hpim: { ...FEW_HELLOS.hpim, syncRetransmissionTime: 1 } },
    run: lastSyncLost,
  },
  {
    title: "X2: both Hellos are heard before a Sync, and the higher address leads",
    topology: "sync",
    quickSettings: { hpim: { helloPeriod: 1, syncRetransmissionTime: 1 } },
    run: bothLead,
  },
  {
    title: "X3: a router restarts within the second",
    topology: "sync",
    settings: FEW_HELLOS,
    run: restartsAtOnce,
  },
];
