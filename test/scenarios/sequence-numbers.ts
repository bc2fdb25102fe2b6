// A router's sequence numbers run out (X4): it takes a new BootTime and synchronises again, and the trees stay.
import assert from "node:assert/strict";
import { formatAddress } from "../../src/base/address.ts";
import {
  lineOf,
  type Scenario,
  type ScenarioNetwork,
  stateOf,
  untilSynced,
} from "./scenario-network.ts";

const GROUPS = Array.from({ length: 6 }, (_, i) => `224.12.12.${12 + i}`);
/** A snapshot, an interest in each tree, and the end of it, are not as many; when it begins again, they are. */
const LIMIT = 3 * GROUPS.length;
const R2 = "10.2.2.2";

async function untilInterested(network: ScenarioNetwork, isInterested: boolean): Promise<void> {
  const outgoing = isInterested ? "DI forwarding" : "NDI pruned";
  await network.until(async () => {
    for (const router of ["R1", "R2"]) {
      for (const group of GROUPS) {
        const state = ["ACTIVE", "eth0 root", `eth1 AW ${outgoing}`];
        assert.deepEqual(await stateOf(network, router, group), state, `${router}, ${group}`);
      }
    }
  });
}

async function allJoin(network: ScenarioNetwork): Promise<void> {
  await Promise.all(GROUPS.map((group) => network.join("Client", group)));
}

/** Sequence numbers that R2 has used on its link to R1 since the mark, in the order of its messages, and under which BootTimes. */
async function numbersOfR2(
  network: ScenarioNetwork,
): Promise<readonly (readonly [bootTime: number, sn: number])[]> {
  return (await network.messages("B")).flatMap(({ from, message }) => {
    if (formatAddress(from) !== R2 || !("sn" in message)) return [];
    return [[message.bootTime, message.sn] as const];
  });
}

async function numbersRunOut(network: ScenarioNetwork): Promise<void> {
  await network.start();
  await untilSynced(network, { R1: 1, R2: 1 });
  await allJoin(network);
  await network.until(async () => {
    assert.equal((await network.groups("R2")).length, GROUPS.length, "groups of R2");
  });
  await network.send("Source", GROUPS, 100);
  await untilInterested(network, true);
  const [before] = await network.neighbors("R1");
  await Promise.all(GROUPS.map((group) => network.leave("Client", group)));
  await untilInterested(network, false);
  assert.equal((await network.neighbors("R1"))[0]?.bootTime, before?.bootTime);
  await network.mark();
  await allJoin(network);
  await untilInterested(network, true);
  await untilSynced(network, { R1: 1, R2: 1 });
  const [after] = await network.neighbors("R1");
  assert.ok((after?.bootTime ?? 0) > (before?.bootTime ?? 0), "R2's BootTime at R1");
  const numbers = await numbersOfR2(network);
  for (const [, sn] of numbers) assert.ok(sn < LIMIT, `SN ${sn}`);
  const old = numbers.filter(([bootTime]) => bootTime === before?.bootTime);
  const fresh = numbers.filter(([bootTime]) => bootTime === after?.bootTime);
  assert.ok(old.length > 0 && fresh.length > 0, "messages under both BootTimes");
  assert.equal(old.length + fresh.length, numbers.length, "one new BootTime");
  assert.ok((fresh[0]?.[1] ?? LIMIT) < (old.at(-1)?.[1] ?? 0), "the SNs begin again");
  assert.ok(
    (await network.messages("B")).map(lineOf).includes(`${R2} Hello 40`),
    "a Hello at once",
  );
}

export const SEQUENCE_NUMBERS: readonly Scenario[] = [
  {
    title: "X4: sequence numbers run out, and all trees stay",
    topology: "pair",
    settings: {
      hpim: { sequenceNumberLimit: LIMIT },
      igmp: { lastMemberQueryInterval: 0.1 },
    },
    run: numbersRunOut,
  },
];
