// A worker that also counts which rows and branches are taken. V8 counts blocks of what is loaded after it is told to.
import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";
import type { CountedBranch } from "./branches.ts";
import type { Outcome } from "./play.ts";

/** What came of a seed, with what was counted. */
export interface CountedOutcome {
  readonly outcome: Outcome;
  readonly branches: readonly CountedBranch[];
}

const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
const [{ playSeed }, { countBranches }] = await Promise.all([
  import("./play.ts"),
  import("./branches.ts"),
]);

/** Plays a seed. */
export async function play(seed: number): Promise<CountedOutcome> {
  const outcome = playSeed(seed, true);
  const taken: Profiler.TakePreciseCoverageReturnType = await session.post(
    "Profiler.takePreciseCoverage",
  );
  return { outcome, branches: countBranches(taken.result) };
}
