// A curve: listeners that join, ever more a second, where the trees of their groups are there already.
import { formatAddress } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type { Lab } from "../../src/lab/lab.ts";
import {
  cpuOfAll,
  downNetwork,
  expectNoneLost,
  formTrees,
  ROUTERS,
  untilSettled,
  upNetwork,
} from "./pair.ts";
import type { WantedProgram } from "./programs.ts";
import { withPrograms } from "./programs.ts";
import type { Network, Row, Suite } from "./row.ts";
import { oncePer, suite } from "./row.ts";

const FIRST_GROUP = "239.1.0.0";
/** As many as are joined at most: a curve of the rate alone. */
const TREES = 5_000;
const LONGEST_SECONDS = 5;
const NANOS_PER_MILLI = 1e6;
const MILLIS_PER_SECOND = 1_000;

/** A network in which listeners join, so many a second. */
interface Joining extends Network {
  readonly rate: number;
}

/** What came of it. */
interface Joined {
  /** From the last join until all was done. */
  readonly millis: number;
  /** Of both daemons, for each join. */
  readonly cpuMillis: number;
}

const addressOf = ({ topology }: Lab, host: string): string =>
  formatAddress(known(topology.hosts.get(host), `the network has ${host}`).address);

/** Listeners behind R2 join, one group each, until R1 and R2 forward all of them and await no Ack. Throws NotHeld. */
const joinAll = oncePer(async (network: Joining): Promise<Joined> => {
  const { lab, rate } = network;
  await formTrees(network, { first: FIRST_GROUP, count: TREES, before: 0 });
  const count = Math.min(TREES, rate * LONGEST_SECONDS);
  const [client, source] = [addressOf(lab, "Client"), addressOf(lab, "Source")];
  const joins = ["eth0", client, FIRST_GROUP, `${count}`, `${rate}`];
  const watch = {
    name: "entry-watch",
    args: ["outgoing", "eth1", source, FIRST_GROUP, `${count}`],
  };
  const programs: readonly WantedProgram[] = [
    { node: "Client", name: "joins", args: joins },
    ...ROUTERS.map((node) => ({ node, ...watch })),
  ];
  return withPrograms(lab, programs, async (all) => {
    const before = await cpuOfAll(lab);
    // Those who watch come along with the joins: to look at all entries after the last one would take longer than they do.
    for (const { begin } of all) begin();
    const [last] = await Promise.all(all.map(({ done }) => done()));
    await untilSettled(lab, TREES);
    const nanos = process.hrtime.bigint() - known(last, "the listeners are the first program");
    const cpuSeconds = (await cpuOfAll(lab)) - before;
    await expectNoneLost(lab);
    return {
      millis: Number(nanos) / NANOS_PER_MILLI,
      cpuMillis: (cpuSeconds * MILLIS_PER_SECOND) / count,
    };
  });
});

const RATES = [10, 100, 1_000, 5_000];
/** Below, what daemons do anyway outweighs it. */
const LEAST_RATE_OF_CPU = 1_000;

function rowsOf(rate: number): readonly Row<Joining>[] {
  const listeners = `${rate.toLocaleString("en")} listeners a second join`;
  const curve = { unit: "ms", atLeast: null, aim: null, python: "" } as const;
  const delay: Row<Joining> = {
    name: `joins-${rate}`,
    about: `${listeners}: all is done after the last one`,
    ...curve,
    measure: async (network) => [(await joinAll(network)).millis],
  };
  const cpu: Row<Joining> = {
    name: `joins-${rate}-cpu`,
    about: "the same, processor time of both routers for one",
    ...curve,
    measure: async (network) => [(await joinAll(network)).cpuMillis],
  };
  return rate < LEAST_RATE_OF_CPU ? [delay] : [delay, cpu];
}

/** The suites of listeners that join. */
export const JOIN_SUITES: readonly Suite[] = RATES.map((rate) =>
  suite<Joining>({
    name: `joins, ${rate} a second`,
    rows: rowsOf(rate),
    runs: ({ isSmoke }) => (isSmoke ? 0 : 1),
    up: async (site) => ({ ...(await upNetwork(site, "pair")), rate }),
    down: downNetwork,
  }),
);
