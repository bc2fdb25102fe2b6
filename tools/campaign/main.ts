// make campaign SEEDS=N FIRST=K: random networks on the simulator, against the oracle, on all cores. Exits 0 only if all
// are right and, of many networks, everything that is counted was seen.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Piscina } from "piscina";
import type { CountedOutcome } from "./counting-worker.ts";
import { live } from "./live.ts";
import type { Outcome } from "./play.ts";
import { parseStory } from "./scenario-file.ts";
import { Summary } from "./summary.ts";

/** Of so many seeds one is played where rows and branches are counted, which takes longer. */
const COUNTED_ONE_OF = 10;
/** Young objects of a worker: most of what a simulation makes lives for an instant. */
const YOUNG_GENERATION_MB = 64;
const PROGRESS_PERIOD_MS = 1_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** make campaign SCENARIO=FILE: plays one story, and ends. */
function playFile(file: string): never {
  const parsed = parseStory(readFileSync(file, "utf8"));
  if (parsed.kind === "problem") {
    process.stderr.write(`${file}:${parsed.line}: ${parsed.message}\n`);
    process.exit(2);
  }
  const { problems } = live(parsed.story);
  say(problems.length === 0 ? "all is well" : problems.join("\n"));
  process.exit(problems.length === 0 ? 0 : 1);
}

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
    scenario: { type: "string" },
  },
});
if (values.scenario !== undefined) playFile(values.scenario);
const [first, count] = [Number(values.first), Number(values.seeds)];
if (!Number.isInteger(first) || first < 0 || !Number.isInteger(count) || count < 1) {
  process.stderr.write("SEEDS is a whole number from 1, FIRST one from 0.\n");
  process.exit(2);
}

function poolOf(file: string): Piscina {
  return new Piscina({
    filename: fileURLToPath(new URL(file, import.meta.url)),
    minThreads: availableParallelism(),
    maxThreads: availableParallelism(),
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
}

const summary = new Summary(first, count);
const isCounted = (seed: number): boolean => seed % COUNTED_ONE_OF === 0;
const seeds = Array.from({ length: count }, (_, i) => first + i);

function took(outcome: Outcome): void {
  summary.add(outcome);
  if (outcome.report !== null) say(`\rFAILED seed ${outcome.seed}:\n\n${outcome.report}`);
}

async function playAll<T>(
  file: string,
  own: readonly number[],
  take: (result: T) => void,
): Promise<void> {
  const workers = poolOf(file);
  await Promise.all(own.map(async (seed) => take(await workers.run(seed, { name: "play" }))));
  await workers.destroy();
}

const showProgress = (): void => void process.stderr.write(`\r${summary.progress()} `);
const progress = setInterval(showProgress, PROGRESS_PERIOD_MS);
if (!process.stderr.isTTY) clearInterval(progress);

process.once("SIGINT", () => {
  clearInterval(progress);
  say(`\nended after ${summary.progress()}`);
  process.exit(130);
});

await playAll<CountedOutcome>("./counting-worker.js", seeds.filter(isCounted), (result) => {
  took(result.outcome);
  summary.addBranches(result.branches);
});
await playAll<Outcome>(
  "./worker.js",
  seeds.filter((seed) => !isCounted(seed)),
  took,
);
clearInterval(progress);
say(summary.lines().join("\n"));
process.exitCode = summary.isGood() ? 0 : 1;
