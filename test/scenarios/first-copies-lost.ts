// The first copy of each type of message is lost on a signed link (X6), also of Acks: the next one is signed as rightly,
// and all is said in the end (§3, §5.1, §6.5, §8.3).
import assert from "node:assert/strict";
import { formatAddress } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type { Message } from "../../src/core/messages.ts";
import { expectSigned, type OpenKey } from "../support/hmac.ts";
import {
  expectSpan,
  lineOf,
  type Scenario,
  type ScenarioNetwork,
  type ScenarioSettings,
  type Seen,
  untilStates,
  untilSynced,
} from "./scenario-network.ts";
import { GROUP, PACKET_INTERVAL_MILLIS, untilSteady } from "./seven-routers.ts";

const KEY: OpenKey = { identifier: 7, algorithm: "sha256", secret: "of the two routers" };
const R1 = "10.2.2.1";
const R2 = "10.2.2.2";

/** What is said on the link of a tree that comes, is not wanted any more, and goes; and how often it is seen. */
const COPIES = {
  // The first is lost, and then R2's first Ack.
  [`${R1} IamUpstream 2/0`]: 3,
  // The first is lost, and then R1's first Ack.
  [`${R2} Interest ${R1}`]: 3,
  // The first is lost; and one more when R2 loses its route to the source (§10 N6), which is heard.
  [`${R2} NoInterest ${R1}`]: 3,
  [`${R1} IamNoLongerUpstream`]: 2,
  [`${R2} Ack ${R1}`]: 3,
  [`${R1} Ack ${R2}`]: 4,
};

type Sent = Seen<Message>;

const onLink = (network: ScenarioNetwork): Promise<readonly Sent[]> => network.messages("B");

/** All copies of each message that is said again when it is lost: all but Hellos and Acks; in the order of the first. */
function copiesOf(messages: readonly Sent[]): readonly (readonly Sent[])[] {
  const copies = new Map<string, Sent[]>();
  for (const seen of messages) {
    if (seen.message.kind === "hello" || seen.message.kind === "ack") continue;
    const said = `${lineOf(seen)} ${JSON.stringify(seen.message)}`;
    copies.set(said, [...(copies.get(said) ?? []), seen]);
  }
  return [...copies.values()];
}

async function lose(
  network: ScenarioNetwork,
  from: "R1" | "R2",
  ...kinds: readonly Message["kind"][]
): Promise<void> {
  for (const kind of kinds) await network.lose({ from, link: "B", kind, count: 1 });
}

/** R2 hears no Hello, and R1 not R2's first: R1 leads, once it has heard the second. */
async function meet(network: ScenarioNetwork, settings: ScenarioSettings): Promise<void> {
  await network.lose({ from: "R1", link: "B", kind: "hello" });
  await lose(network, "R2", "hello", "sync");
  await lose(network, "R1", "sync");
  await network.start("R1");
  await network.until(async () => assert.ok((await onLink(network)).length > 0, "R1 says Hello"));
  await network.start("R2");
  await untilSynced(network, { R1: 1, R2: 1 });
  await network.loseNothing();
  const { helloPeriod, syncRetransmissionTime } = settings.hpim ?? {};
  const messages = await onLink(network);
  const hellos = messages.filter(
    ({ from, message }) => message.kind === "hello" && formatAddress(from) === R2,
  );
  const syncs = copiesOf(messages);
  assert.deepEqual(
    syncs.map((copies) => copies.map(lineOf)),
    [
      // R2, which has not heard the first, answers the second; and says that again when R1 has not heard it.
      new Array(syncs[0]?.length).fill(`${R1} Sync 0 M- ${R2}`),
      new Array(2).fill(`${R2} Sync 0 -- ${R1}`),
      [`${R1} Sync 1 M- ${R2}`],
      [`${R2} Sync 1 -- ${R1}`],
    ],
  );
  const [first] = known(syncs[0], "R1's Syncs");
  expectSpan(network, [hellos[0]?.at ?? 0, first?.at ?? 0], 1000 * Number(helloPeriod));
  for (const [one, again] of syncs.slice(0, 2)) {
    const span = [one?.at ?? 0, again?.at ?? 0] as const;
    expectSpan(network, span, 1000 * Number(syncRetransmissionTime));
  }
}

async function firstCopiesLost(
  network: ScenarioNetwork,
  settings: ScenarioSettings,
): Promise<void> {
  await meet(network, settings);
  const met = await onLink(network);
  await lose(network, "R1", "iamUpstream", "iamNoLongerUpstream", "ack");
  await lose(network, "R2", "interest", "noInterest", "ack");
  await network.join("Client", GROUP);
  await network.until(async () => assert.equal((await network.groups("R2")).length, 1));
  await network.mark();
  const untilSaid = (line: keyof typeof COPIES, count: number): Promise<void> =>
    network.until(async () => {
      const lines = (await onLink(network)).map(lineOf);
      assert.equal(lines.filter((text) => text === line).length, count, `copies of "${line}"`);
    });
  await network.send("Source", [GROUP], PACKET_INTERVAL_MILLIS);
  await untilSaid(`${R1} Ack ${R2}`, 2);
  await untilStates(network, {
    R1: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
    R2: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  });
  await untilSteady(network, "Client");
  await network.leave("Client", GROUP);
  await untilStates(network, { R1: ["ACTIVE", "eth0 root", "eth1 AW NDI pruned"] });
  await untilSaid(`${R1} Ack ${R2}`, 3);
  await network.change({ router: "R1", interface: "eth0", up: false });
  await untilStates(network, { R2: [] });
  await untilSaid(`${R2} Ack ${R1}`, 3);

  const said = (await onLink(network)).filter(({ message }) => message.kind !== "hello");
  const counts = said.reduce<Record<string, number>>((sofar, seen) => {
    const line = lineOf(seen);
    return Object.assign(sofar, { [line]: (sofar[line] ?? 0) + 1 });
  }, {});
  assert.deepEqual(counts, COPIES);
  const { retransmissionTime } = settings.hpim ?? {};
  const period = 1000 * Number(retransmissionTime);
  for (const copies of copiesOf(said)) {
    const [first] = copies;
    for (const [i, { at, payload }] of copies.entries()) {
      expectSpan(network, [first?.at ?? 0, at], i * period);
      assert.deepEqual(payload, first?.payload, "a retransmission is signed as the first copy");
    }
  }
  for (const { from, to, payload } of [...met, ...said]) {
    expectSigned({ source: from, destination: to, payload }, KEY);
  }
  for (const router of ["R1", "R2"]) assert.deepEqual(await network.refused(router), [], router);
}

const SECURITY = { security: { keys: [KEY] } };

export const FIRST_COPIES_LOST: readonly Scenario[] = [
  {
    title: "X6: the first copy of each type of message is lost on a signed link",
    topology: "pair",
    settings: {
      hpim: { helloPeriod: 10, syncRetransmissionTime: 3, retransmissionTime: 3 },
      ...SECURITY,
    },
    quickSettings: {
      hpim: { helloPeriod: 1, syncRetransmissionTime: 1, retransmissionTime: 1 },
      igmp: { lastMemberQueryInterval: 0.2 },
      ...SECURITY,
    },
    run: firstCopiesLost,
  },
];
