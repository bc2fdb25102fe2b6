// Rows about one tree of seven routers: how fast it forms, and what a change costs those who listen.
import { askDaemon, killDaemon, startDaemon } from "../../src/lab/daemon-process.ts";
import { waitForTree } from "../lab-watch.ts";
import { joinInstants } from "./flows.ts";
import { resetHelloPeriod, setHelloPeriod } from "./hellos.ts";
import type { Row, Suite } from "./row.ts";
import { oncePer, suite } from "./row.ts";
import type { Client, FormedTree, Seven } from "./seven.ts";
import {
  changeCost,
  deliveredWhile,
  downSeven,
  flowOf,
  formTree,
  joinAgain,
  upSeven,
  waitForWinner,
} from "./seven.ts";

/** Trees of daemons that have formed one before, in each run. */
const LATER_TREES = 4;
/** Joins in each run: 7, which divides no number of ticks in a period, are spread evenly over a tick of any kernel. */
const LATER_JOINS = 7;
/** What an interface costs, what makes a router worse than its equals, and what costs more than any other way. */
const COST = 10;
const WORSE = 15;
const FAR = 100;

const firstTree = oncePer(formTree);

const laterTrees = oncePer(async (network: Seven): Promise<readonly FormedTree[]> => {
  await firstTree(network);
  const trees: FormedTree[] = [];
  for (let n = 0; n < LATER_TREES; n++) trees.push(await formTree(network));
  return trees;
});

/** A row about trees that form: of the first tree of fresh daemons, and of later ones. */
const formingRow = (
  figure: Omit<Row<Seven>, "first" | "measure">,
  of: (tree: FormedTree) => number,
): Row<Seven> => ({
  ...figure,
  first: async (network) => [of(await firstTree(network))],
  measure: async (network) => (await laterTrees(network)).map(of),
});

const firstPacketRow = (name: string, client: Client, python: string): Row<Seven> =>
  formingRow(
    {
      name: `first-packet-${name.replace(" ", "-")}`,
      about: `first packet at ${name}`,
      ...{ unit: "ms", atLeast: 5, aim: 2, python },
    },
    ({ firstPacketMillis }) => firstPacketMillis[client],
  );

const FORMING: readonly Row<Seven>[] = [
  firstPacketRow("client 1", "Client0", "5"),
  firstPacketRow("client 2", "Client1", "4"),
  formingRow(
    {
      name: "all-active",
      about: "first packet to all seven ACTIVE",
      ...{ unit: "ms", atLeast: 50, aim: 15, python: "65" },
    },
    ({ allActiveMillis }) => allActiveMillis,
  ),
  formingRow(
    {
      name: "forming-lost",
      about: "lost at client 2 while the tree forms",
      ...{ unit: "packets", atLeast: 0, aim: 0, python: "1" },
    },
    ({ delivery }) => delivery.Client1.lost,
  ),
  formingRow(
    {
      name: "forming-duplicated",
      about: "duplicated at client 2 while the tree forms",
      ...{ unit: "packets", atLeast: 20, aim: 2, python: "4,098" },
    },
    ({ delivery }) => delivery.Client1.duplicated,
  ),
];

const ofR4 = async (network: Seven, method: "PUT" | "DELETE"): Promise<void> => {
  await askDaemon(network.lab, "R4", { method, path: "/v1/interfaces/eth1/hpim" });
};

/** The assert winner leaves link E, and returns. */
const leaveAndReturn = oncePer(async (network: Seven) => {
  const left = await deliveredWhile(network, {
    act: () => ofR4(network, "DELETE"),
    settled: () => waitForWinner(network, "R3", "gone"),
  });
  const returned = await deliveredWhile(network, {
    act: () => ofR4(network, "PUT"),
    settled: () => waitForWinner(network, "R4"),
  });
  return { lost: left.Client1.lost, duplicated: returned.Client1.duplicated };
});

/** The assert winner's cost rises, so that it loses, and falls again: duplicates of both changes. */
async function metricChanges(network: Seven): Promise<readonly number[]> {
  const duplicated: number[] = [];
  for (const [cost, winner] of [
    [WORSE, "R3"],
    [COST, "R4"],
  ] as const) {
    const { Client1 } = await deliveredWhile(network, {
      act: () => changeCost(network, "R4.eth0", cost),
      settled: () => waitForWinner(network, winner),
    });
    duplicated.push(Client1.duplicated);
  }
  return duplicated;
}

/** Milliseconds of several joins, one after the other. */
async function laterJoins(network: Seven): Promise<readonly number[]> {
  const millis: number[] = [];
  for (const share of joinInstants(LATER_JOINS)) millis.push(await joinAgain(network, share));
  return millis;
}

/** The root of R7 moves from eth2 to eth0 and back: packets that Client0 lost each time. */
async function rootMoves(network: Seven): Promise<readonly number[]> {
  const { group } = await flowOf(network);
  const lost: number[] = [];
  for (const [cost, root] of [
    [FAR, "eth0"],
    [COST, "eth2"],
  ] as const) {
    const { Client0 } = await deliveredWhile(network, {
      act: () => changeCost(network, "R7.eth2", cost),
      settled: () => waitForTree(network.lab, "R7", group, root),
    });
    lost.push(Client0.lost);
  }
  return lost;
}

/** The assert winner is killed: the longest pause at Client1, in seconds. It is started again at once, or when R3 has won. */
async function outage(network: Seven, again: "at once" | "later"): Promise<number> {
  const { lab, program } = network;
  const { Client1 } = await deliveredWhile(network, {
    act: async () => {
      await killDaemon(lab, "R4");
      if (again === "at once") await startDaemon(lab, "R4", program);
    },
    settled: () =>
      again === "at once" ? waitForWinner(network, "R4") : waitForWinner(network, "R3", "gone"),
  });
  if (again === "later") {
    await startDaemon(lab, "R4", program);
    await waitForWinner(network, "R4");
  }
  return Client1.longestGapMillis / 1000;
}

/** Those of link E. */
const FAST_ROUTERS = ["R2", "R3", "R4", "R5", "R6"];

async function fastOutage(network: Seven, helloPeriodMillis: number): Promise<readonly number[]> {
  await flowOf(network);
  await setHelloPeriod(network.lab, FAST_ROUTERS, helloPeriodMillis);
  const seconds = await outage(network, "later");
  await resetHelloPeriod(network.lab, FAST_ROUTERS);
  return [seconds];
}

const CHANGES: readonly Row<Seven>[] = [
  {
    name: "leave-lost",
    about: "AW leaves gracefully: lost at client 2",
    ...{ unit: "packets", atLeast: 5, aim: 0, python: "0 (0-11)" },
    measure: async (network) => [(await leaveAndReturn(network)).lost],
  },
  {
    name: "return-duplicated",
    about: "AW returns: duplicated at client 2",
    ...{ unit: "packets", atLeast: 20, aim: 1, python: "2,049" },
    measure: async (network) => [(await leaveAndReturn(network)).duplicated],
  },
  {
    name: "metric-duplicated",
    about: "AW changes with a metric: duplicated at client 2",
    ...{ unit: "packets", atLeast: 20, aim: 1, python: "2,000" },
    measure: metricChanges,
  },
  {
    name: "join",
    about: "join to first packet, three hops away",
    ...{ unit: "ms", atLeast: 12, aim: 4, python: "24" },
    first: async (network) => [await joinAgain(network)],
    measure: laterJoins,
  },
  {
    name: "root-moves-lost",
    about: "root moves with a metric: lost at client 1",
    ...{ unit: "packets", atLeast: 15, aim: 2, python: "27" },
    measure: rootMoves,
  },
  {
    name: "restart-outage",
    about: "AW killed and started at once: outage at client 2",
    ...{ unit: "s", atLeast: 1, aim: 0.1, python: "about 3" },
    measure: async (network) => [await outage(network, "at once")],
  },
  {
    name: "outage-100ms",
    about: "AW killed, Hellos each 100 ms: outage at client 2",
    ...{ unit: "s", atLeast: 0.6, aim: 0.42, python: "35.2, not fast" },
    measure: (network) => fastOutage(network, 100),
  },
  {
    name: "outage-50ms",
    about: "AW killed, Hellos each 50 ms: outage at client 2",
    ...{ unit: "s", atLeast: 0.3, aim: 0.22, python: "35.2, not fast" },
    measure: (network) => fastOutage(network, 50),
  },
];

/** The suites of seven routers. */
export const SEVEN_SUITES: readonly Suite[] = [
  suite({
    name: "seven routers",
    rows: [...FORMING, ...CHANGES],
    runs: ({ isSmoke }) => (isSmoke ? 1 : 7),
    up: upSeven,
    down: downSeven,
  }),
];
