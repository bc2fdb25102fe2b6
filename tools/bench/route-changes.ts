// Rows about routes that change, where as many trees are affected of 10,000 as of 1,000.
import { once } from "node:events";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { spawnInNode } from "../../src/lab/exec.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import { routeText } from "../../src/lab/plan.ts";
import { line, runBatch } from "../../src/lab/run.ts";
import type { Route, Topology } from "../../src/topology/topology.ts";
import { downNetwork, expectNoneLost, formTrees, untilSettled, upNetwork } from "./pair.ts";
import { cpuSeconds, daemonPid } from "./processes.ts";
import { withPrograms } from "./programs.ts";
import type { Network, Row, Site, Suite } from "./row.ts";
import { oncePer, suite } from "./row.ts";
import { topologyOfText } from "./topology-text.ts";

const FIRST_GROUP = "239.1.0.0";
/** Each source sends to all of them: so many trees are affected by a change. */
const GROUPS = 100;
/** Each moves and comes back. */
const MOVED_ROUTES = 10;
const GATEWAY_ON_C = ip("10.3.0.1");
const NANOS_PER_MILLI = 1e6;
const MILLIS_PER_SECOND = 1_000;

/** Two routers with two links between them, B and C; R2 has a route for each source, through B. */
interface Parallel extends Network {
  readonly sources: readonly string[];
}

const prefixOf = (n: number): string => `10.1.${n}.0/24`;
const sourceOf = (n: number): string => `10.1.${n}.100`;

const parallel = (numbers: readonly number[]): Topology =>
  topologyOfText(`
name: parallel
links:
  A: { subnet: 10.1.0.0/16 }
  B: { subnet: 10.2.0.0/24 }
  C: { subnet: 10.3.0.0/24 }
routers:
  R1:
    interfaces:
      eth0: { link: A, address: 10.1.0.1 }
      eth1: { link: B, address: 10.2.0.1 }
      eth2: { link: C, address: 10.3.0.1 }
  R2:
    interfaces:
      eth0: { link: B, address: 10.2.0.2 }
      eth1: { link: C, address: 10.3.0.2 }
    routes:
${numbers.map((n) => `      - { to: ${prefixOf(n)}, via: 10.2.0.1, metric: 20 }`).join("\n")}
hosts:
  Source: { link: A, address: 10.1.0.100 }
flows: []
`);

const upParallel =
  (count: number) =>
  async (site: Site): Promise<Parallel> => {
    const numbers = Array.from({ length: count }, (_, n) => n + 1);
    const { lab } = await upNetwork(site, parallel(numbers));
    const sources = numbers.map(sourceOf);
    const lines = sources.map((source) =>
      line(`The address ${source} of the source`, `addr add ${source}/32 dev eth0`),
    );
    await runBatch(namespaceOf(lab.name, "Source"), lines);
    return { lab, sources };
  };

/** What came of the changes, one after the other. */
interface Changes {
  /** Of each change: from the new route until the kernel's entries of all affected trees have their root interface. */
  readonly millis: readonly number[];
  /** Of R2's daemon, for one change. */
  readonly cpuMillis: number;
}

/** Gives R2 routes by one ip(8), which is there before: to start one takes longer than what is measured. */
async function withRoutes<Result>(
  lab: Lab,
  act: (replace: (route: Route) => void) => Promise<Result>,
): Promise<Result> {
  const child = spawnInNode(lab, "R2", {
    command: ["ip", "-batch", "-"],
    stdio: ["pipe", "inherit", "inherit"],
  });
  // One that has ended says why itself.
  child.stdin?.on("error", () => undefined);
  const closed = once(child, "close");
  try {
    return await act((route) => void child.stdin?.write(`route replace ${routeText(route)}\n`));
  } finally {
    child.stdin?.end();
    await closed;
  }
}

/** Milliseconds from a new route of one source until the entries of its trees have moved to `root`. Throws NotHeld. */
function moveTrees(
  lab: Lab,
  { source, root }: { readonly source: string; readonly root: string },
  replace: () => void,
): Promise<number> {
  const args = ["incoming", root, source, FIRST_GROUP, `${GROUPS}`];
  return withPrograms(lab, [{ node: "R2", name: "entry-watch", args }], async ([watch]) => {
    watch?.begin();
    const began = process.hrtime.bigint();
    replace();
    const moved = await known(watch, "the one that is wanted").done();
    return Number(moved - began) / NANOS_PER_MILLI;
  });
}

/** Routes move from link B to link C, and back. Throws NotHeld. */
const changeRoutes = oncePer(async (network: Parallel): Promise<Changes> => {
  const { lab, sources } = network;
  await formTrees(network, { first: FIRST_GROUP, count: GROUPS, before: 0, sources });
  const pid = await daemonPid(lab, "R2");
  const routes = known(lab.topology.routers.get("R2"), "there is R2").routes;
  const millis: number[] = [];
  const before = cpuSeconds(pid);
  await withRoutes(lab, async (replace) => {
    for (const [n, route] of routes.slice(0, MOVED_ROUTES).entries()) {
      const source = known(sources[n], "each source has a route");
      const moved = { ...route, nextHops: [{ via: GATEWAY_ON_C, interface: "eth1" }] };
      millis.push(await moveTrees(lab, { source, root: "eth1" }, () => replace(moved)));
      millis.push(await moveTrees(lab, { source, root: "eth0" }, () => replace(route)));
    }
  });
  await untilSettled(lab, GROUPS * sources.length);
  const seconds = cpuSeconds(pid) - before;
  await expectNoneLost(lab);
  return { millis, cpuMillis: (seconds * MILLIS_PER_SECOND) / millis.length };
});

function changeSuite(name: string, sources: number): Suite {
  const trees = (GROUPS * sources).toLocaleString("en");
  const comparison = { unit: "ms", atLeast: null, aim: null, python: "" } as const;
  const rows: readonly Row<Parallel>[] = [
    {
      name,
      about: `a route changes, ${GROUPS} of ${trees} trees move their root`,
      ...comparison,
      measure: async (network) => (await changeRoutes(network)).millis,
    },
    {
      name: `${name}-cpu`,
      about: "the same, processor time of the router",
      ...comparison,
      measure: async (network) => [(await changeRoutes(network)).cpuMillis],
    },
  ];
  return suite({
    name: `routes change, ${trees} trees`,
    rows,
    runs: ({ isSmoke }) => (isSmoke ? 0 : 3),
    up: upParallel(sources),
    down: downNetwork,
  });
}

/** The suites of routes that change. */
export const ROUTE_CHANGE_SUITES: readonly Suite[] = [
  changeSuite("route-change", 100),
  changeSuite("route-change-1000", 10),
];
