// The rights of the threads of a process, as the kernel shows them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

/** CAP_NET_ADMIN and CAP_NET_RAW. */
const ROUTING = (1n << 12n) | (1n << 13n);
/** Lines of /proc/PID/task/TID/status that say what a thread may do, and come to do. */
const LINE = /^(Cap(?:Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs):\s+(\S+)$/gm;

function isAsWanted(name: string, value: string): boolean {
  if (name === "NoNewPrivs") return value === "1";
  const set = BigInt(`0x${value}`);
  return name === "CapEff" ? set === ROUTING : (set & ~ROUTING) === 0n;
}

/**
 * The names of those of "CapInh", "CapPrm", "CapEff", "CapBnd" and "CapAmb" that hold more than CAP_NET_ADMIN and
 * CAP_NET_RAW in some thread of a process, "CapEff" also if it holds less, and "NoNewPrivs" if it is not set in all.
 */
export function unwantedRights(pid: number): readonly string[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  assert.ok(threads.length > 5, "Node's own threads are there");
  const unwanted = threads.flatMap((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8");
    const lines = [...status.matchAll(LINE)];
    assert.equal(lines.length, 6);
    return lines.flatMap(([, name = "", value = ""]) => (isAsWanted(name, value) ? [] : [name]));
  });
  return [...new Set(unwanted)].sort();
}
