// Processes that are ready and wait until whoever started them tells them to begin: by a line on their standard input.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** What tells `child`, whose standard input is a pipe, to begin. It does nothing once the child has ended. */
export function beginOf(child: ChildProcess): () => void {
  // One that has ended says so itself.
  child.stdin?.on("error", () => undefined);
  return () => void child.stdin?.write("begin\n");
}

/** In the child: resolves when it is told to. Its standard input keeps it there until it is ended, or destroys that. */
export async function untilToldToBegin(): Promise<void> {
  await once(process.stdin, "data");
}
