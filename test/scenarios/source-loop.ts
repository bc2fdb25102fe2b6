// The published test 18: two originators, one of them with two interfaces on the source's link.
import assert from "node:assert/strict";
import {
  expectSaid,
  type Scenario,
  type ScenarioNetwork,
  untilStates,
  untilSynced,
} from "./scenario-network.ts";

const GROUP = "224.12.12.12";

async function formed(network: ScenarioNetwork): Promise<void> {
  await network.start();
  await untilSynced(network, { R1: 4, R2: 4, R3: 2 });
  await network.join("Client0", GROUP);
  await network.until(async () => assert.equal((await network.groups("R3")).length, 1));
  await network.mark();
  await network.send("Source", [GROUP], 20);
  await untilStates(network, {
    R1: ["ACTIVE", "eth0 root", "eth1 AW NDI pruned", "eth2 AL pruned"],
    R2: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
    R3: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  });
}

/** Waits until each packet is seen once on each link for a while. */
export async function untilOneCopy(network: ScenarioNetwork): Promise<void> {
  await network.until(async () => {
    await network.mark();
    await network.until(async () => {
      assert.ok((await network.received("Client0", GROUP)).length >= 25);
    });
    const counts = [await network.data("A"), await network.data("B"), await network.data("C")];
    const most = Math.max(...counts);
    for (const count of counts) assert.ok(most - count <= 1, `packets on A, B, C: ${counts}`);
  });
}

export const SOURCE_LOOP: readonly Scenario[] = [
  {
    title: "HPIM-DM test 18: two originators on the source's link",
    topology: "source-loop",
    quickSettings: { hpim: { sourceActiveTime: 4, initialFloodTime: 1 } },
    async run(network) {
      await formed(network);
      await network.until(() =>
        expectSaid(network, {
          A: {},
          B: {
            announced: ["10.2.2.1 IamUpstream 2/0", "10.2.2.3 IamUpstream 2/0"],
            interest: ["10.2.2.2 Interest 10.2.2.3"],
          },
          C: { announced: ["10.3.3.2 IamUpstream 11/20"] },
        }),
      );
      await untilOneCopy(network);
      const own = await network.neighbors("R1");
      assert.deepEqual(
        own.map(({ address }) => address),
        ["10.1.1.3", "10.1.1.3", "10.2.2.2", "10.2.2.3"],
      );
      await network.stopSending("Source");
      await network.until(async () => {
        for (const router of ["R1", "R2", "R3"]) {
          assert.deepEqual(await network.trees(router), [], `${router}'s trees`);
        }
      }, 240);
    },
  },
];
