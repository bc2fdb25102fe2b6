// A network with a source beside R1: brought up, filled with trees, and asked whether all is settled.
import { fileURLToPath } from "node:url";
import { countersSchema } from "../../src/api/lists/counters.ts";
import type { SummaryAnswer } from "../../src/api/lists/summary.ts";
import { summarySchema } from "../../src/api/lists/summary.ts";
import { queryDaemon } from "../../src/lab/daemon-process.ts";
import type { Lab, UpOptions } from "../../src/lab/lab.ts";
import { downLab, upLab } from "../../src/lab/lab.ts";
import { LabError } from "../../src/lab/lab-error.ts";
import { readTopologyFile } from "../../src/lab/topology-file.ts";
import { startBurst } from "../../src/lab/traffic.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { NotHeld, neighborCount, waitForNeighbors } from "../lab-watch.ts";
import { cpuSeconds, cpuShare, daemonPid } from "./processes.ts";
import type { Network, Site } from "./row.ts";

/** The routers of the smallest such network, the last one first: it is the last to know of a tree. */
export const ROUTERS = ["R2", "R1"] as const;

/** The routers of any such network, in that order. */
export const routersOf = ({ topology }: Lab): readonly string[] =>
  [...topology.routers.keys()].reverse();

const NANOS_PER_SECOND = 1e9;
/** Twice what the slowest row is to take at most. */
const PATIENCE_MS = 60_000;
/** Longer than a daemon waits with its rehearsal; then it takes more than that. */
const REST_MS = 1_500;
const REST_PERCENT = 3;
/** Whoever asks takes time from who is measured: the longer it takes, the more seldom. */
const LEAST_PAUSE_MS = 5;
const PAUSE_SHARE = 0.02;

let labs = 0;

const named = (name: string): Topology =>
  readTopologyFile(fileURLToPath(new URL(`../../../topologies/${name}.yaml`, import.meta.url)));

/** Waits until the daemons have nothing to do any more: once they are there, they rehearse. Throws NotHeld. */
async function untilAtRest(lab: Lab): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const most = Math.max(...(await cpuShare(lab, routersOf(lab), REST_MS)));
    if (most <= REST_PERCENT) return;
    if (performance.now() > end) throw new NotHeld(`a daemon at rest takes ${most} % of a core`);
  }
}

/** A network in a lab of its own, with its daemons SYNCED and at rest, if it is to have any. */
export async function upNetwork(
  site: Pick<Site, "directory" | "prefix" | "program">,
  topology: string | Topology,
  options: Pick<UpOptions, "daemons"> = {},
): Promise<Network> {
  labs++;
  const name = `${site.prefix}-${labs}`;
  const { directory, program } = site;
  const lab = await upLab(typeof topology === "string" ? named(topology) : topology, name, {
    ...{ directory, ...options },
    program: () => program,
  });
  if (options.daemons?.length === 0) return { lab };
  try {
    await waitForNeighbors(lab);
    await untilAtRest(lab);
  } catch (error) {
    await downLab(lab);
    throw error;
  }
  return { lab };
}

/** Takes a network down. */
export const downNetwork = ({ lab }: Network): Promise<void> => downLab(lab);

const summaryOf = async (lab: Lab, router: string): Promise<SummaryAnswer> =>
  summarySchema.parse(await queryDaemon(lab, router, "summary"));

const sumOf = ({ interfaces }: SummaryAnswer, key: "synced" | "unacknowledged"): number =>
  interfaces.reduce((all, row) => all + row[key], 0);

/** What a router is to have. */
interface Due {
  readonly trees: number;
  readonly neighbors: number;
}

/** What is not settled yet at a router; undefined: it has so many ACTIVE trees and SYNCED neighbors, and is owed no Ack. */
function unsettled(summary: SummaryAnswer | undefined, due: Due): string | undefined {
  if (summary === undefined) return "it does not answer";
  const active = summary.trees.find(({ state }) => state === "ACTIVE");
  if (active === undefined || active.trees < due.trees || active.entries < due.trees) {
    return `${active?.trees} of ${due.trees} trees are ACTIVE, ${active?.entries} with an entry`;
  }
  const synced = sumOf(summary, "synced");
  if (synced !== due.neighbors) return `${synced} of ${due.neighbors} neighbors are SYNCED`;
  const unacknowledged = sumOf(summary, "unacknowledged");
  return unacknowledged === 0 ? undefined : `Acks are awaited of ${unacknowledged} trees`;
}

/** The summary of a router; undefined: its daemon does not answer, as when it is just starting. */
async function summaryIfUp(lab: Lab, router: string): Promise<SummaryAnswer | undefined> {
  try {
    return await summaryOf(lab, router);
  } catch (error) {
    if (error instanceof LabError) return undefined;
    throw error;
  }
}

/**
 * Waits until all routers have `count` ACTIVE trees and owe each other nothing. Throws NotHeld, and what `onUnsynced`
 * throws, which is called when a router that is asked has no SYNCED neighbor.
 */
export async function untilSettled(
  lab: Lab,
  count: number,
  onUnsynced: () => Promise<void> = async () => undefined,
): Promise<void> {
  const began = performance.now();
  for (const router of routersOf(lab)) {
    const due = { trees: count, neighbors: neighborCount(lab, router) };
    for (;;) {
      const summary = await summaryIfUp(lab, router);
      const missing = unsettled(summary, due);
      if (missing === undefined) break;
      if (summary !== undefined && sumOf(summary, "synced") === 0) await onUnsynced();
      const waited = performance.now() - began;
      if (waited > PATIENCE_MS) throw new NotHeld(`${router}: ${missing}`);
      const pause = Math.max(LEAST_PAUSE_MS, waited * PAUSE_SHARE);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Seconds of a processor that all daemons have used so far. */
export async function cpuOfAll(lab: Lab): Promise<number> {
  const pids = await Promise.all(routersOf(lab).map((router) => daemonPid(lab, router)));
  return pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

/** Throws NotHeld with what it is if a daemon has lost a neighbor since it started. */
export async function expectNoneLost(lab: Lab): Promise<void> {
  for (const router of routersOf(lab)) {
    const { counters } = countersSchema.parse(await queryDaemon(lab, router, "counters"));
    for (const { interface: name, neighborFailures } of counters) {
      const failures = Object.entries(neighborFailures).filter(([, count]) => count > 0);
      const words = failures.map(([reason, count]) => `${count} times, ${reason}`).join("; ");
      if (words !== "") throw new NotHeld(`${router} lost its neighbor on ${name}: ${words}`);
    }
  }
}

/** How trees were formed. */
export interface Formation {
  /** From the source's first packet until both routers had all trees, and all messages were acknowledged. */
  readonly seconds: number;
  /** Of a processor, by all routers. */
  readonly cpuSeconds: number;
  /** Packets of each flow that were sent until then. */
  readonly rounds: number;
}

/** Groups to form trees of, where there are `before` others. */
export interface NewTrees {
  readonly first: string;
  /** How many groups; each has a tree of every source. */
  readonly count: number;
  readonly before: number;
  /** Addresses of the source; its own unless told otherwise. */
  readonly sources?: readonly string[];
}

/**
 * Has the source send to so many new groups, as fast as it can, in a round each second until both routers have all trees.
 * Throws NotHeld if that does not come to be, or if a neighbor is lost meanwhile.
 */
export async function formTrees(
  { lab }: Network,
  { count, before, ...from }: NewTrees,
): Promise<Formation> {
  const cpuBefore = await cpuOfAll(lab);
  const burst = startBurst(lab, { node: "Source", groups: count, ...from });
  const began = await burst.waitReady();
  try {
    await untilSettled(lab, before + count * (from.sources?.length ?? 1), () =>
      expectNoneLost(lab),
    );
    const seconds = Number(process.hrtime.bigint() - began) / NANOS_PER_SECOND;
    const cpu = (await cpuOfAll(lab)) - cpuBefore;
    await expectNoneLost(lab);
    return { seconds, cpuSeconds: cpu, rounds: (await burst.stop()).count };
  } catch (error) {
    await burst.stop();
    throw error;
  }
}
