// The published tests 16 and 17: a tree forms and goes in a network with a loop.
import assert from "node:assert/strict";
import {
  expectSaid,
  type Scenario,
  type ScenarioNetwork,
  treeLines,
  untilStates,
  untilSynced,
} from "./scenario-network.ts";

const GROUP = "224.12.12.12";
const ROUTERS = ["R1", "R2", "R3", "R4", "R5"];

async function formed(network: ScenarioNetwork): Promise<void> {
  await network.start();
  await untilSynced(network, { R1: 1, R2: 3, R3: 3, R4: 2, R5: 3 });
  await network.join("Client0", GROUP);
  await network.join("Client1", GROUP);
  await network.until(async () => {
    assert.equal((await network.groups("R4")).length, 1);
    assert.equal((await network.groups("R5")).length, 1);
  });
  await network.mark();
  await network.send("Source", [GROUP], 20);
  await untilStates(network, {
    R1: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
    R2: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
    R3: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
    R4: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding", "eth2 AW DI forwarding"],
    R5: ["ACTIVE", "eth0 AL pruned", "eth1 root", "eth2 AW DI forwarding"],
  });
}

export const LOOP: readonly Scenario[] = [
  {
    title: "HPIM-DM test 16: a tree forms in a loop",
    topology: "loop",
    async run(network) {
      await formed(network);
      await network.until(() =>
        expectSaid(network, {
          B: {
            announced: ["10.2.2.1 IamUpstream 2/0"],
            interest: ["10.2.2.2 Interest 10.2.2.1"],
          },
          S: {
            announced: ["10.3.3.2 IamUpstream 11/20", "10.3.3.5 IamUpstream 11/50"],
            interest: ["10.3.3.3 Interest 10.3.3.2"],
          },
          C: {
            announced: ["10.4.4.3 IamUpstream 11/30"],
            interest: ["10.4.4.4 Interest 10.4.4.3"],
          },
          D: {
            announced: ["10.5.5.4 IamUpstream 11/40"],
            interest: ["10.5.5.5 Interest 10.5.5.4"],
          },
          E: { announced: ["10.6.6.4 IamUpstream 11/40"] },
          F: { announced: ["10.7.7.5 IamUpstream 11/50"] },
        }),
      );
      // R5 is UNSURE until its own root has an upstream neighbor.
      const onS = await treeLines(network, "S");
      assert.ok(onS.includes("10.3.3.5 NoInterest 10.3.3.2"), onS.join("\n"));
      await network.until(async () => {
        for (const client of ["Client0", "Client1"]) {
          const last = (await network.received(client, GROUP)).slice(-20);
          assert.deepEqual(
            last,
            last.map((_, i) => (last[0] ?? 0) + i),
          );
          assert.equal(last.length, 20);
        }
      });
    },
  },
  {
    title: "HPIM-DM test 17: a tree goes in a loop when its source stops",
    topology: "loop",
    quickSettings: { hpim: { sourceActiveTime: 3, helloPeriod: 1 } },
    async run(network) {
      await formed(network);
      await network.stopSending("Source");
      await network.mark();
      await network.until(async () => {
        for (const router of ROUTERS) {
          assert.deepEqual(await network.trees(router), [], `${router}'s trees`);
        }
      }, 240);
      assert.deepEqual(await treeLines(network, "B"), ["10.2.2.1 IamNoLongerUpstream"]);
      assert.deepEqual(await treeLines(network, "C"), ["10.4.4.3 IamNoLongerUpstream"]);
      assert.deepEqual(await treeLines(network, "D"), ["10.5.5.4 IamNoLongerUpstream"]);
      assert.deepEqual((await treeLines(network, "S")).toSorted(), [
        "10.3.3.2 IamNoLongerUpstream",
        "10.3.3.2 NoInterest 10.3.3.5",
        "10.3.3.3 Interest 10.3.3.5",
        "10.3.3.5 IamNoLongerUpstream",
      ]);
      await network.mark();
      const quiet = await network.timeUntil(async () => {
        const hellos = (await network.messages("S")).filter((seen) => seen.from.endsWith("\x05"));
        assert.ok(hellos.length >= 3, "three Hello periods");
      }, 60);
      assert.ok(quiet > 0);
      for (const router of ROUTERS) assert.deepEqual(await network.trees(router), []);
    },
  },
];
