// The published tests 10 to 13: interest at the creation of a tree, and as clients leave and join.
import assert from "node:assert/strict";
import {
  expectSaid,
  type Scenario,
  type ScenarioNetwork,
  stateOf,
  untilStates,
} from "./scenario-network.ts";
import {
  clientsJoin,
  FORMED_SAID,
  GROUP,
  PACKET_INTERVAL_MILLIS,
  R7_BY_R5,
  STEADY_PACKETS,
  synchronised,
  untilQuiet,
  untilSteady,
} from "./seven-routers.ts";

const INTEREST_AT_CREATION = {
  R1: ["ACTIVE", "eth0 root", "eth1 AW NDI pruned", "eth2 AW NDI pruned", "eth3 AW DI forwarding"],
  R2: ["ACTIVE", "eth0 root", "eth1 AL pruned", "eth2 AW NDI pruned"],
  R4: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  R5: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  R6: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  R7: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding", "eth2 AL pruned"],
};

/** Test 10: R7 reaches the source over R5 from the start. */
async function formedOverR5(network: ScenarioNetwork): Promise<void> {
  await network.change(R7_BY_R5);
  await synchronised(network);
  await clientsJoin(network);
  await network.mark();
  await network.send("Source", [GROUP], PACKET_INTERVAL_MILLIS);
  await untilStates(network, INTEREST_AT_CREATION);
}

async function client1Left(network: ScenarioNetwork): Promise<void> {
  await formedOverR5(network);
  await untilSteady(network, "Client0", "Client1");
  await network.mark();
  await network.leave("Client1", GROUP);
  await untilStates(network, { R6: ["ACTIVE", "eth0 root", "eth1 AW NDI pruned"] });
}

async function allLeft(network: ScenarioNetwork): Promise<void> {
  await client1Left(network);
  await network.mark();
  await network.leave("Client0", GROUP);
  await untilStates(network, {
    R5: ["ACTIVE", "eth0 root", "eth1 AW NDI pruned"],
    R4: ["ACTIVE", "eth0 root", "eth1 AW NDI pruned"],
    R1: ["ACTIVE", "eth0 root", "eth1 AW NDI pruned", "eth2 AW NDI pruned", "eth3 AW NDI pruned"],
  });
}

/** A host that leaves is the last one on its link, so nobody has to answer in time. */
const QUICK_LEAVE = { igmp: { lastMemberQueryInterval: 0.2 } };

export const INTEREST: readonly Scenario[] = [
  {
    title: "HPIM-DM test 10: interest when a tree is created",
    topology: "seven-routers",
    async run(network) {
      await formedOverR5(network);
      await network.until(() =>
        expectSaid(network, {
          B: {
            announced: ["10.2.2.1 IamUpstream 2/0"],
            interest: ["10.2.2.2 NoInterest 10.2.2.1"],
          },
          C: {
            announced: ["10.3.3.1 IamUpstream 2/0"],
            interest: ["10.3.3.3 NoInterest 10.3.3.1"],
          },
          D: { announced: ["10.4.4.1 IamUpstream 2/0"], interest: ["10.4.4.4 Interest 10.4.4.1"] },
          E: {
            ...FORMED_SAID.E,
            interest: ["10.5.5.5 Interest 10.5.5.4", "10.5.5.6 Interest 10.5.5.4"],
          },
          F: {
            announced: ["10.6.6.5 IamUpstream 11/30"],
            interest: ["10.6.6.7 Interest 10.6.6.5"],
          },
          I: {
            announced: ["10.9.9.2 IamUpstream 11/20", "10.9.9.7 IamUpstream 11/40"],
          },
        }),
      );
      await untilSteady(network, "Client0", "Client1");
    },
  },
  {
    title: "HPIM-DM test 11: one of two clients leaves",
    topology: "seven-routers",
    quickSettings: QUICK_LEAVE,
    async run(network) {
      await client1Left(network);
      await network.until(() =>
        expectSaid(network, { E: { interest: ["10.5.5.6 NoInterest 10.5.5.4"] }, F: {}, D: {} }),
      );
      assert.deepEqual(await stateOf(network, "R4"), INTEREST_AT_CREATION.R4);
      await untilSteady(network, "Client0");
      await untilQuiet(network, ["G"], "Client0");
    },
  },
  {
    title: "HPIM-DM test 12: all clients leave",
    topology: "seven-routers",
    quickSettings: QUICK_LEAVE,
    async run(network) {
      await allLeft(network);
      await network.until(() =>
        expectSaid(network, {
          F: { interest: ["10.6.6.7 NoInterest 10.6.6.5"] },
          E: { interest: ["10.5.5.5 NoInterest 10.5.5.4"] },
          D: { interest: ["10.4.4.4 NoInterest 10.4.4.1"] },
        }),
      );
      await network.mark();
      await network.until(async () => {
        assert.ok((await network.data("A")) >= STEADY_PACKETS, "data on link A");
      });
      for (const link of ["B", "C", "D", "E", "F", "G", "H", "I"]) {
        assert.equal(await network.data(link), 0, `data on link ${link}`);
      }
    },
  },
  {
    title: "HPIM-DM test 13: clients join again",
    topology: "seven-routers",
    quickSettings: QUICK_LEAVE,
    async run(network) {
      await allLeft(network);
      await network.mark();
      await network.join("Client1", GROUP);
      await untilStates(network, {
        R4: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
        R1: INTEREST_AT_CREATION.R1,
      });
      await network.until(() =>
        expectSaid(network, {
          E: { interest: ["10.5.5.6 Interest 10.5.5.4"] },
          D: { interest: ["10.4.4.4 Interest 10.4.4.1"] },
        }),
      );
      await untilSteady(network, "Client1");
      await untilQuiet(network, ["F"], "Client1");
      await network.mark();
      await network.join("Client0", GROUP);
      await untilStates(network, { R5: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"] });
      await network.until(() =>
        expectSaid(network, {
          F: { interest: ["10.6.6.7 Interest 10.6.6.5"] },
          E: { interest: ["10.5.5.5 Interest 10.5.5.4"] },
        }),
      );
      await untilSteady(network, "Client0", "Client1");
    },
  },
];
