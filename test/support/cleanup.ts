// What tests make on this machine goes when they end: also when they fail, or are interrupted.
import type { TestContext } from "node:test";

/** A test, or whatever else ends. */
export type Lifetime = Pick<TestContext, "after">;

type Cleanup = () => Promise<void> | void;

const pending = new Set<Cleanup>();

/** Has `cleanup` called once, when the test ends or this process is told to. */
export function whenDone(t: Lifetime, cleanup: Cleanup): void {
  pending.add(cleanup);
  t.after(async () => {
    if (pending.delete(cleanup)) await cleanup();
  });
}

async function interrupted(): Promise<void> {
  for (const cleanup of [...pending]) {
    pending.delete(cleanup);
    try {
      await cleanup();
    } catch (error) {
      console.error(error);
    }
  }
  process.exit(1);
}

let isEnding = false;

// The terminal and the test runner both tell us: the first is enough.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!isEnding) void interrupted();
    isEnding = true;
  });
}
