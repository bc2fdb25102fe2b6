// Two routers on a link, without trees: how their tests begin, and what is looked at.
import assert from "node:assert/strict";
import { formatAddress } from "../../src/base/address.ts";
import type { Message } from "../../src/core/messages.ts";
import { lineOf, type ScenarioNetwork, type Seen, untilSynced } from "./scenario-network.ts";

/** The Syncs on the link since the mark, as lines with both snapshot numbers. */
export async function syncs(network: ScenarioNetwork): Promise<readonly string[]> {
  return (await network.messages("L")).flatMap((seen) => {
    const { message } = seen;
    if (message.kind !== "sync") return [];
    return [`${lineOf(seen)} ${message.mySsn}/${message.neighborSsn}`];
  });
}

export async function hellosOf(
  network: ScenarioNetwork,
  address: string,
): Promise<readonly Seen<Message>[]> {
  return (await network.messages("L")).filter(
    ({ from, message }) => message.kind === "hello" && formatAddress(from) === address,
  );
}

/** What two neighbors say when `leader` asks first; neither knows a tree. */
export const exchange = (
  leader: { readonly address: string; readonly ssn: number },
  other: { readonly address: string; readonly ssn: number },
): readonly string[] => [
  `${leader.address} Sync 0 M- ${other.address} ${leader.ssn}/0`,
  `${other.address} Sync 0 -- ${leader.address} ${other.ssn}/${leader.ssn}`,
  `${leader.address} Sync 1 M- ${other.address} ${leader.ssn}/${other.ssn}`,
  `${other.address} Sync 1 -- ${leader.address} ${other.ssn}/${leader.ssn}`,
];

/** 0: HPIM-DM does not run on the link. */
export async function bootTimeOf(network: ScenarioNetwork, router: string): Promise<number> {
  const onLink = (await network.interfaces(router)).find(({ name }) => name === "eth0");
  return onLink?.hpim.bootTime ?? 0;
}

/** Both see the same pair of BootTimes and SnapshotSNs. */
export async function expectAgreement(network: ScenarioNetwork): Promise<void> {
  const [ofR1] = await network.neighbors("R1");
  const [ofR2] = await network.neighbors("R2");
  assert.equal(ofR1?.mySsn, ofR2?.neighborSsn);
  assert.equal(ofR1?.neighborSsn, ofR2?.mySsn);
  assert.equal(ofR1?.bootTime, await bootTimeOf(network, "R2"));
  assert.equal(ofR2?.bootTime, await bootTimeOf(network, "R1"));
}

/** R1 runs already when R2 starts, and so hears its first Hello. */
export async function synchronised(network: ScenarioNetwork): Promise<void> {
  await network.start("R1");
  await network.until(async () => {
    const said = (await network.messages("L")).map(({ message }) => message.kind);
    assert.equal(said[0], "hello");
  });
  await network.start("R2");
  await untilSynced(network, { R1: 1, R2: 1 });
}

/** R1 says nothing by itself while R2 starts, so that R2's first Hello is heard before it hears one. */
export const FEW_HELLOS = { hpim: { helloPeriod: 60 } };

export const R1 = "10.0.0.1";
export const R2 = "10.0.0.2";
