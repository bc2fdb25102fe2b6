// How the kernel schedules processes.
import { readdirSync, readFileSync } from "node:fs";

const POLICIES: ReadonlyMap<string, string> = new Map([
  ["0", "normal"],
  ["1", "fifo"],
  ["5", "idle"],
]);
/** Places behind the name of the command in /proc/PID/stat (proc(5)). */
const PRIORITY = 37;
const POLICY = 38;

/** Policy and real-time priority of each thread of a process, each once: "fifo 1". */
export function schedulingOf(pid: number): readonly string[] {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return `${POLICIES.get(fields[POLICY] ?? "")} ${fields[PRIORITY]}`;
  });
  return [...new Set(threads)];
}
