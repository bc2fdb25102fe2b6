// The published tests 1 to 3: two neighbors synchronise, one restarts, one dies.
import assert from "node:assert/strict";
import { expectSpan, lineOf, type Scenario, untilSynced } from "./scenario-network.ts";
import {
  exchange,
  expectAgreement,
  FEW_HELLOS,
  hellosOf,
  R1,
  R2,
  synchronised,
  syncs,
} from "./two-routers.ts";

export const SYNC: readonly Scenario[] = [
  {
    title: "HPIM-DM test 1: two new neighbors without trees synchronise",
    topology: "sync",
    settings: FEW_HELLOS,
    async run(network) {
      await synchronised(network);
      assert.deepEqual(
        await syncs(network),
        exchange({ address: R1, ssn: 1 }, { address: R2, ssn: 1 }),
      );
      await expectAgreement(network);
    },
  },
  {
    title: "HPIM-DM test 2: a neighbor restarts",
    topology: "sync",
    settings: FEW_HELLOS,
    async run(network) {
      await synchronised(network);
      const [before] = await network.neighbors("R1");
      await network.kill("R2");
      await network.mark();
      await network.start("R2");
      await network.until(async () => {
        const [now] = await network.neighbors("R1");
        assert.ok((now?.bootTime ?? 0) > (before?.bootTime ?? 0), "R2's BootTime at R1");
      });
      await untilSynced(network, { R1: 1, R2: 1 });
      assert.deepEqual(
        await syncs(network),
        exchange({ address: R1, ssn: 2 }, { address: R2, ssn: 1 }),
      );
      await expectAgreement(network);
    },
  },
  {
    title: "HPIM-DM test 3: a neighbor dies, and is removed one hold time after its last Hello",
    topology: "sync",
    quickSettings: { hpim: { helloPeriod: 0.5 } },
    async run(network) {
      await synchronised(network);
      await network.until(async () => assert.ok((await hellosOf(network, R2)).length >= 2));
      await network.kill("R2");
      const last = (await hellosOf(network, R2)).at(-1);
      assert.ok(last?.message.kind === "hello");
      const { holdTimeSeconds = 0 } = last.message.options;
      const gone = await network.timeUntil(async () => {
        assert.deepEqual(await network.neighbors("R1"), []);
      }, 60);
      expectSpan(network, [last.at, gone], holdTimeSeconds * 1000);
    },
  },
  {
    title: "HPIM-DM test 3b: a neighbor that says goodbye is removed at once",
    topology: "sync",
    async run(network) {
      await synchronised(network);
      await network.stop("R2");
      await untilSynced(network, { R1: 0 });
      assert.ok((await network.messages("L")).map(lineOf).includes(`${R2} Hello 0`));
    },
  },
];
