// Fuzzes a target in workers, and watches them: one that throws, hangs or takes too much memory has found an input.
import { Worker } from "node:worker_threads";
import { Board } from "./board.ts";
import type { Broken, Findings } from "./search.ts";
import type { Target } from "./target.ts";
import type { WorkerTask } from "./worker.ts";

/** What is to be done. */
export interface RunOptions {
  /** URL of a module that exports a `target`. */
  readonly module: string;
  readonly executions: number;
  readonly seed: number;
  readonly workers: number;
}

/** What came of it. */
export interface Outcome {
  readonly target: Target;
  readonly seconds: number;
  readonly executions: number;
  readonly accepted: number;
  readonly kinds: number;
  readonly corpusSize: number;
  readonly broken: readonly Broken[];
}

const LOOK_EVERY_MS = 500;
/** Of a worker: no input may need more. */
const MOST_MEGABYTES = 256;
const SEEDS_OF_A_RUN = 1_000;

const NOTHING: Findings = {
  ...{ executions: 0, accepted: 0, kinds: new Set<string>(), corpusSize: 0, broken: null },
};

/** What a worker finds; if it ends before it says so, its last input has broken the target. */
async function work(task: Omit<WorkerTask, "board">, patienceSeconds: number): Promise<Findings> {
  const board = new Board();
  const workerData: WorkerTask = { ...task, board: board.memory };
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
  const brokenBy = (why: string): Findings => ({
    ...NOTHING,
    executions: board.count,
    broken: { input: board.input, why },
  });
  let [count, since] = [0, performance.now()];
  let watching: NodeJS.Timeout | undefined;
  const found = await new Promise<Findings>((resolve) => {
    watching = setInterval(() => {
      const now = performance.now();
      if (board.count !== count) [count, since] = [board.count, now];
      // Loading the target is none of the input's business.
      else if (count > 0 && now - since > 1000 * patienceSeconds) {
        resolve(brokenBy(`hangs: took more than ${patienceSeconds} s`));
      }
    }, LOOK_EVERY_MS);
    let said: Findings | undefined;
    worker.once("message", (findings: Findings) => {
      said = findings;
    });
    worker.once("error", (error) => resolve(brokenBy(error.stack ?? String(error))));
    // Not before: it puts away what it has used.
    worker.once("exit", (code) => resolve(said ?? brokenBy(`its thread ended with ${code}`)));
  });
  clearInterval(watching);
  await worker.terminate();
  return found;
}

/** Fuzzes a target. */
export async function fuzz({ module, executions, seed, workers }: RunOptions): Promise<Outcome> {
  const { target } = (await import(module)) as { readonly target: Target };
  const began = performance.now();
  const own = Math.ceil(executions * target.share);
  const shares = Array.from({ length: workers }, (_, n) => ({
    module,
    executions: Math.floor((own + n) / workers),
    seed: SEEDS_OF_A_RUN * seed + n,
  }));
  const findings = await Promise.all(shares.map((task) => work(task, target.patienceSeconds)));
  const sum = (of: (one: Findings) => number): number =>
    findings.reduce((total, one) => total + of(one), 0);
  return {
    target,
    seconds: (performance.now() - began) / 1000,
    executions: sum((one) => one.executions),
    accepted: sum((one) => one.accepted),
    kinds: new Set(findings.flatMap(({ kinds }) => [...kinds])).size,
    corpusSize: sum((one) => one.corpusSize),
    broken: findings.flatMap(({ broken }) => broken ?? []),
  };
}
