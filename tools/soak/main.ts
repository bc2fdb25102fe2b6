// make soak: two routers with very many trees that a source keeps alive, for a long time. Exits 0 only if no neighbor was
// lost, no tree was missed, and memory is what it was at the beginning.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { asRoot } from "../../src/lab/as-root.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { startBurst } from "../../src/lab/traffic.ts";
import { residentAfterCollection } from "../bench/memory.ts";
import {
  cpuOfAll,
  downNetwork,
  expectNoneLost,
  formTrees,
  ROUTERS,
  untilSettled,
  upNetwork,
} from "../bench/pair.ts";
import { NotHeld } from "../lab-watch.ts";

const MAIN = fileURLToPath(new URL("../../bundle/main/index.js", import.meta.url));
const FIRST_GROUP = "239.1.0.0";
/** Each tree gets a packet so often, well within SourceActiveTime. */
const ROUND_MS = 60_000;
const LOOK_EVERY_MS = 60_000;
/** By then each tree has been counted twice: what is stored of it is all there. */
const SETTLING_MS = 2 * ROUND_MS;
const MS_PER_MINUTE = 60_000;
const BYTES_PER_MIB = 2 ** 20;
/** Memory after a forced collection still differs by what is under way. */
const MOST_GROWTH = 1.05;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function memoryOf(lab: Lab): Promise<readonly number[]> {
  const bytes: number[] = [];
  for (const router of ROUTERS) bytes.push(await residentAfterCollection(lab, router));
  return bytes;
}

const inMebibytes = (bytes: readonly number[]): string =>
  ROUTERS.map((router, n) => `${router} ${Math.round((bytes[n] ?? 0) / BYTES_PER_MIB)} MiB`).join(
    ", ",
  );

/** Watches for so long; says each time what processor time and memory the daemons took, and returns the memory in the end. Throws NotHeld. */
async function watch(lab: Lab, trees: number, millis: number): Promise<readonly number[]> {
  const end = performance.now() + millis;
  let memory: readonly number[] = [];
  do {
    const before = { cpu: await cpuOfAll(lab), at: performance.now() };
    await sleep(Math.min(LOOK_EVERY_MS, end - before.at));
    const seconds = (performance.now() - before.at) / 1000;
    const share = (((await cpuOfAll(lab)) - before.cpu) / seconds) * 100;
    await expectNoneLost(lab);
    await untilSettled(lab, trees);
    memory = await memoryOf(lab);
    say(`both took ${share.toFixed(1)} % of a core; after a collection: ${inMebibytes(memory)}`);
  } while (performance.now() < end);
  return memory;
}

async function soak(lab: Lab, trees: number, minutes: number): Promise<void> {
  const { seconds } = await formTrees({ lab }, { first: FIRST_GROUP, count: trees, before: 0 });
  say(`${trees} trees are formed after ${seconds.toFixed(1)} s`);
  const source = { node: "Source", first: FIRST_GROUP, groups: trees, roundMillis: ROUND_MS };
  const sender = startBurst(lab, source);
  await sender.waitReady();
  say("settling");
  const first = await watch(lab, trees, SETTLING_MS);
  say(`${minutes} minutes begin`);
  const last = await watch(lab, trees, minutes * MS_PER_MINUTE);
  await sender.stop();
  const isFlat = last.every((bytes, n) => bytes <= (first[n] ?? 0) * MOST_GROWTH);
  if (!isFlat)
    throw new NotHeld(`memory has grown: ${inMebibytes(first)}, then ${inMebibytes(last)}`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "10" },
      trees: { type: "string", default: "50000" },
    },
  });
  const [minutes, trees] = [Number(values.minutes), Number(values.trees)];
  if (!(minutes > 0) || !Number.isInteger(trees) || trees < 1) {
    say("MINUTES is a positive number, TREES a whole one.");
    return 2;
  }
  const directory = mkdtempSync(join(tmpdir(), "hpim-dm-soak-"));
  const program = [process.execPath, MAIN];
  const network = await upNetwork({ directory, prefix: `soak${process.pid}`, program }, "pair");
  try {
    await soak(network.lab, trees, minutes);
    say("no neighbor was lost, no tree was missed, and memory has not grown");
    return 0;
  } catch (error) {
    if (!(error instanceof NotHeld)) throw error;
    say(error.message);
    return 1;
  } finally {
    await downNetwork(network);
    rmSync(directory, { recursive: true });
  }
}

await asRoot(async () => process.exit(await main()));
