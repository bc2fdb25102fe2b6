// The daemon of a router of a lab: its configuration file, its process, and its control socket.
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import type { Router, Topology } from "../topology/topology.ts";
import { LabError, messageOf } from "./lab-error.ts";
import { namespaceOf } from "./names.ts";
import { processesIn } from "./namespaces.ts";
import { filesOf, type LabPlace } from "./record.ts";
import { waitUntil } from "./wait-until.ts";

/** Program and first arguments; `--runtime-dir`, `--state-dir`, `--log-dir` and `--config` follow. */
export type DaemonProgram = readonly string[];

/** The repository's own daemon. */
export const DAEMON_PROGRAM: DaemonProgram = [
  fileURLToPath(new URL("../../../bin/hpim-dm", import.meta.url)),
  "start",
];

/** The same daemon itself: the command `hpim-dm start` starts one more process for each. */
export const BARE_DAEMON: DaemonProgram = [
  process.execPath,
  fileURLToPath(new URL("../../bundle/main/index.js", import.meta.url)),
];

/** Where a router's daemon has its files. */
export interface DaemonFiles {
  readonly runtimeDirectory: string;
  readonly stateDirectory: string;
  readonly configuration: string;
  /** What the commands that started it wrote. */
  readonly output: string;
  /** Its log of all its runs. */
  readonly log: string;
  readonly socket: string;
}

const READY_WITHIN_MS = 30_000;
const ENDS_WITHIN_MS = 10_000;
const OUTPUT_TAIL_CHARACTERS = 2_000;

/** The files of the daemon of `router`. */
export function daemonFilesOf(place: LabPlace, router: string): DaemonFiles {
  const base = join(filesOf(place), router);
  const runtimeDirectory = join(base, "run");
  const stateDirectory = join(base, "state");
  return {
    runtimeDirectory,
    stateDirectory,
    configuration: join(base, "hpim-dm.yaml"),
    output: join(base, "output"),
    log: join(stateDirectory, "hpim-dm.log"),
    socket: join(runtimeDirectory, "control.sock"),
  };
}

/** The configuration file of a router's daemon: the protocols of its interfaces, and nothing else. */
export function daemonConfiguration({ interfaces }: Router): string {
  const switched = interfaces.map(({ name, hpim, igmp }) => [name, { hpim, igmp }] as const);
  return stringify({ interfaces: Object.fromEntries(switched) });
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask(socketPath: string, method: string, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // No connection is kept: an idle one would wake the daemon once more, to be closed.
    const asked = request({ socketPath, method, path, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

/**
 * What the daemon of `router` answers on its control socket: "GET", "/v1/neighbors". Throws LabError if it does not
 * answer, or answers an error.
 */
export async function askDaemon(
  place: LabPlace,
  router: string,
  { method, path }: { readonly method: "GET" | "PUT" | "DELETE" | "POST"; readonly path: string },
): Promise<unknown> {
  const { socket } = daemonFilesOf(place, router);
  let answer: Answer;
  try {
    answer = await ask(socket, method, path);
  } catch (cause) {
    throw new LabError(
      `The daemon of ${router} does not answer on ${socket}: ${messageOf(cause)}.`,
      { cause },
    );
  }
  if (answer.status === 200) return JSON.parse(answer.text);
  throw new LabError(`The daemon of ${router} answered ${method} ${path} with: ${answer.text}`);
}

/** A list that the daemon of `router` shows: "neighbors", "trees" ... Throws as `askDaemon`. */
export const queryDaemon = (place: LabPlace, router: string, list: string): Promise<unknown> =>
  askDaemon(place, router, { method: "GET", path: `/v1/${list}` });

async function isAnswering(place: LabPlace, router: string): Promise<boolean> {
  try {
    await queryDaemon(place, router, "version");
    return true;
  } catch {
    return false;
  }
}

/** The processes of the daemon of `router`. */
export function daemonProcesses(place: LabPlace, router: string): readonly number[] {
  const { runtimeDirectory } = daemonFilesOf(place, router);
  return processesIn([namespaceOf(place.name, router)]).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(runtimeDirectory);
    } catch {
      return false;
    }
  });
}

function spawnDaemon(place: LabPlace, router: string, program: DaemonProgram): () => boolean {
  const files = daemonFilesOf(place, router);
  const output = openSync(files.output, "a");
  const child = spawn(
    "ip",
    [
      ...["netns", "exec", namespaceOf(place.name, router), ...program],
      ...["--runtime-dir", files.runtimeDirectory, "--state-dir", files.stateDirectory],
      ...["--log-dir", files.stateDirectory, "--config", files.configuration],
    ],
    { detached: true, stdio: ["ignore", output, output] },
  );
  closeSync(output);
  let hasFailed = false;
  child.on("error", () => {
    hasFailed = true;
  });
  child.on("exit", (code) => {
    hasFailed = code !== 0;
  });
  child.unref();
  return () => hasFailed;
}

/**
 * Starts the daemon of `router` and waits until it answers; its state directory and log of earlier runs stay. Throws
 * LabError with what it said if it does not come up.
 */
export async function startDaemon(
  place: LabPlace & { readonly topology: Topology },
  router: string,
  program: DaemonProgram = DAEMON_PROGRAM,
): Promise<void> {
  const described = place.topology.routers.get(router);
  if (described === undefined) {
    throw new LabError(`The lab "${place.name}" has no router ${router}.`);
  }
  const files = daemonFilesOf(place, router);
  for (const directory of [files.runtimeDirectory, files.stateDirectory]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
  if (!existsSync(files.configuration)) {
    writeFileSync(files.configuration, daemonConfiguration(described));
  }
  const hasFailed = spawnDaemon(place, router, program);
  let isUp = false;
  await waitUntil(async () => {
    isUp = await isAnswering(place, router);
    return isUp || hasFailed();
  }, READY_WITHIN_MS);
  if (isUp) return;
  const end = readFileSync(files.output, "utf8").slice(-OUTPUT_TAIL_CHARACTERS).trim();
  throw new LabError(`The daemon of ${router} does not come up (log: ${files.log}):\n${end}`);
}

/** Asks the daemon of `router` to say goodbye and end, and waits for it; nothing if none runs. */
export async function stopDaemon(place: LabPlace, router: string): Promise<void> {
  if (daemonProcesses(place, router).length === 0) return;
  try {
    await askDaemon(place, router, { method: "POST", path: "/v1/stop" });
  } catch {
    // One that does not listen is ended with the other processes of its namespace.
    return;
  }
  await waitUntil(() => daemonProcesses(place, router).length === 0, ENDS_WITHIN_MS);
}

/** Kills the daemon of `router` without a goodbye, and waits until it is gone. */
export async function killDaemon(place: LabPlace, router: string): Promise<void> {
  for (const pid of daemonProcesses(place, router)) process.kill(pid, "SIGKILL");
  await waitUntil(() => daemonProcesses(place, router).length === 0, ENDS_WITHIN_MS);
}
