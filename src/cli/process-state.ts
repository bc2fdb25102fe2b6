// Whether a process has ended (proc(5)).
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 20;

/** Of what follows the name in /proc/PID/stat. */
const STATE = 0;
const THREADS = 17;

/**
 * Whether the process `pid` has ended; one that its parent has not reaped yet has. While threads are left, so are its
 * sockets.
 */
export function hasEnded(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return /[ZX]/.test(fields[STATE] ?? "") && Number(fields[THREADS]) <= 1;
  } catch {
    return true;
  }
}

/** Waits until `condition` holds, `limitMs` at most; whether it holds. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  limitMs: number,
): Promise<boolean> {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(POLL_MS)) {
    if (await condition()) return true;
  }
  return condition();
}
