// Rows about many trees, on two routers: how fast they form, what they cost, and how fast a router that starts anew has
// them again.
import type { DaemonProgram } from "../../src/lab/daemon-process.ts";
import { daemonFilesOf, startDaemon, stopDaemon } from "../../src/lab/daemon-process.ts";
import { startBurst } from "../../src/lab/traffic.ts";
import { latestFirstByte } from "./answers.ts";
import { COMMAND, secondsOf } from "./commands.ts";
import { setHelloPeriod } from "./hellos.ts";
import { residentAfterCollection } from "./memory.ts";
import type { Formation } from "./pair.ts";
import { downNetwork, formTrees, ROUTERS, untilSettled, upNetwork } from "./pair.ts";
import { cpuShare } from "./processes.ts";
import type { Network, Row, Site, Suite } from "./row.ts";
import { oncePer, suite } from "./row.ts";

/** A network in which `count` trees are formed. */
interface Trees extends Network {
  readonly count: number;
  readonly program: DaemonProgram;
  /** What each daemon took without trees, in bytes; none if nobody asks. */
  readonly emptyBytes: ReadonlyMap<string, number>;
}

const FIRST_GROUP = "239.1.0.0";
const LATER_GROUP = "239.2.0.0";
const BUSY_GROUP = "239.3.0.0";
/** Of a restart of ever the same router. */
const RESTARTS = 7;
const RESTARTS_OF_MANY = 2;
const LISTINGS = 3;
const MORE_TREES = 2_000;
/** In so long a span come two Hellos, and one reading of all counters (SourceActiveTime / 10). */
const IDLE_MS = 21_000;
/** Who misses four of them in a row takes its neighbor for dead. */
const FAST_HELLO_MS = 100;
const MEMORY = "memory-per-tree";

const upWith =
  (count: number) =>
  async (site: Site, rows: ReadonlySet<string>): Promise<Trees> => {
    const { lab } = await upNetwork(site, "pair");
    const emptyBytes = new Map<string, number>();
    if (rows.has(MEMORY)) {
      for (const router of ROUTERS) {
        emptyBytes.set(router, await residentAfterCollection(lab, router));
      }
    }
    return { lab, count, program: site.program, emptyBytes };
  };

/** The trees form, for the first time of these daemons. */
const formed = oncePer(
  (network: Trees): Promise<Formation> =>
    formTrees(network, { first: FIRST_GROUP, count: network.count, before: 0 }),
);

/** As many again form beside them. */
const formedLater = oncePer(
  (network: Trees): Promise<Formation> =>
    formTrees(network, { first: LATER_GROUP, count: network.count, before: network.count }),
);

/** R2 ends and starts again, so often: seconds from its start until all is settled. */
const restarts =
  (times: number) =>
  async (network: Trees): Promise<readonly number[]> => {
    const { lab, count, program } = network;
    if (count > 0) await formed(network);
    const seconds: number[] = [];
    for (let n = 0; n < times; n++) {
      await stopDaemon(lab, "R2");
      const began = performance.now();
      await Promise.all([startDaemon(lab, "R2", program), untilSettled(lab, count)]);
      seconds.push((performance.now() - began) / 1000);
    }
    return seconds;
  };

async function memoryPerTree(network: Trees): Promise<readonly number[]> {
  const { lab, count, emptyBytes } = network;
  await formed(network);
  const kilobytes: number[] = [];
  for (const router of ROUTERS) {
    const bytes = (await residentAfterCollection(lab, router)) - (emptyBytes.get(router) ?? 0);
    kilobytes.push(bytes / count / 1024);
  }
  return kilobytes;
}

/** Seconds that the command takes which lists all trees. */
async function listTrees(network: Trees): Promise<readonly number[]> {
  const { lab } = network;
  await formed(network);
  const { runtimeDirectory } = daemonFilesOf(lab, "R1");
  const words = [COMMAND, "show", "trees", "--runtime-dir", runtimeDirectory];
  const seconds: number[] = [];
  for (let n = 0; n < LISTINGS; n++) seconds.push(await secondsOf(words));
  return seconds;
}

/** Milliseconds until the latest first byte of all answers of R1, while more trees form. */
async function firstBytes(network: Trees): Promise<readonly number[]> {
  const { lab, count } = network;
  await formed(network);
  const burst = startBurst(lab, { node: "Source", groups: MORE_TREES, first: BUSY_GROUP });
  await burst.waitReady();
  try {
    const millis = await latestFirstByte(lab, "R1");
    await untilSettled(lab, count + MORE_TREES);
    return [millis];
  } finally {
    await burst.stop();
  }
}

async function idleShare(network: Trees): Promise<readonly number[]> {
  await formed(network);
  return cpuShare(network.lab, ROUTERS, IDLE_MS);
}

const formedRow = (
  name: string,
  about: string,
  { atLeast, aim, python }: Pick<Row<Trees>, "atLeast" | "aim" | "python">,
): Row<Trees> => ({
  ...{ name, about, unit: "s", atLeast, aim, python },
  measure: async (network) => [(await formed(network)).seconds],
});

const FORMED_1000: readonly Row<Trees>[] = [
  {
    name: "formed-1000",
    about: "1,000 trees formed",
    ...{ unit: "s", atLeast: 1, aim: 0.2, python: "27.8" },
    first: async (network) => [(await formed(network)).seconds],
    measure: async (network) => [(await formedLater(network)).seconds],
  },
  {
    name: "formed-1000-cpu",
    about: "the same, processor time of both routers",
    ...{ unit: "s", atLeast: 1, aim: 0.3, python: "26" },
    first: async (network) => [(await formed(network)).cpuSeconds],
    measure: async (network) => [(await formedLater(network)).cpuSeconds],
  },
];

const RESTART_EMPTY: Row<Trees> = {
  name: "restart-0",
  about: "a neighbor restarts, no trees, SYNCED again",
  ...{ unit: "s", atLeast: null, aim: null, python: "" },
  measure: restarts(RESTARTS),
};

const RESTART_1000: Row<Trees> = {
  name: "restart-1000",
  about: "a neighbor restarts, 1,000 trees ACTIVE again",
  ...{ unit: "s", atLeast: 1, aim: 0.2, python: "27.5" },
  measure: restarts(RESTARTS),
};

const WITH_10000: readonly Row<Trees>[] = [
  formedRow("formed-10000", "10,000 trees formed", {
    ...{ atLeast: 5, aim: 2, python: "never at 5,000" },
  }),
  {
    name: MEMORY,
    about: "memory for one tree, of 10,000",
    ...{ unit: "KB", atLeast: 3, aim: 0.8, python: "55" },
    measure: memoryPerTree,
  },
  {
    name: "show-trees",
    about: '"hpim-dm show trees" of 10,000',
    ...{ unit: "s", atLeast: 1, aim: 0.3, python: "-" },
    measure: listTrees,
  },
  {
    name: "idle",
    about: "idle with 10,000 trees, share of a core",
    ...{ unit: "%", atLeast: 1, aim: 0.1, python: "crashes at 1,000" },
    measure: idleShare,
  },
  {
    name: "restart-10000",
    about: "a neighbor restarts, 10,000 trees ACTIVE again",
    ...{ unit: "s", atLeast: 5, aim: 2, python: "-" },
    measure: restarts(RESTARTS_OF_MANY),
  },
  {
    name: "first-byte",
    about: "latest first byte of all answers, 10,000 trees, 2,000 form",
    ...{ unit: "ms", atLeast: 100, aim: 20, python: "-" },
    measure: firstBytes,
  },
];

const FORMED_FAST = formedRow("formed-10000-fast", "10,000 trees formed, Hellos each 100 ms", {
  ...{ atLeast: 5, aim: 2, python: "not fast" },
});

const FORMED_50000 = formedRow("formed-50000", "50,000 trees formed", {
  ...{ atLeast: 30, aim: 10, python: "never at 5,000" },
});

/** The suites about many trees. */
export const TREE_SUITES: readonly Suite[] = [
  suite({
    name: "1,000 trees",
    rows: FORMED_1000,
    runs: ({ isSmoke }) => (isSmoke ? 1 : 7),
    up: upWith(1_000),
    down: downNetwork,
  }),
  suite({
    name: "no trees, restarts",
    rows: [RESTART_EMPTY],
    runs: () => 1,
    up: upWith(0),
    down: downNetwork,
  }),
  suite({
    name: "1,000 trees, restarts",
    rows: [RESTART_1000],
    runs: () => 1,
    up: upWith(1_000),
    down: downNetwork,
  }),
  suite({
    name: "10,000 trees",
    rows: WITH_10000,
    runs: ({ isSmoke }) => (isSmoke ? 1 : 7),
    up: upWith(10_000),
    down: downNetwork,
  }),
  suite({
    name: "10,000 trees, fast Hellos",
    rows: [FORMED_FAST],
    runs: ({ isSmoke }) => (isSmoke ? 0 : 7),
    up: async (site, rows) => {
      const network = await upWith(10_000)(site, rows);
      await setHelloPeriod(network.lab, ROUTERS, FAST_HELLO_MS);
      return network;
    },
    down: downNetwork,
  }),
  suite({
    name: "50,000 trees",
    rows: [FORMED_50000],
    runs: ({ isSmoke }) => (isSmoke ? 0 : 7),
    up: upWith(50_000),
    down: downNetwork,
  }),
];
