// Where data may not go: onto links without interest while nothing is flooded (X9), and back onto the source's link (X10).
import assert from "node:assert/strict";
import { type Scenario, treeLines, untilStates, untilSynced } from "./scenario-network.ts";
import { formed, GROUP, PACKET_INTERVAL_MILLIS, untilSteady } from "./seven-routers.ts";
import { untilOneCopy } from "./source-loop.ts";

const interests = (lines: readonly string[]): readonly string[] =>
  lines.filter((text) => text.includes(" Interest "));

export const FLOODING: readonly Scenario[] = [
  {
    title: "X9: nothing is flooded: links on which nobody asks for data carry none",
    topology: "seven-routers",
    settings: { hpim: { floodInitialData: false } },
    async run(network) {
      await formed(network);
      await untilSteady(network, "Client0", "Client1");
      for (const link of ["C", "F"]) {
        assert.deepEqual(interests(await treeLines(network, link)), [], `interest on ${link}`);
        assert.equal(await network.data(link), 0, `data on ${link}`);
      }
    },
  },
  {
    title:
      "X10: an interface with IGMP alone, and members, on the source's link forwards nothing onto it",
    topology: "source-loop",
    async run(network) {
      await network.start();
      await network.setProtocol("R1", "eth1", "hpim", false);
      await untilSynced(network, { R1: 3, R2: 3, R3: 2 });
      await network.join("Client0", GROUP);
      await network.join("Source", GROUP);
      await network.until(async () => {
        assert.equal((await network.groups("R3")).length, 1);
        const onA = (await network.groups("R1")).map((group) => group.interface);
        assert.deepEqual(onA, ["eth0", "eth1"]);
      });
      await network.mark();
      await network.send("Source", [GROUP], PACKET_INTERVAL_MILLIS);
      await untilStates(network, {
        R1: ["ACTIVE", "eth0 root", "eth1 AW DI pruned", "eth2 AL pruned"],
      });
      await untilOneCopy(network);
    },
  },
];
