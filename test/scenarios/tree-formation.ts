// The published tests 4 to 9: trees form, roots move, assert winners leave.
import assert from "node:assert/strict";
import {
  expectSaid,
  lineOf,
  type Scenario,
  type ScenarioNetwork,
  stateOf,
  treeLines,
  untilStates,
} from "./scenario-network.ts";
import { FORMED_SAID, formed, R7_BY_R5, untilQuiet, untilSteady } from "./seven-routers.ts";

/** Test 5: R7's root moves to eth0. */
async function rootMoved(network: ScenarioNetwork): Promise<void> {
  await formed(network);
  await untilSteady(network, "Client0", "Client1");
  await network.mark();
  await network.change(R7_BY_R5);
  await untilStates(network, {
    R7: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding", "eth2 AL pruned"],
    R5: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
    R2: ["ACTIVE", "eth0 root", "eth1 AL pruned", "eth2 AW NDI pruned"],
    R1: [
      "ACTIVE",
      "eth0 root",
      "eth1 AW NDI pruned",
      "eth2 AW NDI pruned",
      "eth3 AW DI forwarding",
    ],
  });
}

/** Test 8: the assert winner of E leaves. */
export async function winnerLeft(network: ScenarioNetwork, intervalMillis?: number): Promise<void> {
  await formed(network, intervalMillis);
  await untilSteady(network, "Client0", "Client1");
  await network.mark();
  await network.setProtocol("R4", "eth1", "hpim", false);
  await untilStates(network, {
    R3: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
    R2: ["ACTIVE", "eth0 root", "eth1 AL pruned", "eth2 AW DI forwarding"],
    R1: [
      "ACTIVE",
      "eth0 root",
      "eth1 AW DI forwarding",
      "eth2 AW DI forwarding",
      "eth3 AW NDI pruned",
    ],
  });
}

export const TREE_FORMATION: readonly Scenario[] = [
  {
    title: "HPIM-DM test 4: a tree forms",
    topology: "seven-routers",
    async run(network) {
      await formed(network);
      await network.until(() => expectSaid(network, FORMED_SAID));
      await untilSteady(network, "Client0", "Client1");
      await untilQuiet(network, ["C", "F"], "Client0");
    },
  },
  {
    title: "HPIM-DM test 5: the root moves when a metric changes",
    topology: "seven-routers",
    async run(network) {
      await rootMoved(network);
      await network.until(() =>
        expectSaid(network, {
          I: { announced: ["10.9.9.7 IamUpstream 11/40"] },
          F: {
            announced: ["10.6.6.7 IamNoLongerUpstream"],
            interest: ["10.6.6.7 Interest 10.6.6.5"],
          },
          H: { announced: ["10.8.8.7 IamUpstream 11/40"] },
          E: { interest: ["10.5.5.5 Interest 10.5.5.4"] },
          B: { interest: ["10.2.2.2 NoInterest 10.2.2.1"] },
        }),
      );
      assert.deepEqual(await treeLines(network, "F"), [
        "10.6.6.7 IamNoLongerUpstream",
        "10.6.6.7 Interest 10.6.6.5",
      ]);
      await untilSteady(network, "Client0", "Client1");
      await untilQuiet(network, ["B", "C", "I"], "Client0");
    },
  },
  {
    title: "HPIM-DM test 6: an upstream router is lost",
    topology: "seven-routers",
    async run(network) {
      await rootMoved(network);
      await network.mark();
      await network.setProtocol("R5", "eth0", "hpim", false);
      await network.setProtocol("R5", "eth0", "igmp", false);
      await untilStates(network, {
        R7: ["UNSURE", "eth0 root", "eth1 AW DI forwarding", "eth2 AL pruned"],
      });
      assert.deepEqual((await stateOf(network, "R5"))[0] ?? "INACTIVE", "INACTIVE");
      await network.until(() =>
        expectSaid(network, {
          F: { announced: ["10.6.6.5 IamNoLongerUpstream"] },
          I: {
            announced: ["10.9.9.7 IamNoLongerUpstream"],
            interest: ["10.9.9.7 NoInterest 10.9.9.2"],
          },
          H: { announced: ["10.8.8.7 IamNoLongerUpstream"] },
        }),
      );
      assert.ok((await network.messages("E")).map(lineOf).includes("10.5.5.5 Hello 0"));
      await network.mark();
      await network.change({ router: "R5", interface: "eth0", up: false });
      await untilStates(network, {
        R7: ["ACTIVE", "eth0 AW NDI pruned", "eth1 AW DI forwarding", "eth2 root"],
        R5: ["ACTIVE", "eth1 root"],
        R2: ["ACTIVE", "eth0 root", "eth1 AL pruned", "eth2 AW DI forwarding"],
      });
      // R7 becomes ACTIVE by a route that is also of another metric: the old one is not announced (X7).
      await network.until(() =>
        expectSaid(network, {
          I: { interest: ["10.9.9.7 Interest 10.9.9.2"] },
          F: {
            announced: ["10.6.6.7 IamUpstream 11/120"],
            interest: ["10.6.6.5 NoInterest 10.6.6.7"],
          },
          H: { announced: ["10.8.8.7 IamUpstream 11/120"] },
          B: { interest: ["10.2.2.2 Interest 10.2.2.1"] },
        }),
      );
      await untilSteady(network, "Client0", "Client1");
    },
  },
  {
    title: "HPIM-DM test 7: the assert winner of a link is elected",
    topology: "seven-routers",
    async run(network) {
      await formed(network);
      await network.until(() => expectSaid(network, { E: FORMED_SAID.E }));
      const onE = await network.trees("R3");
      const reason = onE[0]?.interfaces[1]?.nonRoot?.assert.reason;
      assert.equal(reason, "10.5.5.4 offers 11/20, the same, with the higher address");
      await untilSteady(network, "Client1");
    },
  },
  {
    title: "HPIM-DM test 8: the assert winner leaves",
    topology: "seven-routers",
    async run(network) {
      await winnerLeft(network);
      await network.until(() =>
        expectSaid(network, {
          E: { interest: ["10.5.5.5 NoInterest 10.5.5.3", "10.5.5.6 Interest 10.5.5.3"] },
          C: { interest: ["10.3.3.3 Interest 10.3.3.1"] },
          D: { interest: ["10.4.4.4 NoInterest 10.4.4.1"] },
        }),
      );
      assert.ok((await network.messages("E")).map(lineOf).includes("10.5.5.4 Hello 0"));
      await untilSteady(network, "Client0", "Client1");
      await untilQuiet(network, ["D"], "Client1");
    },
  },
  {
    title: "HPIM-DM test 9: the assert winner's interface becomes root",
    topology: "seven-routers",
    async run(network) {
      await winnerLeft(network);
      await untilSteady(network, "Client1");
      await network.mark();
      await network.change({ router: "R3", interface: "eth0", cost: 100 });
      await untilStates(network, {
        R2: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding", "eth2 AW DI forwarding"],
        R3: ["ACTIVE", "eth0 AL pruned", "eth1 root"],
        R1: [
          "ACTIVE",
          "eth0 root",
          "eth1 AW DI forwarding",
          "eth2 AW NDI pruned",
          "eth3 AW NDI pruned",
        ],
      });
      await network.until(() =>
        expectSaid(network, {
          E: {
            announced: ["10.5.5.3 IamNoLongerUpstream"],
            interest: [
              "10.5.5.3 NoInterest 10.5.5.2",
              "10.5.5.5 NoInterest 10.5.5.2",
              "10.5.5.6 Interest 10.5.5.2",
            ],
          },
          C: { announced: ["10.3.3.3 IamUpstream 11/30"] },
        }),
      );
      await untilSteady(network, "Client0", "Client1");
    },
  },
];
