// What was signed rightly once, sent again by somebody who has recorded all of it: on an interface with keys it changes no
// tree, ends no neighborhood, and leaves nothing behind after SyncHoldTime (P6).
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random.ts";
import type { Millis } from "../../src/base/units.ts";
import { millis, seconds } from "../../src/base/units.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { countersOf, expectData, prepare, stateOfAll } from "../hostile/battlefield.ts";
import { LINK_KEY } from "../hostile/keyed-cases.ts";
import { simField } from "../hostile/sim-field.ts";
import { untilStates, untilSynced } from "../scenarios/scenario-network.ts";

type Field = ReturnType<typeof simField>;

const GROUP = "224.12.12.12";
const HPIM_DM = 103;
/** §16: SyncHoldTime, and a moment. */
const SYNC_HOLD_TIME = millis(12_100);
const FLOWS = { R1: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"] };
const IDLES = { R1: ["ACTIVE", "eth0 root", "eth1 AW NDI pruned"] };

/** Everything that routers say of a tree: interest goes and comes, and so does the link to the source. */
async function sayAll({ network }: Field): Promise<void> {
  await network.leave("Client", GROUP);
  await untilStates(network, IDLES);
  await network.join("Client", GROUP);
  await untilStates(network, FLOWS);
  await network.lose({ from: "R2", link: "B", kind: "ack" });
  await network.change({ router: "R1", interface: "eth0", up: false });
  network.network.run(seconds(7));
  await network.loseNothing();
  await network.change({ router: "R1", interface: "eth0", up: true });
  await untilStates(network, FLOWS);
  network.network.run(seconds(7));
}

/** A field on which both routers have lived several times, and is at rest; and all HPIM-DM that was said on its link. */
async function pastOf(field: Field): Promise<readonly Uint8Array[]> {
  const { network } = field;
  await prepare(field);
  await sayAll(field);
  await network.stop("R2");
  network.network.run(seconds(1));
  await network.start("R2");
  await untilStates(network, FLOWS);
  await network.kill("R1");
  network.network.run(seconds(1));
  await network.start("R1");
  await untilStates(network, FLOWS);
  await sayAll(field);
  const said = network.network.frames.flatMap(({ link, datagram }) => {
    const packet = decodeIpv4(datagram);
    assert.ok(!isMalformed(packet));
    return link === "B" && packet.protocol === HPIM_DM ? [{ datagram, packet }] : [];
  });
  const types = new Set(said.map(({ packet }) => (packet.payload[4] ?? 0) & 0x0f));
  assert.deepEqual([...types].sort(), [0, 1, 2, 3, 4, 5, 6], "all types were recorded");
  const lives = new Set(said.map(({ packet }) => packet.source + packet.payload.subarray(0, 4)));
  assert.equal(lives.size, 4, "two of each router");
  return said.map(({ datagram }) => datagram);
}

function shuffled<T>(values: readonly T[], seed: number): readonly T[] {
  const random = new Random(seed);
  return values
    .map((value) => ({ value, at: random.below(2 ** 32) }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** Sends datagrams onto the link, one after the other. */
async function replay(
  field: Field,
  datagrams: readonly Uint8Array[],
  pause: Millis = millis(0),
): Promise<void> {
  for (const datagram of datagrams) {
    await field.inject([datagram]);
    field.network.network.run(pause);
  }
}

/** Notices that something has changed, as text, since there were `from` of them. */
const changesSince = ({ network: { network } }: Field, from: number): readonly string[] =>
  network.notices
    .slice(from)
    .filter(({ notice }) => notice.kind !== "dropped")
    .map(({ router, notice }) => `${router} ${JSON.stringify(notice)}`);

test("P6: replays of all that routers with keys have ever said, in any order, change nothing", async () => {
  const field = simField({ security: { keys: [LINK_KEY] } });
  const said = await pastOf(field);
  const before = await stateOfAll(field);
  const { notices } = field.network.network;
  const orders = [said, [...said].reverse(), ...[1, 2, 3].map((seed) => shuffled(said, seed))];
  const from = notices.length;
  for (const order of orders) {
    await replay(field, order);
    assert.deepEqual(await stateOfAll(field), before);
  }
  await replay(field, said, millis(40));
  field.network.network.run(SYNC_HOLD_TIME);
  assert.deepEqual(changesSince(field, from), []);
  assert.deepEqual(await stateOfAll(field), before);
  await expectData(field);
  const { dropped } = await countersOf(field);
  const reasons = dropped.map(({ reason }) => reason);
  for (const reason of ["stale BootTime", "stale sequence number", "own address"]) {
    assert.ok(reasons.includes(reason), reason);
  }
  assert.equal(
    reasons.some((reason) => /sign|key/.test(reason)),
    false,
    "all were signed rightly",
  );
});

test("P6: replays of a router that has left make no neighbor and no tree, and are forgotten after SyncHoldTime", async () => {
  const field = simField({ security: { keys: [LINK_KEY] } });
  const { network } = field;
  const said = await pastOf(field);
  await network.stop("R2");
  network.network.run(seconds(20));
  const trees = () => network.trees("R1");
  const withoutTimes = async () =>
    (await trees()).map(({ sourceExpiresInSeconds: _, ...tree }) => tree);
  const before = await withoutTimes();
  const from = network.network.notices.length;
  for (const order of [said, [...said].reverse(), shuffled(said, 4)]) {
    await replay(field, order, millis(20));
    assert.ok((await network.neighbors("R1")).length > 0, "the ghost is known for a while");
    assert.deepEqual(await withoutTimes(), before);
    network.network.run(SYNC_HOLD_TIME);
    assert.deepEqual(await network.neighbors("R1"), []);
  }
  const changes = changesSince(field, from);
  for (const change of changes) assert.match(change, /"kind":"neighbor(State|Failed)"/);
  assert.equal(
    changes.some((change) => change.includes("SYNCED")),
    false,
  );
  assert.deepEqual(await withoutTimes(), before);
  await network.start("R2");
  await untilSynced(network, { R1: 1, R2: 1 });
  await untilStates(network, FLOWS);
});
