// Rows about commands: how long whoever types one waits.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import { LabError } from "../../src/lab/lab-error.ts";
import { downNetwork, upNetwork } from "./pair.ts";
import type { Network, Suite } from "./row.ts";
import { suite } from "./row.ts";
import { summaryOf } from "./statistics.ts";

/** The program of the command line. */
export const COMMAND: string = fileURLToPath(new URL("../../../bin/hpim-dm", import.meta.url));

const COMMANDS = 15;

/** Seconds until a Node program with these words has ended. Throws LabError if it fails. */
export async function secondsOf(words: readonly string[]): Promise<number> {
  const began = performance.now();
  const [code] = await once(spawn(process.execPath, words, { stdio: "ignore" }), "exit");
  if (code !== 0) throw new LabError(`"${words.join(" ")}" ended with ${code}.`);
  return (performance.now() - began) / 1000;
}

/** Seconds that a command takes beyond the median of Node's bare start, which is measured in turns with it. */
async function beyondBareStart({ lab }: Network): Promise<readonly number[]> {
  const { runtimeDirectory } = daemonFilesOf(lab, "R1");
  const bare: number[] = [];
  const whole: number[] = [];
  for (let n = 0; n < COMMANDS; n++) {
    bare.push(await secondsOf(["--eval", ""]));
    whole.push(await secondsOf([COMMAND, "show", "neighbors", "--runtime-dir", runtimeDirectory]));
  }
  const start = summaryOf(bare)?.median ?? 0;
  return whole.map((seconds) => seconds - start);
}

/** The suites of commands. */
export const COMMAND_SUITES: readonly Suite[] = [
  suite<Network>({
    name: "commands",
    rows: [
      {
        name: "command",
        about: '"hpim-dm show neighbors", beyond the start of Node',
        ...{ unit: "s", atLeast: 0.08, aim: 0.04, python: "1.2-1.7 whole" },
        measure: beyondBareStart,
      },
    ],
    runs: () => 1,
    up: (site) => upNetwork(site, "pair"),
    down: downNetwork,
  }),
];
