// All Acks of one neighbor are lost (X5): it is given up, and synchronised with again on its next packet.
import assert from "node:assert/strict";
import { formatAddress } from "../../src/base/address.ts";
import {
  expectSpan,
  lineOf,
  type Scenario,
  type ScenarioNetwork,
  type ScenarioSettings,
  untilStates,
  untilSynced,
} from "./scenario-network.ts";
import {
  clientsJoin,
  FORMED,
  GROUP,
  NEIGHBORS,
  synchronised,
  untilSteady,
} from "./seven-routers.ts";

/** The first, and one at each expiry until the fourth, which is one more than AckFailureThreshold (§5.5). */
const COPIES = 5;
const UPSTREAM = ["10.5.5.2", "10.5.5.3", "10.5.5.4"];
const R6 = "10.5.5.6";

/** R6 hears the announcements on E, and no router there hears so. */
async function acksLost(network: ScenarioNetwork, settings: ScenarioSettings): Promise<void> {
  await synchronised(network);
  await clientsJoin(network);
  await network.lose({ from: "R6", link: "E", kind: "ack" });
  await network.mark();
  await network.send("Source", [GROUP], 50);
  for (const address of UPSTREAM) {
    const text = `${address} IamUpstream 11/20`;
    await network.until(async () => {
      const copies = (await network.messages("E")).filter((seen) => lineOf(seen) === text);
      assert.equal(copies.length, COPIES, `copies of "${text}"`);
    });
  }
  await network.until(async () => {
    const asked = (await network.messages("E")).filter(({ message }) => message.kind === "sync");
    const pairs = asked.map(({ from, to }) => [from, to].map(formatAddress));
    for (const address of UPSTREAM) {
      assert.ok(
        pairs.some((pair) => pair.includes(address)),
        `Syncs with ${address}`,
      );
    }
    for (const pair of pairs) assert.ok(pair.includes(R6), `Syncs: ${pair}`);
  });
  await untilSynced(network, NEIGHBORS);
  await untilStates(network, FORMED);
  await untilSteady(network, "Client0", "Client1");
  const messages = await network.messages("E");
  const { retransmissionTime } = settings.hpim ?? {};
  for (const address of UPSTREAM) {
    const copies = messages.filter((one) => lineOf(one) === `${address} IamUpstream 11/20`);
    assert.equal(copies.length, COPIES, `copies that ${address} sent`);
    for (const [i, { at, message }] of copies.entries()) {
      assert.deepEqual(message, copies[0]?.message);
      expectSpan(network, [copies[0]?.at ?? 0, at], i * Number(retransmissionTime) * 1000);
    }
    const synced = messages.find(
      ({ message, from, to }) =>
        message.kind === "sync" && [from, to].map(formatAddress).includes(address),
    );
    assert.ok((synced?.at ?? 0) >= (copies.at(-1)?.at ?? Infinity), `${address} gives up R6 first`);
  }
}

export const ACKS_LOST: readonly Scenario[] = [
  {
    title: "X5: a neighbor whose Acks are lost is given up, and synchronised with again",
    topology: "seven-routers",
    settings: { hpim: { retransmissionTime: 3 } },
    quickSettings: { hpim: { retransmissionTime: 1, helloPeriod: 2 } },
    run: acksLost,
  },
];
