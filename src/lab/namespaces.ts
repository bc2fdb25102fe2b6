// Network namespaces of this machine: which there are, who runs in them, and their removal.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { LabError } from "./lab-error.ts";
import { run } from "./run.ts";
import { waitUntil } from "./wait-until.ts";

const NAMESPACE_DIRECTORY = "/run/netns";
const KILL_AFTER_MS = 3_000;
const GIVE_UP_AFTER_MS = 10_000;

/** The names of all named network namespaces. */
export function existingNamespaces(): ReadonlySet<string> {
  try {
    return new Set(readdirSync(NAMESPACE_DIRECTORY));
  } catch {
    // Made by ip(8) with the first namespace.
    return new Set();
  }
}

function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/** The process ids of all processes in `namespaces`, without our own; as `ip netns pids`. */
export function processesIn(namespaces: readonly string[]): readonly number[] {
  const wanted = new Set(
    namespaces
      .map((name) => identityOf(join(NAMESPACE_DIRECTORY, name)))
      .filter((identity) => identity !== undefined),
  );
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => wanted.has(identityOf(`/proc/${pid}/ns/net`) ?? ""))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** Ends all processes in `namespaces`: asks first, then insists. Throws LabError if some stay. */
export async function endProcessesIn(namespaces: readonly string[]): Promise<void> {
  const areGone = (): boolean => processesIn(namespaces).length === 0;
  for (const pid of processesIn(namespaces)) signal(pid, "SIGTERM");
  if (await waitUntil(areGone, KILL_AFTER_MS)) return;
  for (const pid of processesIn(namespaces)) signal(pid, "SIGKILL");
  if (await waitUntil(areGone, GIVE_UP_AFTER_MS)) return;
  const left = processesIn(namespaces).join(", ");
  throw new LabError(`Processes ${left} do not end: the namespaces they run in stay.`);
}

/** Removes those of `namespaces` that exist. Throws LabError if one stays. */
export async function removeNamespaces(namespaces: readonly string[]): Promise<void> {
  const existing = existingNamespaces();
  const doomed = namespaces.filter((name) => existing.has(name));
  if (doomed.length === 0) return;
  const text = doomed.map((name) => `netns del ${name}\n`).join("");
  const { stderr } = await run(["ip", "-force", "-batch", "-"], text);
  const left = doomed.filter((name) => existingNamespaces().has(name));
  if (left.length > 0) {
    throw new LabError(`Namespaces ${left.join(", ")} cannot be removed: ${stderr.trim()}`);
  }
}
