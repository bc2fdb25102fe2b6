// Programs of the measurements that run in nodes of a lab, each in a process of its own: `NAME-main.ts`, beside this file.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beginOf } from "../../src/lab/begin.ts";
import { spawnInNode } from "../../src/lab/exec.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { NotHeld } from "../lab-watch.ts";
import type { ProgramEvent } from "./program-events.ts";

const PATIENCE_MS = 60_000;

/** A program that runs. */
export interface Program {
  /** Tells it to begin, if it waits for that when it is ready. */
  readonly begin: () => void;
  /** Resolves to the instant, by CLOCK_MONOTONIC, at which it was done. Throws NotHeld if that does not come. */
  readonly done: () => Promise<bigint>;
}

/** A program that is to run in a node. */
export interface WantedProgram {
  readonly node: string;
  /** "joins": that of joins-main.ts. */
  readonly name: string;
  readonly args: readonly string[];
}

interface StartedProgram extends Program {
  readonly ready: () => Promise<bigint>;
  readonly child: ChildProcess;
}

/** The instants of what a program tells; each rejects with NotHeld if it ends without. */
function listenTo(
  child: ChildProcess,
  title: string,
): Readonly<Record<ProgramEvent["event"], Promise<bigint>>> {
  const lines = child.stdout && createInterface({ input: child.stdout });
  const telling = (event: ProgramEvent["event"]): Promise<bigint> => {
    const told = new Promise<bigint>((resolve, reject) => {
      lines?.on("line", (line) => {
        const said: ProgramEvent = JSON.parse(line);
        if (said.event === event) resolve(BigInt(said.nanos));
      });
      child.on("close", () => reject(new NotHeld(`${title} has ended and is not ${event}`)));
    });
    told.catch(() => undefined);
    return told;
  };
  return { ready: telling("ready"), done: telling("done") };
}

function start(lab: Lab, { node, name, args }: WantedProgram): StartedProgram {
  const script = fileURLToPath(new URL(`./${name}-main.js`, import.meta.url));
  const title = `${name} at ${node}`;
  const child = spawnInNode(lab, node, {
    command: [process.execPath, script, ...args],
    stdio: ["pipe", "pipe", "inherit"],
  });
  const instants = listenTo(child, title);
  const told = async (event: ProgramEvent["event"]): Promise<bigint> => {
    const late = sleep(PATIENCE_MS, undefined, { ref: false });
    const instant = await Promise.race([instants[event], late]);
    if (instant === undefined) throw new NotHeld(`${title} is not ${event}`);
    return instant;
  };
  return {
    child,
    begin: beginOf(child),
    ready: () => told("ready"),
    done: () => told("done"),
  };
}

/**
 * Has `act` done while programs run, all of which are ready, and ends them. Until then those stay that are done: to end takes
 * a process some milliseconds of a processor, and another one's figure would have them.
 */
export async function withPrograms<Result>(
  lab: Lab,
  wanted: readonly WantedProgram[],
  act: (programs: readonly Program[]) => Promise<Result>,
): Promise<Result> {
  const programs = wanted.map((program) => start(lab, program));
  try {
    await Promise.all(programs.map(({ ready }) => ready()));
    return await act(programs);
  } finally {
    for (const { child } of programs) {
      const closed = once(child, "close");
      if (child.kill()) await closed;
    }
  }
}
