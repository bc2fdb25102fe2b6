// Node's threads beside the event loop compile and collect garbage. They are not to keep packets waiting: where processors are
// scarce, each would take as much of them as the event loop does, and the kernel gives a session, or a service of systemd, a
// share as a whole.
import { readdirSync, readlinkSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";

/** A tenth of the event loop's share. Not the least: the event loop waits for them now and then. */
const BEHIND = 10;

/** Has all other threads that this process has now go behind the calling one, the main thread. Under a real-time policy nothing changes. */
export function putHelpersBehind(): void {
  // A /proc of other processes, as it is seen in some containers, has other numbers.
  if (readlinkSync("/proc/self") !== `${process.pid}`) return;
  const nice = Math.min(constants.priority.PRIORITY_LOW, getPriority() + BEHIND);
  for (const thread of readdirSync("/proc/self/task").map(Number)) {
    if (thread === process.pid) continue;
    try {
      setPriority(thread, nice);
    } catch {
      // It has ended, or may not be changed: they are in the way then, and all works.
    }
  }
}
