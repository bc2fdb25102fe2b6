// What was said rightly once, sent again by somebody who has recorded all of it, on the simulator or on the real kernel:
// it changes no tree, ends no neighborhood, and leaves nothing behind after SyncHoldTime (P6).
import assert from "node:assert/strict";
import { formatAddress } from "../../src/base/address.ts";
import { Random } from "../../src/base/random.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import type { ScenarioNetwork } from "../scenarios/scenario-network.ts";
import { lineOf, untilStates, untilSynced } from "../scenarios/scenario-network.ts";
import type { Battlefield } from "./battlefield.ts";
import { countersOf, expectData, prepare, stateOfAll } from "./battlefield.ts";
import { ALL_ROUTERS, STRANGER } from "./hostile-case.ts";
import { hpimBytes } from "./packets.ts";

/** Where all that was said can be recorded. */
export interface ReplayField extends Battlefield {
  /** All datagrams of HPIM-DM that were seen on the link between the routers. */
  readonly recorded: () => Promise<readonly Uint8Array[]>;
  /** What a router has reported so far, but for drops, as text. */
  readonly reportedChanges: (router: string) => readonly string[];
}

const GROUP = "224.12.12.12";
const LINK = "B";
const ROUTERS = ["R1", "R2"];
/** While so many are said, whatever else there is to say is said too. */
const HELLOS_AT_REST = 3;
const FLOWS = { R1: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"] };
const IDLES = { R1: ["ACTIVE", "eth0 root", "eth1 AW NDI pruned"] };

/** Waits until routers have said nothing but a few Hellos for a while (P2). */
async function untilRest(network: ScenarioNetwork): Promise<void> {
  await network.until(async () => {
    await network.mark();
    await network.until(async () => {
      const messages = await network.messages(LINK);
      assert.ok(messages.length >= HELLOS_AT_REST, "Hellos are said");
    });
    const said = (await network.messages(LINK)).filter(({ message }) => message.kind !== "hello");
    assert.deepEqual(said.map(lineOf), [], "what is said at rest");
  });
}

async function leaveAndJoin(network: ScenarioNetwork): Promise<void> {
  await network.leave("Client", GROUP);
  await untilStates(network, IDLES);
  await network.join("Client", GROUP);
  await untilStates(network, FLOWS);
}

/** Everything that routers say of a tree: interest goes and comes, and so does the link to the source. */
async function sayAll(network: ScenarioNetwork): Promise<void> {
  await leaveAndJoin(network);
  await network.lose({ from: "R2", link: LINK, kind: "ack" });
  await network.mark();
  await network.change({ router: "R1", interface: "eth0", up: false });
  await network.until(async () => {
    const kinds = (await network.messages(LINK)).map(({ message }) => message.kind);
    const copies = kinds.filter((kind) => kind === "iamNoLongerUpstream");
    assert.ok(copies.length >= 2, "it is said again");
  });
  await network.loseNothing();
  await network.change({ router: "R1", interface: "eth0", up: true });
  await untilStates(network, FLOWS);
}

/** Lets both routers live twice, until all is at rest. Returns all that was said on their link. */
export async function record(field: ReplayField): Promise<readonly Uint8Array[]> {
  const { network } = field;
  await prepare(field);
  await sayAll(network);
  await network.stop("R2");
  await network.until(async () => assert.deepEqual(await network.neighbors("R1"), []));
  await network.start("R2");
  await untilStates(network, FLOWS);
  await network.kill("R1");
  await network.start("R1");
  await untilSynced(network, { R1: 1, R2: 1 });
  await untilStates(network, FLOWS);
  await sayAll(network);
  await untilRest(network);
  const said = await field.recorded();
  const packets = said.map((datagram) => {
    const packet = decodeIpv4(datagram);
    if (isMalformed(packet)) throw new Error(packet.reason);
    return packet;
  });
  const types = new Set(packets.map(({ payload }) => (payload[4] ?? 0) & 0x0f));
  assert.deepEqual([...types].sort(), [0, 1, 2, 3, 4, 5, 6], "all types were recorded");
  const lives = new Set(
    packets.map(
      ({ source, payload }) =>
        `${formatAddress(source)} ${Buffer.from(payload.subarray(0, 4)).toString("hex")}`,
    ),
  );
  assert.equal(lives.size, 4, "two of each router");
  return said;
}

export function shuffled<T>(values: readonly T[], seed: number): readonly T[] {
  const random = new Random(seed);
  return values
    .map((value) => ({ value, at: random.below(2 ** 32) }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** As many packets as a socket holds. */
const BATCH = 200;
/** What comes last in each is empty. */
const EMPTY = "too short";

async function emptyAt(field: ReplayField, router: string): Promise<number> {
  const drops = (await field.counters(router)).flatMap(({ dropped }) => dropped);
  return drops.reduce((sum, { reason, count }) => sum + (reason === EMPTY ? count : 0), 0);
}

/** Sends datagrams onto the link, until these routers have judged them all: each batch ends with one that both count. */
async function replay(
  field: ReplayField,
  routers: readonly string[],
  datagrams: readonly Uint8Array[],
): Promise<void> {
  const last = hpimBytes("", { from: STRANGER, to: ALL_ROUTERS });
  const counts = (): Promise<readonly number[]> =>
    Promise.all(routers.map((router) => emptyAt(field, router)));
  for (let sent = 0; sent < datagrams.length; sent += BATCH) {
    const before = await counts();
    await field.inject([...datagrams.slice(sent, sent + BATCH), last]);
    await field.network.until(async () => {
      assert.deepEqual(
        await counts(),
        before.map((count) => count + 1),
        "all have arrived",
      );
    });
  }
}

/** What the routers report between this call and one of what it returns, but for drops. */
export function watchReports({ reportedChanges }: ReplayField): () => readonly string[] {
  const before = ROUTERS.map((router) => reportedChanges(router).length);
  return () => ROUTERS.flatMap((router, i) => reportedChanges(router).slice(before[i]));
}

const isHello = (datagram: Uint8Array): boolean => {
  const packet = decodeIpv4(datagram);
  return !isMalformed(packet) && ((packet.payload[4] ?? 0) & 0x0f) === 0;
};

/** Replays of what has been said since R1 heard a Hello of R2: LastSN alone tells that it is old (§7.3). */
async function expectNewsIsOldOnce(field: ReplayField, said: readonly Uint8Array[]): Promise<void> {
  await field.network.lose({ from: "R2", link: LINK, kind: "hello" });
  await leaveAndJoin(field.network);
  const news = (await field.recorded()).slice(said.length).filter((one) => !isHello(one));
  const before = await stateOfAll(field);
  for (const order of [news, [...news].reverse()]) {
    await replay(field, ROUTERS, order);
    assert.deepEqual(await stateOfAll(field), before);
  }
  await field.network.loseNothing();
}

/** Replays, while both routers live, of all that they have ever said. */
export async function expectReplaysChangeNothing(
  field: ReplayField,
  said: readonly Uint8Array[],
): Promise<void> {
  await expectNewsIsOldOnce(field, said);
  const before = await stateOfAll(field);
  const reports = watchReports(field);
  const orders = [said, [...said].reverse(), ...[1, 2, 3].map((seed) => shuffled(said, seed))];
  for (const order of orders) {
    await replay(field, ROUTERS, order);
    assert.deepEqual(await stateOfAll(field), before);
  }
  await expectData(field);
  await untilRest(field.network);
  assert.deepEqual(reports(), []);
  assert.deepEqual(await stateOfAll(field), before);
  const reasons = (await countersOf(field)).dropped.map(({ reason }) => reason);
  const ofKernel = field.isReal ? [] : ["own address"];
  for (const reason of ["stale BootTime", "stale sequence number", ...ofKernel]) {
    assert.ok(reasons.includes(reason), reason);
  }
  assert.ok(!reasons.some((reason) => /sign|key/.test(reason)), "all were signed rightly");
}

/**
 * Replays, all at once or as `replayTo` does it, when R2 has left: a ghost of it is known for a while, and no more. Then R2
 * comes again.
 */
export async function expectGhostsForgotten(
  field: ReplayField,
  orders: readonly (readonly Uint8Array[])[],
  replayTo: typeof replay = replay,
): Promise<void> {
  const { network } = field;
  await network.stop("R2");
  await network.until(async () => assert.deepEqual(await network.neighbors("R1"), []));
  await untilStates(network, IDLES);
  const treesOfR1 = async (): Promise<unknown> =>
    (await network.trees("R1")).map(({ sourceExpiresInSeconds: _, ...tree }) => tree);
  const before = await treesOfR1();
  const reports = watchReports(field);
  for (const order of orders) {
    await replayTo(field, ["R1"], order);
    assert.equal((await network.neighbors("R1")).length, 1, "the ghost is known for a while");
    assert.deepEqual(await treesOfR1(), before);
    await network.until(async () => assert.deepEqual(await network.neighbors("R1"), []));
  }
  const changes = reports();
  for (const change of changes) assert.match(change, /"kind":"neighbor(State|Failed)"/);
  assert.ok(!changes.some((change) => change.includes("SYNCED")), "no ghost is believed");
  assert.deepEqual(await treesOfR1(), before);
  await network.start("R2");
  await untilSynced(network, { R1: 1, R2: 1 });
  await untilStates(network, FLOWS);
}
