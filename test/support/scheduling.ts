// How the kernel schedules processes.
import { readdirSync, readFileSync } from "node:fs";

const POLICIES: ReadonlyMap<string, string> = new Map([
  ["0", "normal"],
  ["2", "rr"],
  ["5", "idle"],
]);
/** Places behind the name of the command in /proc/PID/stat (proc(5)). */
const NICE = 16;
const PRIORITY = 37;
const POLICY = 38;

function fieldsOf(pid: number, thread: string): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Policy and real-time priority of each thread of a process, each once: "rr 1". */
export function schedulingOf(pid: number): readonly string[] {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const fields = fieldsOf(pid, thread);
    return `${POLICIES.get(fields[POLICY] ?? "")} ${fields[PRIORITY]}`;
  });
  return [...new Set(threads)];
}

/** The nice values of a process: of its main thread, and of each other thread that it has now. */
export function niceOf(pid: number): { readonly main: number; readonly others: readonly number[] } {
  const others = readdirSync(`/proc/${pid}/task`).filter((thread) => thread !== `${pid}`);
  const nice = (thread: string): number => Number(fieldsOf(pid, thread)[NICE]);
  return { main: nice(`${pid}`), others: others.map(nice) };
}
