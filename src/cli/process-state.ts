// Whether a process has ended (proc(5)).
import { readFileSync } from "node:fs";

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
