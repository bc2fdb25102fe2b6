// The published tests 1 to 3: two neighbors synchronise, one restarts, one dies.
import assert from "node:assert/strict";
import { formatAddress } from "../../src/base/address.ts";
import type { Message } from "../../src/core/messages.ts";
import {
  expectSpan,
  lineOf,
  type Scenario,
  type ScenarioNetwork,
  type Seen,
  untilSynced,
} from "./scenario-network.ts";

/** The Syncs on the link since the mark, as lines with both snapshot numbers. */
async function syncs(network: ScenarioNetwork): Promise<readonly string[]> {
  return (await network.messages("L")).flatMap((seen) => {
    const { message } = seen;
    if (message.kind !== "sync") return [];
    return [`${lineOf(seen)} ${message.mySsn}/${message.neighborSsn}`];
  });
}

async function hellosOf(
  network: ScenarioNetwork,
  address: string,
): Promise<readonly Seen<Message>[]> {
  return (await network.messages("L")).filter(
    ({ from, message }) => message.kind === "hello" && formatAddress(from) === address,
  );
}

/** What two neighbors say when `leader` asks first; neither knows a tree. */
const exchange = (
  leader: { readonly address: string; readonly ssn: number },
  other: { readonly address: string; readonly ssn: number },
): readonly string[] => [
  `${leader.address} Sync 0 M- ${other.address} ${leader.ssn}/0`,
  `${other.address} Sync 0 -- ${leader.address} ${other.ssn}/${leader.ssn}`,
  `${leader.address} Sync 1 M- ${other.address} ${leader.ssn}/${other.ssn}`,
  `${other.address} Sync 1 -- ${leader.address} ${other.ssn}/${leader.ssn}`,
];

async function bootTimeOf(network: ScenarioNetwork, router: string): Promise<number | undefined> {
  const onLink = (await network.interfaces(router)).find(({ name }) => name === "eth0");
  return onLink?.hpim.bootTime ?? undefined;
}

/** Both see the same pair of BootTimes and SnapshotSNs. */
async function expectAgreement(network: ScenarioNetwork): Promise<void> {
  const [ofR1] = await network.neighbors("R1");
  const [ofR2] = await network.neighbors("R2");
  assert.equal(ofR1?.mySsn, ofR2?.neighborSsn);
  assert.equal(ofR1?.neighborSsn, ofR2?.mySsn);
  assert.equal(ofR1?.bootTime, await bootTimeOf(network, "R2"));
  assert.equal(ofR2?.bootTime, await bootTimeOf(network, "R1"));
}

/** R1 runs already when R2 starts, and so hears its first Hello. */
async function synchronised(network: ScenarioNetwork): Promise<void> {
  await network.start("R1");
  await network.until(async () => {
    const said = (await network.messages("L")).map(({ message }) => message.kind);
    assert.equal(said[0], "hello");
  });
  await network.start("R2");
  await untilSynced(network, { R1: 1, R2: 1 });
}

/** R1 says nothing by itself while R2 starts, so that R2's first Hello is heard before it hears one. */
const FEW_HELLOS = { hpim: { helloPeriod: 60 } };

const R1 = "10.0.0.1";
const R2 = "10.0.0.2";

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
    quickSettings: { hpim: { helloPeriod: 1 } },
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
