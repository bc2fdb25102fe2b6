// Two routers and no trees: the first lab of the protocol's authors, and what it never tried (X1 to X5).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex, millis, seconds } from "../../src/base/units.ts";
import type { NeighborView } from "../../src/core/view.ts";
import { brief } from "../support/bench.ts";
import { CoreNetwork, type Crossing, facts } from "../support/core-network.ts";

const SETTINGS = { sequenceNumberLimit: 0xffff_ffff };

function lab(limit = SETTINGS.sequenceNumberLimit): CoreNetwork {
  const network = new CoreNetwork();
  for (const name of ["R1", "R2"]) network.add(name, { sequenceNumberLimit: limit });
  return network;
}
const start = (network: CoreNetwork, n: 1 | 2, unixSeconds = 1000, lastBootTime = 0): void =>
  network.handle(`R${n}`, {
    kind: "interface",
    facts: facts(1, `10.0.0.${n}/24`, { unixSeconds, lastBootTime: lastBootTime as never }),
  });
function attach(network: CoreNetwork, n: 1 | 2, unixSeconds = 1000): void {
  network.attach(`R${n}`, "L", facts(1, `10.0.0.${n}/24`, { unixSeconds }));
}
const neighborOf = (network: CoreNetwork, n: 1 | 2): NeighborView | undefined =>
  network.view(`R${n}`).interfaces[0]?.running?.neighbors[0];
const who = ({ from }: Crossing): string => (from === ip("10.0.0.1") ? "R1" : "R2");
const transcript = (crossings: readonly Crossing[]): readonly string[] =>
  crossings.map((c) => `${who(c)} ${brief(c)}`);
function isSynced(network: CoreNetwork): void {
  const [one, two] = [neighborOf(network, 1), neighborOf(network, 2)];
  assert.deepEqual([one?.state, two?.state], ["SYNCED", "SYNCED"]);
  assert.deepEqual([one?.neighborSsn, two?.neighborSsn], [two?.mySsn, one?.mySsn]);
  const own = ([1, 2] as const).map((n) => network.view(`R${n}`).interfaces[0]?.running?.bootTime);
  assert.deepEqual([two?.bootTime, one?.bootTime], own);
}

test("Lab 1 test 1: a new neighborhood, no trees", () => {
  const network = lab();
  attach(network, 1, 1000);
  network.run(seconds(5));
  attach(network, 2, 1005);
  network.run(seconds(1));
  assert.deepEqual(transcript(network.crossings), [
    "R1 hello 40 s, checkpoint 0",
    "R2 hello 40 s, checkpoint 0",
    "R1 sync 1/0 to 1005 M- 0",
    "R2 sync 1/1 to 1000 -- 0",
    "R1 sync 1/1 to 1005 M- 1",
    "R2 sync 1/1 to 1000 -- 1",
  ]);
  isSynced(network);
  network.run(seconds(10));
  const last = network.crossings.filter((c) => who(c) === "R1").at(-1);
  assert.equal(last && brief(last), "hello 40 s, checkpoint 1");
});

/** Lab 1 after test 1. */
function synced(limit?: number): CoreNetwork {
  const network = lab(limit);
  attach(network, 1, 1000);
  network.run(seconds(5));
  attach(network, 2, 1005);
  network.run(seconds(1));
  isSynced(network);
  network.crossings.length = 0;
  return network;
}
const crash = (network: CoreNetwork, n: 1 | 2): void => {
  network.handle(`R${n}`, {
    kind: "interface",
    facts: facts(1, `10.0.0.${n}/24`, { up: false }),
  });
};

test("Lab 1 test 2: the neighbor restarts", () => {
  const network = synced();
  crash(network, 2);
  start(network, 2, 1010, 1005);
  network.run(seconds(1));
  assert.deepEqual(transcript(network.crossings), [
    "R2 hello 40 s, checkpoint 0",
    "R1 sync 2/0 to 1010 M- 0",
    "R2 sync 1/2 to 1000 -- 0",
    "R1 sync 2/1 to 1010 M- 1",
    "R2 sync 1/2 to 1000 -- 1",
  ]);
  isSynced(network);
  assert.deepEqual(
    network.notices("R1").flatMap((n) => (n.kind === "neighborState" ? [[n.from, n.to]] : [])),
    [
      ["UNKNOWN", "SLAVE"],
      ["SLAVE", "SYNCED"],
      ["SYNCED", "UNKNOWN"],
      ["UNKNOWN", "SLAVE"],
      ["SLAVE", "SYNCED"],
    ],
  );
});

test("Lab 1 test 3: the neighbor dies: it is gone one hold time after its last Hello", () => {
  const network = synced();
  network.run(seconds(10));
  const last = network.crossings.filter((c) => who(c) === "R2").at(-1);
  assert.equal(last?.message.kind, "hello");
  crash(network, 2);
  const silent = 40_000 - (network.now - (last?.at ?? 0));
  network.run((silent - 1) as never);
  assert.equal(neighborOf(network, 1)?.state, "SYNCED");
  network.run(1 as never);
  assert.equal(neighborOf(network, 1), undefined);
});

test("Lab 1 test 3b: an orderly stop: a goodbye, and it is gone at once", () => {
  const network = synced();
  network.handle("R2", {
    kind: "interface",
    facts: facts(1, "10.0.0.2/24", { protocol: null }),
  });
  assert.deepEqual(transcript(network.crossings), ["R2 hello 0 s, checkpoint 1"]);
  assert.equal(neighborOf(network, 1), undefined);
});

test("X1: the follower's last Sync is lost: the leader repeats itself and is answered", () => {
  const network = lab();
  let lost = 0;
  network.delivers = ({ message }) => {
    const isLast = message.kind === "sync" && message.syncSn === 1 && !message.leader;
    if (isLast) lost++;
    return !isLast || lost > 2;
  };
  attach(network, 1);
  network.run(seconds(1));
  attach(network, 2);
  network.run(seconds(1));
  assert.deepEqual(
    [neighborOf(network, 1)?.state, neighborOf(network, 2)?.state],
    ["SLAVE", "SYNCED"],
  );
  network.run(seconds(6));
  isSynced(network);
  assert.deepEqual(transcript(network.crossings).slice(-6), [
    "R1 sync 1/1 to 1000 M- 1",
    "R2 sync 1/1 to 1000 -- 1",
    "R1 sync 1/1 to 1000 M- 1",
    "R2 sync 1/1 to 1000 -- 1",
    "R1 sync 1/1 to 1000 M- 1",
    "R2 sync 1/1 to 1000 -- 1",
  ]);
});

test("X1: every single message of a synchronisation may be lost once, or twice", () => {
  for (let first = 0; first < 8; first++) {
    for (let second = first; second < 10; second++) {
      const network = lab();
      let n = 0;
      network.delivers = () => {
        const lost = n === first || n === second;
        n++;
        return !lost;
      };
      attach(network, 1);
      attach(network, 2);
      network.run(seconds(30));
      isSynced(network);
    }
  }
});

test("X2: both Hellos cross: both lead, the higher stays leader", () => {
  const network = lab();
  attach(network, 1);
  attach(network, 2);
  const held: Crossing[] = [];
  // Both become leaders before either hears the other's first Sync.
  network.delivers = (crossing) => {
    const isFirst = crossing.message.kind === "sync" && held.length < 2;
    if (isFirst) held.push(crossing);
    return !isFirst;
  };
  network.run(seconds(1));
  assert.deepEqual(
    [neighborOf(network, 1)?.state, neighborOf(network, 2)?.state],
    ["SLAVE", "SLAVE"],
  );
  network.crossings.length = 0;
  network.run(seconds(3));
  isSynced(network);
  const said = transcript(network.crossings);
  assert.ok(said.includes("R1 sync 1/1 to 1000 -- 0"), said.join("\n"));
  assert.ok(said.includes("R2 sync 1/1 to 1000 M- 1"), said.join("\n"));
  assert.ok(said.includes("R1 sync 1/1 to 1000 -- 1"), said.join("\n"));
});

test("X3: a restart within the same second takes a greater BootTime", () => {
  const network = synced();
  crash(network, 2);
  start(network, 2, 1005, 1005);
  network.run(seconds(1));
  isSynced(network);
  assert.equal(neighborOf(network, 1)?.bootTime, 1006);
});

test("X4: sequence numbers run out: a new BootTime, a synchronisation, nothing lost", () => {
  const network = synced(40);
  network.attach("R1", "A", facts(2, "10.1.1.1/24"));
  network.route("R1", "10.1.1.0/24", { protocol: 2, metric: 0, index: 2, gateway: null });
  const trees = Array.from({ length: 25 }, (_, n) => ({
    source: ip("10.1.1.100"),
    group: ip(`239.1.1.${n}`),
  }));
  // Each neighbor says more than 40 things in this time, so both run out of numbers, more than once.
  for (let round = 0; round < 4; round++) {
    network.route("R1", "10.1.1.0/24", { protocol: 2, metric: round, index: 2, gateway: null });
    for (const tree of trees) {
      network.handle("R1", { kind: "missingEntry", interface: interfaceIndex(2), ...tree });
      network.run(millis(100));
    }
  }
  network.run(seconds(20));
  isSynced(network);
  assert.ok((neighborOf(network, 2)?.bootTime ?? 0) > 1000);
  assert.ok((neighborOf(network, 1)?.bootTime ?? 0) > 1005);
  assert.equal(neighborOf(network, 2)?.upstreamTrees, 25);
});

test("X5: a neighbor whose Acks are lost is dropped after five copies, and met again", () => {
  const network = synced();
  network.attach("R1", "A", facts(2, "10.1.1.1/24"));
  network.route("R1", "10.1.1.0/24", { protocol: 2, metric: 0, index: 2, gateway: null });
  network.delivers = ({ message }) => message.kind !== "ack";
  const from = network.now;
  const tree = { source: ip("10.1.1.100"), group: ip("239.1.1.1") };
  network.handle("R1", { kind: "missingEntry", interface: interfaceIndex(2), ...tree });
  network.run(seconds(12));
  const copies = network.crossings.filter(
    (c) => c.link === "L" && c.message.kind === "iamUpstream",
  );
  assert.deepEqual(
    copies.map((c) => c.at - from),
    [0, 3000, 6000, 9000, 12_000],
  );
  const failed = network.notices("R1").filter((n) => n.kind === "neighborFailed");
  assert.equal(failed.length, 1);
  network.run(seconds(11));
  isSynced(network);
  assert.equal(neighborOf(network, 2)?.upstreamTrees, 1);
});
