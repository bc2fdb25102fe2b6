// The published tests 14 and 15: routers with 21 trees synchronise again.
import assert from "node:assert/strict";
import {
  lineOf,
  type Scenario,
  type ScenarioNetwork,
  stateOf,
  treeLines,
  untilStates,
} from "./scenario-network.ts";
import { clientsJoin, FORMED, GROUP, NEIGHBORS, synchronised } from "./seven-routers.ts";

const GROUPS = Array.from({ length: 21 }, (_, i) => `224.12.12.${12 + i}`);

/** Pre of tests 14 and 15: 21 trees, all ACTIVE everywhere. */
async function manyTrees(network: ScenarioNetwork): Promise<void> {
  await synchronised(network);
  await clientsJoin(network);
  await network.send("Source", GROUPS, 200);
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

/** Between the steps nobody says Hello by itself, so that each pair synchronises once, asked by the same side. */
const FIVE_TREES_PER_SYNC = { hpim: { treesPerSync: 5, helloPeriod: 60 } };

export const SYNCHRONISE_AGAIN: readonly Scenario[] = [
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
        const toR3 = (await treeLines(network, "E")).filter((text) => text.endsWith("10.5.5.3"));
        assert.equal(toR3.length, 2 * GROUPS.length, "interest of R5 and R6, now in R3");
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
        const lines = await treeLines(network, "E");
        const interests = lines.filter((text) => text.endsWith("nterest 10.5.5.4"));
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
