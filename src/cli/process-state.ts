// Whether a process has ended (proc(5)).
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 20;

/** Whether the process `pid` has ended; one that its parent has not reaped yet has. */
export function hasEnded(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return "ZX".includes(stat.charAt(stat.lastIndexOf(")") + 2));
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
