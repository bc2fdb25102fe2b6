// The published tests 4 to 15, in the seven-router network.
import assert from "node:assert/strict";
import {
  expectSaid,
  lineOf,
  type Said,
  type Scenario,
  type ScenarioNetwork,
  stateOf,
  untilStates,
  untilSynced,
} from "./scenario-network.ts";

const GROUP = "224.12.12.12";
const PACKET_INTERVAL_MILLIS = 20;
/** Copies of a packet in steady state are looked for in this many packets. */
const STEADY_PACKETS = 25;

const NEIGHBORS = { R1: 3, R2: 6, R3: 5, R4: 5, R5: 5, R6: 4, R7: 2 };

/** Tree formation's final states (tests 4 and 7). */
const FORMED = {
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

const FORMED_SAID: Readonly<Record<string, Said>> = {
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
    ignoreInterestOf: ["10.5.5.2", "10.5.5.3", "10.5.5.4"],
  },
  F: { announced: ["10.6.6.5 IamUpstream 11/30", "10.6.6.7 IamUpstream 11/30"] },
  G: { announced: ["10.7.7.6 IamUpstream 11/30"] },
  H: { announced: ["10.8.8.7 IamUpstream 11/30"] },
  I: { announced: ["10.9.9.2 IamUpstream 11/20"], interest: ["10.9.9.7 Interest 10.9.9.2"] },
};

/** Waits until a host gets one copy of each packet, in order, for a while. */
async function untilSteady(network: ScenarioNetwork, ...hosts: readonly string[]): Promise<void> {
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
async function untilQuiet(
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

async function synchronised(network: ScenarioNetwork): Promise<void> {
  await network.start();
  await untilSynced(network, NEIGHBORS);
}

async function clientsJoin(network: ScenarioNetwork): Promise<void> {
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
async function formed(network: ScenarioNetwork): Promise<void> {
  await synchronised(network);
  await clientsJoin(network);
  await network.mark();
  await network.send("Source", [GROUP], PACKET_INTERVAL_MILLIS);
  await untilStates(network, FORMED);
}

const R7_BY_R5 = { router: "R7", interface: "eth2", cost: 100 } as const;

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
async function winnerLeft(network: ScenarioNetwork): Promise<void> {
  await formed(network);
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

const GROUPS = Array.from({ length: 21 }, (_, i) => `224.12.12.${12 + i}`);

/** Pre of tests 14 and 15: 21 trees, all ACTIVE everywhere. */
async function manyTrees(network: ScenarioNetwork): Promise<void> {
  await synchronised(network);
  await clientsJoin(network);
  await network.send("Source", GROUPS, PACKET_INTERVAL_MILLIS);
  await network.until(async () => {
    for (const router of Object.keys(NEIGHBORS)) {
      const active = (await network.trees(router)).filter(({ state }) => state === "ACTIVE");
      assert.equal(active.length, GROUPS.length, `ACTIVE trees of ${router}`);
    }
    assert.deepEqual(await stateOf(network, "R4", GROUP), FORMED.R4);
    assert.deepEqual(await stateOf(network, "R3", GROUP), FORMED.R3);
  });
  await network.mark();
}

/** The trees that two neighbors have told each other in Syncs on E since the mark, and the last SyncSN. */
async function synchronisation(
  network: ScenarioNetwork,
  a: string,
  b: string,
): Promise<{ readonly trees: Record<string, number>; readonly lastSyncSn: number }> {
  const trees: Record<string, number> = { [a]: 0, [b]: 0 };
  let lastSyncSn = -1;
  for (const seen of await network.messages("E")) {
    const [from = "", , , , to = ""] = lineOf(seen).split(" ");
    if (seen.message.kind !== "sync" || !(from in trees) || !(to in trees)) continue;
    const { part, syncSn } = seen.message;
    if (part.more) trees[from] = (trees[from] ?? 0) + part.entries.length;
    lastSyncSn = syncSn;
  }
  return { trees, lastSyncSn };
}

const FIVE_TREES_PER_SYNC = { hpim: { treesPerSync: 5 } };

export const SEVEN_ROUTERS: readonly Scenario[] = [
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
      const onF = (await network.messages("F")).filter(({ message }) => "sn" in message);
      assert.deepEqual(
        onF.map(({ message }) => message.kind),
        ["iamNoLongerUpstream", "interest"],
      );
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
      await network.until(() => expectSaid(network, { E: FORMED_SAID["E"] ?? {} }));
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
            ...FORMED_SAID["E"],
            interest: ["10.5.5.5 Interest 10.5.5.4", "10.5.5.6 Interest 10.5.5.4"],
          },
          F: {
            announced: ["10.6.6.5 IamUpstream 11/30"],
            interest: ["10.6.6.7 Interest 10.6.6.5"],
          },
          I: {
            announced: ["10.9.9.2 IamUpstream 11/20", "10.9.9.7 IamUpstream 11/40"],
            ignoreInterestOf: ["10.9.9.7"],
          },
        }),
      );
      await untilSteady(network, "Client0", "Client1");
    },
  },
  {
    title: "HPIM-DM test 11: one of two clients leaves",
    topology: "seven-routers",
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
  {
    title: "HPIM-DM test 14: an UPSTREAM router synchronises again, five trees at a time",
    topology: "seven-routers",
    settings: FIVE_TREES_PER_SYNC,
    async run(network) {
      await manyTrees(network);
      await network.setProtocol("R4", "eth1", "hpim", false);
      await untilStates(network, { R3: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"] });
      await network.until(async () => {
        const row = (await network.trees("R3")).filter(
          ({ interfaces }) => interfaces[1]?.nonRoot?.assert.winner,
        );
        assert.equal(row.length, GROUPS.length, "trees that R3 wins on E");
      });
      await network.mark();
      await network.setProtocol("R4", "eth1", "hpim", true);
      await untilStates(network, { R4: FORMED.R4, R3: FORMED.R3, R2: FORMED.R2 });
      await network.until(async () => {
        for (const [other, count] of [
          ["10.5.5.2", 21],
          ["10.5.5.3", 21],
          ["10.5.5.5", 0],
          ["10.5.5.6", 0],
        ] as const) {
          const { trees, lastSyncSn } = await synchronisation(network, "10.5.5.4", other);
          assert.deepEqual(trees, { "10.5.5.4": 21, [other]: count });
          assert.equal(lastSyncSn, 5);
        }
        const lines = (await network.messages("E")).filter(({ message }) => "sn" in message);
        const interests = lines.map(lineOf).filter((text) => text.endsWith("nterest 10.5.5.4"));
        assert.equal(interests.filter((text) => text.startsWith("10.5.5.5")).length, 21);
        assert.equal(interests.filter((text) => text.startsWith("10.5.5.6")).length, 21);
        assert.equal(lines.length, 42, "messages about trees on E");
      });
    },
  },
  {
    title: "HPIM-DM test 15: a NOT UPSTREAM router synchronises again, five trees at a time",
    topology: "seven-routers",
    settings: FIVE_TREES_PER_SYNC,
    async run(network) {
      await manyTrees(network);
      await network.setProtocol("R5", "eth0", "hpim", false);
      await network.until(async () => {
        const unsure = (await network.trees("R5")).filter(({ state }) => state === "UNSURE");
        assert.equal(unsure.length, GROUPS.length, "UNSURE trees of R5");
        const onF = (await network.messages("F")).map(lineOf);
        const count = (text: string): number => onF.filter((other) => other === text).length;
        assert.equal(count("10.6.6.5 IamNoLongerUpstream"), 21);
        assert.equal(count("10.6.6.5 NoInterest 10.6.6.7"), 21);
      });
      await network.mark();
      await network.setProtocol("R5", "eth0", "hpim", true);
      await untilStates(network, { R5: FORMED.R5 });
      await network.until(async () => {
        for (const [other, count] of [
          ["10.5.5.2", 21],
          ["10.5.5.3", 21],
          ["10.5.5.4", 21],
          ["10.5.5.6", 0],
        ] as const) {
          const { trees, lastSyncSn } = await synchronisation(network, "10.5.5.5", other);
          assert.deepEqual(trees, { "10.5.5.5": 0, [other]: count });
          assert.equal(lastSyncSn, count === 0 ? 1 : 5);
        }
        const onF = (await network.messages("F")).map(lineOf);
        assert.equal(onF.filter((text) => text === "10.6.6.5 IamUpstream 11/30").length, 21);
        const onE = (await network.messages("E")).map(lineOf);
        const last = onE.filter((text) => text === "10.5.5.5 NoInterest 10.5.5.4");
        assert.equal(last.length, 21);
      });
    },
  },
];
