// The seven-router network: how its tests begin, and what they wait for.
import assert from "node:assert/strict";
import { type Said, type ScenarioNetwork, untilStates, untilSynced } from "./scenario-network.ts";

export const GROUP = "224.12.12.12";
export const PACKET_INTERVAL_MILLIS = 20;
/** Copies of a packet in steady state are looked for in this many packets. */
export const STEADY_PACKETS = 25;

export const NEIGHBORS = { R1: 3, R2: 6, R3: 5, R4: 5, R5: 5, R6: 4, R7: 2 };

/** Tree formation's final states (tests 4 and 7). */
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

export const FORMED_SAID = {
  A: {},
  B: { announced: ["10.2.2.1 IamUpstream 2/0"], interest: ["10.2.2.2 Interest 10.2.2.1"] },
  C: { announced: ["10.3.3.1 IamUpstream 2/0"], interest: ["10.3.3.3 NoInterest 10.3.3.1"] },
  D: { announced: ["10.4.4.1 IamUpstream 2/0"], interest: ["10.4.4.4 Interest 10.4.4.1"] },
  E: {
    announced: [
      "10.5.5.2 IamUpstream 11/20",
      "10.5.5.3 IamUpstream 11/20",
      "10.5.5.4 IamUpstream 11/20",
    ],
    interest: ["10.5.5.5 NoInterest 10.5.5.4", "10.5.5.6 Interest 10.5.5.4"],
  },
  F: { announced: ["10.6.6.5 IamUpstream 11/30", "10.6.6.7 IamUpstream 11/30"] },
  G: { announced: ["10.7.7.6 IamUpstream 11/30"] },
  H: { announced: ["10.8.8.7 IamUpstream 11/30"] },
  I: { announced: ["10.9.9.2 IamUpstream 11/20"], interest: ["10.9.9.7 Interest 10.9.9.2"] },
} satisfies Readonly<Record<string, Said>>;

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

/** Waits until the links on `quiet` carry no data while a host gets some. */
export async function untilQuiet(
  network: ScenarioNetwork,
  quiet: readonly string[],
  host: string,
): Promise<void> {
  await network.until(async () => {
    await network.mark();
    await network.until(async () => {
      assert.ok((await network.received(host, GROUP)).length >= STEADY_PACKETS);
    });
    for (const link of quiet) assert.equal(await network.data(link), 0, `data on link ${link}`);
  });
}

export async function synchronised(network: ScenarioNetwork): Promise<void> {
  await network.start();
  await untilSynced(network, NEIGHBORS);
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

/** Test 4: all neighbors synchronised, both clients joined, then the source sends. */
export async function formed(
  network: ScenarioNetwork,
  intervalMillis = PACKET_INTERVAL_MILLIS,
): Promise<void> {
  await synchronised(network);
  await clientsJoin(network);
  await network.mark();
  await network.send("Source", [GROUP], intervalMillis);
  await untilStates(network, FORMED);
}

export const R7_BY_R5 = { router: "R7", interface: "eth2", cost: 100 } as const;
