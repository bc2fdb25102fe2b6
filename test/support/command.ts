// Programs as people run them: what they printed, and how they ended.
import { execFile } from "node:child_process";
import { fromRoot } from "./root.ts";

/** The command of this repository. */
export const COMMAND: string = fromRoot("bin", "hpim-dm");

/** How a program ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end, whatever that is. */
export const runProgram = (
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(program, words, { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

/** Runs `hpim-dm` with these words. */
export const runCommand = (...words: readonly string[]): Promise<Outcome> =>
  runProgram(process.execPath, [COMMAND, ...words]);
