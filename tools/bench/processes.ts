// What the kernel says of a process: the processor time that it has used, and its memory.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { versionSchema } from "../../src/api/responses.ts";
import { queryDaemon } from "../../src/lab/daemon-process.ts";
import type { Lab } from "../../src/lab/lab.ts";

/** USER_HZ, the unit of /proc/PID/stat: the same on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Places behind the name of the command in /proc/PID/stat (proc(5)). */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** The process of a router's daemon. */
export const daemonPid = async (lab: Lab, router: string): Promise<number> =>
  versionSchema.parse(await queryDaemon(lab, router, "version")).pid;

/** Seconds of a processor that a process has used, in user mode and in the kernel; steps of 0.01 s. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
}

/** The memory of a process that is in use, in bytes. */
export function residentBytes(pid: number): number {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

/** The share of a core that the daemon of each router takes for so long, in percent. */
export async function cpuShare(
  lab: Lab,
  routers: readonly string[],
  millis: number,
): Promise<readonly number[]> {
  const pids = await Promise.all(routers.map((router) => daemonPid(lab, router)));
  const before = pids.map(cpuSeconds);
  const began = performance.now();
  await sleep(millis);
  const seconds = (performance.now() - began) / 1000;
  return pids.map((pid, n) => ((cpuSeconds(pid) - (before[n] ?? 0)) / seconds) * 100);
}
