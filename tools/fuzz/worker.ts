// A worker: searches a target, and says what it found when it is done.
import { parentPort, workerData } from "node:worker_threads";
import { known } from "../../src/base/invariant.ts";
import { Board } from "./board.ts";
import { search } from "./search.ts";
import type { Target } from "./target.ts";

/** What a worker is to do. */
export interface WorkerTask {
  /** URL of the module that exports the target. */
  readonly module: string;
  readonly executions: number;
  readonly seed: number;
  readonly board: SharedArrayBuffer;
}

const { module, executions, seed, board: memory } = workerData as WorkerTask;
const { target } = (await import(module)) as { readonly target: Target };
const board = new Board(memory);
const begin = (input: Uint8Array): void => board.begin(input);
const findings = await search(target, { executions, seed, begin });
known(parentPort, "this is a worker").postMessage(findings);
