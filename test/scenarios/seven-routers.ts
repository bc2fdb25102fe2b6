// The seven-router network: how its tests begin, and what they wait for.
import assert from "node:assert/strict";
import type { ScenarioNetwork } from "./scenario-network.ts";

export const GROUP = "224.12.12.12";
export const PACKET_INTERVAL_MILLIS = 20;
/** Copies of a packet in steady state are looked for in this many packets. */
const STEADY_PACKETS = 25;

export const NEIGHBORS = { R1: 3, R2: 6, R3: 5, R4: 5, R5: 5, R6: 4, R7: 2 };

/** Final states when a tree has formed, as in scenario hpim-04. */
export const FORMED = {
  R1: [
    "ACTIVE",
    "eth0 root",
    "eth1 AW DI forwarding",
    "eth2 AW NDI pruned",
    "eth3 AW DI forwarding",
  ],
  R2: ["ACTIVE", "eth0 root", "eth1 AL pruned", "eth2 AW DI forwarding"],
  R3: ["ACTIVE", "eth0 root", "eth1 AL pruned"],
  R4: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  R5: ["ACTIVE", "eth0 root", "eth1 AL pruned"],
  R6: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  R7: ["ACTIVE", "eth0 AW NDI pruned", "eth1 AW DI forwarding", "eth2 root"],
};

/** Waits until a host gets one copy of each packet, in order, for a while. */
export async function untilSteady(
  network: ScenarioNetwork,
  ...hosts: readonly string[]
): Promise<void> {
  await network.until(async () => {
    for (const host of hosts) {
      const last = (await network.received(host, GROUP)).slice(-STEADY_PACKETS);
      assert.equal(last.length, STEADY_PACKETS, `packets that ${host} got`);
      const first = last[0] ?? 0;
      assert.deepEqual(
        last,
        last.map((_, i) => first + i),
        `packets that ${host} got last`,
      );
    }
  });
}

export async function clientsJoin(network: ScenarioNetwork): Promise<void> {
  await network.join("Client0", GROUP);
  await network.join("Client1", GROUP);
  await network.until(async () => {
    assert.deepEqual(
      (await network.groups("R7")).map(({ group }) => group),
      [GROUP],
    );
    assert.deepEqual(
      (await network.groups("R6")).map(({ group }) => group),
      [GROUP],
    );
  });
}
