// A minute of floods on one interface, on the real kernel: nothing happens to anybody on the others (P7).
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { known } from "../../src/base/invariant.ts";
import { DEFAULT_INTERFACE_SETTINGS, DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../../src/membership/settings.ts";
import {
  type EverNew,
  manyFlows,
  manyGroups,
  manyNeighbors,
  manyTrees,
  muchInterest,
} from "../hostile/ever-new.ts";
import { RATE, Siege, TREES } from "../hostile/siege.ts";
import { runCommand } from "../support/command.ts";
import { needsRoot } from "../support/namespace.ts";

const SECONDS = 20;
const LISTS = ["neighbors", "interfaces", "counters", "trees --source 10.0.0.0/8"];
const DATA_ENTRIES = DEFAULT_ROUTER_SETTINGS.dataEntryLimit;
/** Flows that are held while they wait for their turn. */
const MOST_HELD = 100_000;
const MOST_LOG_BYTES = 1 << 20;
/** By which R1 may grow, all in all, after the first flood: groups and flows are stored, but of the millions of packets nothing. */
const MOST_MEGABYTES = 150;

/** A flood, and what R1 then says to be there, or to be dropped, of what it brings. */
interface Flood {
  readonly title: string;
  readonly streams: (siege: Siege) => readonly EverNew[];
  readonly expect: (siege: Siege) => Promise<void>;
}

async function expectDropped(siege: Siege, ...reasons: readonly string[]): Promise<void> {
  for (const reason of reasons) {
    assert.ok((await siege.drops(`too many ${reason}`)) > 0, reason);
  }
}

/**
 * One after the other, for together they are slower: at its queue of unresolved flows the kernel itself takes so long
 * that the attacker comes to a tenth of its packets. What a flood has filled stays filled.
 */
const FLOODS: readonly Flood[] = [
  {
    title: "neighbors and trees",
    streams: ({ stranger, ssn }) => [
      ...manyNeighbors(stranger),
      ...manyTrees(stranger, ssn),
      muchInterest(stranger),
    ],
    expect: async (siege) => {
      const { neighbors } = await siege.taken();
      assert.ok(neighbors <= DEFAULT_INTERFACE_SETTINGS.neighborLimit);
      assert.equal((await siege.attackerAsNeighbor())?.upstreamTrees, TREES);
      await expectDropped(siege, "neighbors", "trees of a neighbor");
    },
  },
  {
    title: "flows",
    streams: manyFlows,
    expect: async (siege) => {
      assert.ok((await siege.taken()).entries <= DATA_ENTRIES + MOST_HELD);
      await expectDropped(siege, "flood and blocking entries");
    },
  },
  {
    title: "groups",
    streams: ({ stranger }) => manyGroups(stranger),
    expect: async (siege) => {
      assert.ok((await siege.taken()).groups <= DEFAULT_MEMBERSHIP_SETTINGS.groupLimit);
      assert.equal((await siege.attackerAsNeighbor())?.upstreamTrees, TREES);
      await expectDropped(siege, "groups");
    },
  },
];

async function expectAnswers({ network }: Siege): Promise<void> {
  const { runtimeDirectory } = daemonFilesOf(network.lab, "R1");
  for (const list of LISTS) {
    const words = ["show", ...list.split(" "), "--runtime-dir", runtimeDirectory];
    const { code, err } = await runCommand(...words);
    assert.equal(code, 0, err);
  }
}

/** How long it takes, as text. */
async function timeOf(act: Promise<void>): Promise<string> {
  const began = performance.now();
  await act;
  return `${Math.round(performance.now() - began)} ms`;
}

/** Waits until so many packets have come. Returns the least memory that R1 had meanwhile: what is garbage does not count. */
async function leastMemory(siege: Siege, packets: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  await siege.network.until(async () => {
    least = Math.min(least, siege.megabytes);
    assert.ok(siege.received >= packets, `packets have come, but not ${packets}`);
  });
  return least;
}

/** One flood: meanwhile a new source finds its way, and commands are answered. */
async function withstand(
  context: TestContext,
  siege: Siege,
  number: number,
): Promise<{ readonly memory: number; readonly crowdedOut: number }> {
  const { title, streams, expect } = known(FLOODS[number], "a flood");
  const before = await siege.lives();
  const end = siege.received + SECONDS * RATE;
  let memory = 0;
  const load = await siege.flood(streams(siege), async () => {
    const formed = await timeOf(siege.newFlow(number));
    const answered = await timeOf(expectAnswers(siege));
    context.diagnostic(
      `${title}: a new flow after ${formed}, ${LISTS.length} lists in ${answered}`,
    );
    memory = await leastMemory(siege, end);
    await expect(siege);
  });
  assert.deepEqual(await siege.lives(), before);
  const { sent, arrived, crowdedOut } = load;
  context.diagnostic(
    `${title}: a second: sent ${sent}, arrived ${arrived}, no room for ${crowdedOut}; memory ${memory} MB`,
  );
  return { memory, crowdedOut };
}

async function expectNoHarm(siege: Siege): Promise<void> {
  for (const [router, name] of [
    ["R1", "eth1"],
    ["R2", "eth0"],
  ] as const) {
    const { neighborFailures } = await siege.counters(router, name);
    assert.deepEqual(new Set(Object.values(neighborFailures)), new Set([0]), router);
  }
  assert.ok(siege.logBytes < MOST_LOG_BYTES, `${siege.logBytes} bytes of log`);
}

/** What the attacker has brought goes with it, but for the entries, which the kernel's counters keep for a minute (§13). */
async function expectRecovery(siege: Siege): Promise<void> {
  await siege.network.until(async () => {
    const { neighbors, groups, entries } = await siege.taken();
    assert.deepEqual({ neighbors, groups }, { neighbors: 0, groups: 0 });
    assert.ok(entries <= DATA_ENTRIES, `${entries} entries`);
  });
  const states = (await siege.network.trees("R1")).map(({ state }) => state);
  const running = states.filter((state) => state !== "INACTIVE");
  assert.deepEqual(running, new Array(1 + FLOODS.length).fill("ACTIVE"));
}

test(
  "P7 on the real kernel: a minute of floods on one interface, as fast as a process can send, disturbs nobody on others",
  needsRoot,
  async (context) => {
    const siege = await Siege.lay(
      context,
      FLOODS.map((_, i) => `224.13.13.${i}`),
    );
    await siege.synchronise();
    await siege.fillTrees();
    const seen: { readonly memory: number; readonly crowdedOut: number }[] = [];
    for (const number of FLOODS.keys()) seen.push(await withstand(context, siege, number));
    assert.ok(
      seen.some(({ crowdedOut }) => crowdedOut > 0),
      "it is more than R1 can take",
    );
    const memory = seen.map((after) => after.memory);
    const [first = 0] = memory;
    assert.ok(Math.max(...memory) <= first + MOST_MEGABYTES, `${memory.join(", ")} MB`);
    await expectNoHarm(siege);
    context.diagnostic(`all is gone after ${await timeOf(expectRecovery(siege))}`);
    context.diagnostic(`log: ${siege.logBytes} bytes`);
    for (const { lossBySequenceRange, duplicated } of await siege.endFlow()) {
      assert.deepEqual(
        { lossBySequenceRange, duplicated },
        { lossBySequenceRange: [], duplicated: 0 },
      );
    }
  },
);
