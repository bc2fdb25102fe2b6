// make chaos MINUTES=20 SEED=7: seven real routers suffer what machines suffer, at random; after each round all is right.
// Exits 0 only if it was, every time.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Random } from "../../src/base/random.ts";
import { asRoot } from "../../src/lab/as-root.ts";
import { BARE_DAEMON } from "../../src/lab/daemon-process.ts";
import { downLab, type Lab, listLabs, upLab } from "../../src/lab/lab.ts";
import { LabError, LabForbiddenError } from "../../src/lab/lab-error.ts";
import { readTopologyFile } from "../../src/lab/topology-file.ts";
import { GROUPS } from "../campaign/generate.ts";
import { quietScene, type Scene, type Wish } from "../campaign/scene.ts";
import type { ProgramOf } from "./daemons.ts";
import { ChaosNetwork } from "./network.ts";
import { LONG, type Pace, SHORT } from "./pace.ts";
import { Run } from "./run.ts";
import { DATA_TTL } from "./traffic.ts";

const TOPOLOGY = fileURLToPath(new URL("../../../topologies/chaos.yaml", import.meta.url));
const INTERRUPTED = 130;
const WRONG_USAGE = 2;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** All routers run; two groups are wanted, and sent to from two sides. */
function firstScene({ topology }: Lab): Scene {
  const wishes = (host: string, index: number): readonly Wish[] =>
    GROUPS.slice(index, index + 1).map((group) => ({ host, group }));
  return {
    ...quietScene(topology, DATA_TTL),
    members: [...["h1", "h2", "h3"].flatMap((host) => wishes(host, 0)), ...wishes("h0", 1)],
    flows: [...wishes("s0", 0), ...wishes("s1", 1)],
  };
}

/** "R4=/path/to/dist/bundle/main/index.js": another daemon for a router, to see whether its faults are found. */
const programs =
  (replaced: readonly string[]): ProgramOf =>
  (router) => {
    const own = replaced.find((text) => text.startsWith(`${router}=`));
    return own === undefined ? BARE_DAEMON : [process.execPath, own.slice(router.length + 1)];
  };

/** Aborted by Ctrl-C, "kill", a closed terminal, or when nobody reads what is said. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  process.stdout.on("error", end);
  return controller.signal;
}

interface Options {
  readonly seed: number;
  readonly minutes: number;
  readonly pace: Pace;
  readonly programOf: ProgramOf;
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: `${Date.now() % 1_000_000}` },
      minutes: { type: "string", default: "20" },
      short: { type: "boolean", default: false },
      daemon: { type: "string", multiple: true, default: [] },
    },
  });
  const [seed, minutes] = [Number(values.seed), Number(values.minutes)];
  if (!Number.isInteger(seed) || seed < 0 || !(minutes > 0)) return null;
  const pace = values.short ? SHORT : LONG;
  return { seed, minutes, pace, programOf: programs(values.daemon) };
}

/** Keeps the logs of a run that failed, with its last round as a scenario; where. */
function keep(directory: string, seed: number, scenario: string): string {
  const kept = mkdtempSync(join(tmpdir(), `hpim-dm-chaos-${seed}-`));
  cpSync(directory, kept, { recursive: true, filter: (path) => !path.endsWith(".sock") });
  writeFileSync(join(kept, "last-round.scenario"), scenario);
  return kept;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === null) {
    process.stderr.write("SEED is a whole number from 0, MINUTES a number above 0.\n");
    return WRONG_USAGE;
  }
  const { seed, minutes, pace, programOf } = options;
  const signal = interruption();
  const directory = mkdtempSync(join(tmpdir(), "hpim-dm-chaos-lab-"));
  say(`chaos for ${minutes} minutes, seed ${seed}`);
  let network: ChaosNetwork | undefined;
  try {
    const place = { directory, daemons: [], signal };
    const lab = await upLab(readTopologyFile(TOPOLOGY), `chaos${process.pid}`, place);
    network = new ChaosNetwork(lab, firstScene(lab), {
      settings: pace.settings,
      programOf,
      signal,
    });
    const run = new Run(network, new Random(seed), { pace, say });
    const problems = await run.play(minutes);
    if (problems.length === 0) return 0;
    const scenario = run.scenario(`The last round of a chaos run with seed ${seed}`, problems);
    say(`\nFAILED, seed ${seed}; the last round:\n\n${scenario}`);
    const kept = keep(directory, seed, scenario);
    say(`This, and the logs of daemons and receivers, are in ${kept}.`);
    return 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    say("\nInterrupted; the network is removed.");
    return INTERRUPTED;
  } finally {
    // Who hangs does not end.
    network?.daemons.wake();
    await network?.traffic.end();
    for (const { name } of listLabs(directory)) await downLab({ name, directory });
    rmSync(directory, { recursive: true, force: true });
  }
}

try {
  await asRoot(async () => process.exit(await main()));
} catch (error) {
  if (!(error instanceof LabError || error instanceof LabForbiddenError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
