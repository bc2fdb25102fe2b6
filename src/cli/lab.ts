// hpim-dm lab: networks of namespaces on this machine, to try things in.
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { asRoot, limitsHere } from "../lab/as-root.ts";
import { daemonFilesOf } from "../lab/daemon-process.ts";
import { analyseDelivery } from "../lab/delivery.ts";
import type { Delivery } from "../lab/delivery-log.ts";
import { spawnInNode } from "../lab/exec.ts";
import type { Lab } from "../lab/lab.ts";
import { downLab, listLabs, openLab, upLab } from "../lab/lab.ts";
import { LabError, LabForbiddenError } from "../lab/lab-error.ts";
import { exitCodeOf } from "../lab/run.ts";
import { readTopologyFile } from "../lab/topology-file.ts";
import { startReceiver, startSender, type TrafficProcess } from "../lab/traffic.ts";
import { CommandError } from "./command-error.ts";
import { LOG_DIR_VARIABLE, RUNTIME_DIR_VARIABLE, STATE_DIR_VARIABLE } from "./directories.ts";
import { onEnding } from "./on-ending.ts";
import { tableLines } from "./table.ts";

/** Options that say which lab is meant. */
export interface LabOptions {
  readonly name?: string;
}

/** Options of `lab send`, as numbers. */
export interface SendOptions extends LabOptions {
  readonly rate: number;
  readonly count: number;
  readonly size: number;
  readonly ttl: number;
}

/** Options of `lab receive`. */
export interface ReceiveOptions extends LabOptions {
  readonly count?: number;
}

const BIN = dirname(fileURLToPath(new URL("../../../bin/hpim-dm", import.meta.url)));

/** What a lab refuses is the command's refusal. */
async function refusable(action: () => Promise<void>): Promise<void> {
  try {
    await asRoot(action);
  } catch (error) {
    if (error instanceof LabForbiddenError) {
      throw new CommandError(error.message, { exitCode: 3, cause: error });
    }
    if (!(error instanceof LabError)) throw error;
    throw new CommandError(error.message, { exitCode: 1, cause: error });
  }
}

/** What `start` has started; it is told to stop when this command is. What then fails, its done() says. */
function untilEnding<Process extends TrafficProcess<unknown>>(start: () => Process): Process {
  let running: Process | undefined;
  // Before there is a process that could be left behind.
  onEnding(() => void running?.stop().catch(() => undefined));
  running = start();
  return running;
}

/** `lab up FILE`. */
export const labUp = (file: string, { name }: LabOptions): Promise<void> =>
  refusable(async () => {
    const topology = readTopologyFile(file);
    const interruption = new AbortController();
    onEnding(() => interruption.abort());
    const { signal } = interruption;
    const lab = await upLab(topology, name ?? topology.name, { signal });
    const routers = [...topology.routers.keys()];
    console.log(
      `Lab "${lab.name}" is up: routers ${routers.join(", ")}; hosts ${[...topology.hosts.keys()].join(", ")}.`,
    );
    console.log(`Look around: hpim-dm lab exec ${routers[0]} -- hpim-dm show neighbors`);
    const limits = limitsHere();
    if (limits !== undefined) console.log(limits);
  });

/** `lab down`. */
export const labDown = ({ name }: LabOptions): Promise<void> =>
  refusable(async () => {
    const lab = openLab(name);
    await downLab(lab);
    console.log(`Lab "${lab.name}" is gone.`);
  });

/** `lab list`. */
export const labList = ({ json }: { readonly json?: boolean }): Promise<void> =>
  refusable(async () => {
    const labs = listLabs();
    if (json) {
      const rows = labs.map(({ name, madeAt, isComplete, namespaces }) => ({
        name,
        madeAt,
        complete: isComplete,
        namespaces,
      }));
      console.log(JSON.stringify({ version: 1, labs: rows }, null, 2));
      return;
    }
    const rows = labs.map(({ name, madeAt, isComplete, namespaces }) => [
      name,
      madeAt,
      isComplete ? "up" : "half made",
      String(namespaces.length),
    ]);
    const head = ["Lab", "Since", "State", "Namespaces"];
    for (const line of tableLines(head, rows, { empty: "No lab is up." })) console.log(line);
  });

/** The environment in which `hpim-dm` inside a router asks, or starts, that router's own daemon. */
function environmentIn(lab: Lab, node: string): NodeJS.ProcessEnv {
  const { PATH = "" } = process.env;
  const { runtimeDirectory, stateDirectory } = daemonFilesOf(lab, node);
  return {
    ...process.env,
    PATH: `${BIN}${delimiter}${PATH}`,
    [RUNTIME_DIR_VARIABLE]: runtimeDirectory,
    [STATE_DIR_VARIABLE]: stateDirectory,
    [LOG_DIR_VARIABLE]: stateDirectory,
  };
}

/** `lab exec NODE -- COMMAND…`: the command's exit code becomes ours. */
export const labExec = (
  node: string,
  command: readonly string[],
  { name }: LabOptions,
): Promise<void> =>
  refusable(async () => {
    const lab = openLab(name);
    const env = environmentIn(lab, node);
    const child = spawnInNode(lab, node, { command, stdio: "inherit", env });
    // The terminal tells both of us; the command decides.
    process.on("SIGINT", () => undefined);
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => child.kill(signal));
    }
    process.exitCode = await new Promise<number>((resolve) => {
      child.once("close", (code, signal) => resolve(exitCodeOf(code, signal)));
    });
  });

/** `lab send NODE GROUP`. */
export const labSend = (
  node: string,
  group: string,
  { name, rate, count, size, ttl }: SendOptions,
): Promise<void> =>
  refusable(async () => {
    const flow = { node, groups: [group], rate, count, size, ttl };
    const sender = untilEnding(() => startSender(openLab(name), flow));
    const { count: sent, failed } = await sender.done();
    const refused = failed === 0 ? "" : ` (the kernel refused ${failed})`;
    console.log(`${node} sent ${sent} packets to ${group}${refused}.`);
  });

/** What arrived, as far as it can be told without knowing what was sent. */
function arrivalLine(node: string, group: string, log: readonly Delivery[]): string {
  const first = log[0];
  if (first === undefined) return `${node} received nothing from ${group}.`;
  const sequences = log.filter(({ flow }) => flow === first.flow).map(({ sequence }) => sequence);
  const from = sequences.reduce((a, b) => Math.min(a, b));
  const to = sequences.reduce((a, b) => Math.max(a, b));
  const renumbered = log.map((one) => ({ ...one, sequence: one.sequence - from + 1 }));
  const report = analyseDelivery({ flow: first.flow, count: to - from + 1 }, renumbered);
  return `${node} received ${report.received} packets from ${group}, numbers ${from} to ${to}: ${report.lost} lost in between, ${report.duplicated} duplicated.`;
}

/** `lab receive NODE GROUP`: until Ctrl-C, or `--count` packets. */
export const labReceive = (
  node: string,
  group: string,
  { name, count }: ReceiveOptions,
): Promise<void> =>
  refusable(async () => {
    const limit = count === undefined ? {} : { count };
    const wanted = { node, groups: [group], ...limit };
    const receiver = untilEnding(() => startReceiver(openLab(name), wanted));
    await receiver.waitReady();
    console.log(`${node} has joined ${group}; Ctrl-C ends it.`);
    await receiver.done();
    console.log(arrivalLine(node, group, receiver.received()));
  });
