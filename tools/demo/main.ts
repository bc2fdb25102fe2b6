// make demo: seven real routers on this machine carry real multicast, lose a router, get it back, and move a root.
// Exits 0 only if every step's state and delivery held; losses are printed, not judged.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { asRoot } from "../../src/lab/as-root.ts";
import type { DaemonProgram } from "../../src/lab/daemon-process.ts";
import { DAEMON_PROGRAM } from "../../src/lab/daemon-process.ts";
import { downLab, listLabs, upLab } from "../../src/lab/lab.ts";
import { LabError, LabForbiddenError } from "../../src/lab/lab-error.ts";
import { readTopologyFile } from "../../src/lab/topology-file.ts";
import { NotHeld } from "../lab-watch.ts";
import type { Stage, Step } from "./story.ts";
import { STORY } from "./story.ts";

const PICTURE = `
               10.2.2 - R2 -------- 10.9.9 ------- R7 - 10.8.8 - Client0
             /            \`-----.                 /
  Source - R1 - 10.3.3 - R3 - 10.5.5 - R5 - 10.6.6
             \\            .-----' \`---.
               10.4.4 - R4    link E   R6 - 10.7.7 - Client1
`;

const READING = `"offers 11/20": preference and metric of a router's unicast route to the source. Of the routers
that could forward onto a link the lowest offer wins, then the highest address.
Each step must hold; losses and duplicates while the tree changes are counted, not judged.
`;

const TOPOLOGY = fileURLToPath(new URL("../../../topologies/seven-routers.yaml", import.meta.url));

interface Outcome {
  readonly step: Step;
  readonly held: boolean;
  readonly millis: number;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function seconds(millis: number): string {
  return `${(millis / 1000).toFixed(1)} s`;
}

async function playStep(step: Step, number: number, stage: Stage): Promise<Outcome> {
  say(`${number}. ${step.title}`);
  say(`   expected  ${step.expected}`);
  const start = performance.now();
  try {
    for (const line of await step.play(stage)) say(`   measured  ${line}`);
    const millis = performance.now() - start;
    say(`   held      (${seconds(millis)})\n`);
    return { step, held: true, millis };
  } catch (error) {
    if (!(error instanceof NotHeld)) throw error;
    say(`   FAILED    ${error.message}\n`);
    return { step, held: false, millis: performance.now() - start };
  }
}

async function tellStory(stage: Stage): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [i, step] of STORY.entries()) {
    const outcome = await playStep(step, i + 1, stage);
    outcomes.push(outcome);
    if (!outcome.held) break;
  }
  return outcomes;
}

function summary(outcomes: readonly Outcome[]): string {
  const width = Math.max(...STORY.map(({ title }) => title.length));
  const rows = STORY.map(({ title }, i) => {
    const outcome = outcomes[i];
    const verdict = outcome?.held === true ? "held" : "FAILED";
    const result =
      outcome === undefined ? "not reached" : `${seconds(outcome.millis).padStart(6)}  ${verdict}`;
    return `  ${i + 1}  ${title.padEnd(width)}  ${result}`;
  });
  return `State and delivery\n${rows.join("\n")}\n`;
}

/** "R4=/path/to/hpim-dm": another program as the daemon of a router, to see whether its faults are found. */
function programOf(router: string, replaced: readonly string[]): DaemonProgram {
  const own = replaced.find((text) => text.startsWith(`${router}=`));
  return own === undefined ? DAEMON_PROGRAM : [own.slice(router.length + 1), "start"];
}

class Interrupted extends Error {}

/** Rejects when the story is to end early: Ctrl-C, "kill", a closed terminal, or nobody who reads it. */
function interruption(): Promise<never> {
  const interrupted = new Promise<never>((_, reject) => {
    const end = (): void => reject(new Interrupted());
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
    process.stdout.on("error", end);
  });
  interrupted.catch(() => undefined);
  return interrupted;
}

const INTERRUPTED = 130;

/** Ends senders and receivers; Ctrl-C may have ended them already. */
async function endTraffic({ sender, receivers }: Stage): Promise<void> {
  await Promise.allSettled([sender, ...receivers.values()].map((process) => process?.stop()));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      keep: { type: "string" },
      daemon: { type: "string", multiple: true, default: [] },
    },
  });
  const directory = mkdtempSync(join(tmpdir(), "hpim-dm-demo-"));
  const name = `demo${process.pid}`;
  const begin = performance.now();
  const interrupted = interruption();
  say(`hpim-dm: seven routers in network namespaces, forwarding by the kernel\n${PICTURE}`);
  say(READING);
  const program = (router: string): DaemonProgram => programOf(router, values.daemon);
  const lab = await upLab(readTopologyFile(TOPOLOGY), name, { directory, program }).catch(
    (error: unknown) => {
      if (listLabs(directory).length === 0) rmSync(directory, { recursive: true });
      throw error;
    },
  );
  const stage: Stage = { lab, receivers: new Map(), sender: undefined };
  try {
    say(`Seven daemons answer after ${seconds(performance.now() - begin)}.\n`);
    const outcomes = await Promise.race([tellStory(stage), interrupted]);
    say(summary(outcomes));
    say(`The story took ${seconds(performance.now() - begin)}.`);
    return outcomes.length === STORY.length && outcomes.every(({ held }) => held) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    say("\nInterrupted; the network is removed.");
    return INTERRUPTED;
  } finally {
    await endTraffic(stage);
    if (values.keep !== undefined) {
      cpSync(directory, values.keep, {
        recursive: true,
        filter: (path) => !path.endsWith(".sock"),
      });
      say(`Logs of the daemons and receivers are in ${values.keep}.`);
    }
    await downLab(stage.lab);
    rmSync(directory, { recursive: true, force: true });
  }
}

try {
  // An interrupted step still waits for what cannot come any more.
  await asRoot(async () => process.exit(await main()));
} catch (error) {
  if (!(error instanceof LabError || error instanceof LabForbiddenError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
