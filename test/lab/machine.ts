// What happens to real machines, done to the routers of a lab, and what is to be so after it.
import assert from "node:assert/strict";
import { known } from "../../src/base/invariant.ts";
import { daemonProcesses } from "../../src/lab/daemon-process.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import { line, runBatch } from "../../src/lab/run.ts";
import type { LabNetwork } from "../scenarios/lab-network.ts";
import { stateOf } from "../scenarios/scenario-network.ts";
import { GROUP, untilSteady } from "../scenarios/seven-routers.ts";
import { outputIn } from "./labs.ts";

/** Protocol of the routes that a lab installs (see routes.ts of the topologies). */
export const PROTO = "proto 11";

/** Timers that let a test see many lives of a neighbor; a busy machine keeps them. */
export const QUICK = {
  captured: [],
  hpim: {
    helloPeriod: "250ms",
    triggeredHelloDelay: "20ms",
    syncRetransmissionTime: "250ms",
    retransmissionTime: "500ms",
  },
  igmp: { queryInterval: "2s", queryResponseInterval: "500ms" },
} as const;

/** What a network is like at rest: states, in the order of their names, and kernel entries by router. */
export type Picture = ReadonlyMap<
  string,
  { readonly state: readonly string[]; readonly entry: string }
>;

const routersOf = ({ lab }: LabNetwork): readonly string[] => [...lab.topology.routers.keys()];

/** The kernel's entries of a router, as lines: "eth0 -> eth1, eth2". */
async function entriesOf(network: LabNetwork, router: string): Promise<string> {
  const rows = (await network.mroute(router)).filter(({ group }) => group === GROUP);
  return rows.map(({ incoming, outgoing }) => `${incoming} -> ${outgoing.join(", ")}`).join("; ");
}

/** The network as it is. */
export async function pictureOf(network: LabNetwork): Promise<Picture> {
  const routers = routersOf(network).map(async (router) => {
    const state = [...(await stateOf(network, router))].sort();
    const picture = { state, entry: await entriesOf(network, router) };
    return [router, picture] as const;
  });
  return new Map(await Promise.all(routers));
}

/** Waits until the network is like this again, and each packet comes to each of the hosts once. */
export async function untilAsBefore(
  network: LabNetwork,
  before: Picture,
  ...hosts: readonly string[]
): Promise<void> {
  await network.until(async () => assert.deepEqual(await pictureOf(network), before));
  await network.until(async () => {
    await network.mark();
    await untilSteady(network, ...hosts);
  });
  assert.deepEqual(await pictureOf(network), before);
}

/** Runs `ip` in a router, a line for each command. */
export async function ipIn(
  { lab }: LabNetwork,
  router: string,
  ...commands: readonly string[]
): Promise<void> {
  await runBatch(
    namespaceOf(lab.name, router),
    commands.map((command) => line(router, command)),
  );
}

/** Makes a router deaf on an interface: nothing that arrives there gets in. */
export const deafen = ({ lab }: LabNetwork, router: string, device: string): Promise<string> => {
  const chain = `chain in { type filter hook ingress device ${device} priority 0; policy drop; };`;
  return outputIn(lab, router, `nft table netdev deaf { ${chain} }`);
};

/** Lets it hear again. */
export const undeafen = ({ lab }: LabNetwork, router: string): Promise<string> =>
  outputIn(lab, router, "nft delete table netdev deaf");

/** Sends a signal to the daemon of a router. */
export function signalDaemon({ lab }: LabNetwork, router: string, signal: NodeJS.Signals): void {
  const pids = daemonProcesses(lab, router);
  assert.equal(pids.length, 1, `one process is the daemon of ${router}`);
  process.kill(known(pids[0], "it"), signal);
}

/** Waits until a router has these neighbors, all SYNCED. */
export const untilNeighbors = (
  network: LabNetwork,
  router: string,
  ...addresses: readonly string[]
): Promise<void> =>
  network.until(async () => {
    const neighbors = await network.neighbors(router);
    assert.deepEqual(
      neighbors.map(({ address, state }) => `${address} ${state}`),
      addresses.map((address) => `${address} SYNCED`),
    );
  });

/** Waits until `show interfaces` says this of an interface's HPIM-DM; `problem`: the whole sentence. */
export const untilInterface = (
  network: LabNetwork,
  [router, name]: readonly [router: string, name: string],
  expected: { readonly state: string; readonly problem: string | null },
): Promise<void> =>
  network.until(async () => {
    const rows = await network.interfaces(router);
    const row = rows.find((candidate) => candidate.name === name);
    const is = row && { state: row.hpim.state, problem: row.problem };
    assert.deepEqual(is, expected, `${router}.${name}`);
  });
