// Networks of namespaces on this machine: a topology brought up, changed while it runs, and taken down again.
import { resolve } from "node:path";
import { formatProblem, formatTopology, parseTopology } from "../topology/parse.ts";
import { routesOf } from "../topology/routes.ts";
import {
  changeInterface,
  type InterfaceChange,
  nodesOf,
  type Route,
  type Topology,
} from "../topology/topology.ts";
import { waitForCarriers } from "./carrier.ts";
import { type DaemonProgram, startDaemon, stopDaemon } from "./daemon-process.ts";
import { LabError, messageOf } from "./lab-error.ts";
import { checkLabName, namespaceOf, switchNamespaceOf } from "./names.ts";
import { endProcessesIn, existingNamespaces, removeNamespaces } from "./namespaces.ts";
import {
  cableLines,
  deviceLines,
  namespacesOf,
  nodeSettings,
  routeLines,
  type Setting,
  switchLines,
  switchSettings,
} from "./plan.ts";
import {
  allRecords,
  createRecord,
  LAB_DIRECTORY,
  type LabPlace,
  type LabRecord,
  readRecord,
  removeRecord,
  updateRecord,
} from "./record.ts";
import { line, run, runBatch } from "./run.ts";

/** A lab that is up. */
export interface Lab extends LabPlace {
  /** The network as it is now. */
  readonly topology: Topology;
}

/** How a lab is to come up. */
export interface UpOptions {
  /** Where its record and files go. */
  readonly directory?: string;
  /** Routers whose daemon is started; all unless told otherwise. */
  readonly daemons?: readonly string[];
  /** The program to start as the daemon of a router; the repository's own unless told otherwise. */
  readonly program?: (router: string) => DaemonProgram;
  /** Aborted: what has been made goes again. */
  readonly signal?: AbortSignal;
}

/** Waits for all of them, also when one fails: whoever cleans up after that must not meet one at work. */
async function inParallel(tasks: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(tasks)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

function requireRoot(): void {
  if (process.geteuid?.() === 0) return;
  throw new LabError("A lab makes network namespaces, and only root may: run this as root.");
}

function refuseForeignNamespaces(name: string, namespaces: readonly string[]): void {
  const existing = existingNamespaces();
  const taken = namespaces.filter((namespace) => existing.has(namespace));
  if (taken.length === 0) return;
  throw new LabError(
    `The lab "${name}" would need the namespaces ${taken.join(", ")}, which exist and are not its own: choose another name, or remove them with "ip netns del".`,
  );
}

async function applySettings(namespace: string, settings: readonly Setting[]): Promise<void> {
  const script = settings.map(([path, value]) => `echo ${value} >/proc/sys/${path}`).join("\n");
  const { code, stderr } = await run(["ip", "netns", "exec", namespace, "sh", "-e"], script);
  if (code !== 0) throw new LabError(`Namespace ${namespace} cannot be set up: ${stderr.trim()}`);
}

async function makeNetwork(topology: Topology, lab: string): Promise<void> {
  const namespaces = namespacesOf(topology, lab);
  const switches = switchNamespaceOf(lab);
  const nodes = nodesOf(topology);
  const routes = routesOf(topology);
  const hasSwitches = namespaces.includes(switches);
  await runBatch(
    null,
    namespaces.map((namespace) => line(`Namespace ${namespace}`, `netns add ${namespace}`)),
  );
  await inParallel([
    ...(hasSwitches ? [applySettings(switches, switchSettings())] : []),
    ...nodes.map((node) => applySettings(namespaceOf(lab, node), nodeSettings(topology, node))),
  ]);
  await runBatch(null, cableLines(topology, lab));
  await inParallel([
    ...(hasSwitches ? [runBatch(switches, switchLines(topology))] : []),
    ...nodes.map((node) =>
      runBatch(namespaceOf(lab, node), [
        ...deviceLines(topology, node),
        ...routeLines(node, [], routes.get(node) ?? []),
      ]),
    ),
  ]);
  await waitForCarriers(topology, lab);
}

async function startDaemons(lab: Lab, { daemons, program }: UpOptions): Promise<void> {
  const routers = daemons ?? [...lab.topology.routers.keys()];
  await inParallel(routers.map((router) => startDaemon(lab, router, program?.(router))));
}

/**
 * Brings up `topology` as the lab `name`, with daemons. Throws LabError if it cannot be, having removed all that it
 * made; in particular if a lab of that name is up, or was left half made.
 */
export async function upLab(
  topology: Topology,
  name: string,
  options: UpOptions = {},
): Promise<Lab> {
  requireRoot();
  checkLabName(name);
  const directory = resolve(options.directory ?? LAB_DIRECTORY);
  const lab: Lab = { name, directory, topology };
  const namespaces = namespacesOf(topology, name);
  if (readRecord(lab) === undefined) refuseForeignNamespaces(name, namespaces);
  const record: LabRecord = {
    name,
    isComplete: false,
    madeAt: new Date().toISOString(),
    namespaces,
    topology: formatTopology(topology),
  };
  createRecord(directory, record);
  try {
    await makeNetwork(topology, name);
    options.signal?.throwIfAborted();
    await startDaemons(lab, options);
    options.signal?.throwIfAborted();
    updateRecord(directory, { ...record, isComplete: true });
    return lab;
  } catch (reason) {
    const error = options.signal?.aborted
      ? new LabError(`Interrupted: the lab "${name}" is not up.`, { cause: reason })
      : reason;
    await downLab(lab).catch((second: unknown) => {
      const text = `${messageOf(error)} What was made stays: ${messageOf(second)}`;
      throw new LabError(text, { cause: error });
    });
    throw error;
  }
}

function requireRecord(place: LabPlace): LabRecord {
  const record = readRecord(place);
  if (record !== undefined) return record;
  const names = allRecords(place.directory).map(({ name }) => name);
  const advice = names.length === 0 ? "no lab is up" : `these are: ${names.join(", ")}`;
  throw new LabError(`There is no lab "${place.name}" in ${place.directory}: ${advice}.`);
}

function topologyOf(record: LabRecord): Topology {
  const parsed = parseTopology(record.topology);
  if (parsed.kind === "topology") return parsed.topology;
  const problems = parsed.problems.map(formatProblem).join("; ");
  throw new LabError(`The record of lab "${record.name}" holds no network: ${problems}.`);
}

/** The lab `name` that is up, or the only one if `name` is undefined. Throws LabError if there is no such one. */
export function openLab(name: string | undefined, directory: string = LAB_DIRECTORY): Lab {
  const names = allRecords(directory).map((found) => found.name);
  if (name === undefined && names.length !== 1) {
    const choice = names.length === 0 ? "none is up" : `there are ${names.join(", ")}`;
    throw new LabError(`Which lab? Name one with --name: ${choice}.`);
  }
  const record = requireRecord({ name: name ?? names[0] ?? "", directory });
  return { name: record.name, directory, topology: topologyOf(record) };
}

/**
 * Takes a lab down, also one that was half made: its daemons say goodbye, all processes in its namespaces end, and
 * what its record lists goes. Throws LabError if there is no such lab or something stays (its record does, then).
 */
export async function downLab(place: LabPlace): Promise<void> {
  requireRoot();
  const { namespaces } = requireRecord(place);
  await inParallel(routersOf(place).map((router) => stopDaemon(place, router)));
  await endProcessesIn(namespaces);
  await removeNamespaces(namespaces);
  removeRecord(place);
}

const routersOf = (place: LabPlace): readonly string[] => [
  ...topologyOf(requireRecord(place)).routers.keys(),
];

/** The records of all labs, by name. */
export const listLabs = (directory: string = LAB_DIRECTORY): readonly LabRecord[] =>
  allRecords(directory);

/**
 * Changes costs and states of routers' interfaces while the lab is up, and installs the routes that follow: first
 * what comes up, then the routes, then what goes down. Returns the changed lab; `lab` is out of date after that.
 */
export async function changeLab(lab: Lab, changes: readonly InterfaceChange[]): Promise<Lab> {
  const topology = changes.reduce(changeInterface, lab.topology);
  const [before, after] = [routesOf(lab.topology), routesOf(topology)];
  const setUp = (isUp: boolean): Promise<void> => setLinks(lab, changes, isUp);
  await setUp(true);
  await inParallel(
    nodesOf(topology).map((node) => {
      const lines = routeLines(node, before.get(node) ?? [], after.get(node) ?? []);
      return runBatch(namespaceOf(lab.name, node), lines);
    }),
  );
  await setUp(false);
  await waitForCarriers(topology, lab.name);
  updateRecord(lab.directory, { ...requireRecord(lab), topology: formatTopology(topology) });
  return { ...lab, topology };
}

async function setLinks(
  lab: Lab,
  changes: readonly InterfaceChange[],
  isUp: boolean,
): Promise<void> {
  for (const { router, interface: device, up } of changes) {
    if (up !== isUp) continue;
    const command = `link set dev ${device} ${isUp ? "up" : "down"}`;
    await runBatch(namespaceOf(lab.name, router), [line(`${router}.${device}`, command)]);
  }
}

/** Installs `after` in place of a router's routes `before`, whatever the costs say; a destination is never without one. */
export async function changeRoutes(
  lab: Lab,
  router: string,
  { before, after }: { readonly before: readonly Route[]; readonly after: readonly Route[] },
): Promise<void> {
  await runBatch(namespaceOf(lab.name, router), routeLines(router, before, after));
}
