// Visits all states of models on all cores, and shows the figures beside those that SPIN gave for the authors' models; or
// replays a scenario file of a model.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { MODELS, modelOf } from "../../src/sim/models/list.ts";
import { replayFile } from "./replay-file.ts";
import { bySize, type Order, type Result, tableHead, tableLine } from "./result.ts";

const USAGE = `make model ARGS="[--all-interleavings] [--limit STATES] [--minutes MINUTES] [--json] [MODEL...]"; without a model: all of them
make model SCENARIO=FILE: takes the same steps again, and compares
models: ${MODELS.map(({ name }) => name).join(" ")}`;

/** Of what the core remembers of each router, besides the states. */
const HEAP_MEGABYTES = 4096;

/** For a model that can be visited whole. */
const MINUTES = 15;

const explored = (order: Order): Promise<Result> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    });
    worker.once("message", resolve);
    worker.once("error", reject);
  });

/** Explores the models, as many at a time as there are cores. Each result is told as soon as it is there. */
async function exploreAll(orders: readonly Order[], tell: (result: Result) => void): Promise<void> {
  const left = [...orders];
  const work = async (): Promise<void> => {
    for (let order = left.shift(); order !== undefined; order = left.shift()) {
      tell(await explored(order));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

function wrongUsage(): never {
  console.error(USAGE);
  process.exit(2);
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        "all-interleavings": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        limit: { type: "string" },
        minutes: { type: "string" },
        replay: { type: "string" },
      },
    });
  } catch {
    return wrongUsage();
  }
}

function tellResult(result: Result): void {
  console.log(tableLine(result));
  if (result.mostCopies > 0) {
    console.log(`  a link carries at most ${result.mostCopies} copies of a packet`);
  }
  if (result.verdict === "VIOLATED") console.log(result.scenario);
}

async function main(): Promise<number> {
  const { values, positionals: names } = parsed();
  if (values.replay !== undefined)
    return replayFile(values.replay, readFileSync(values.replay, "utf8"));
  const limit = values.limit === undefined ? null : Number(values.limit);
  const minutes = values.minutes === undefined ? null : Number(values.minutes);
  const unknown = names.filter((name) => !MODELS.some((model) => model.name === name));
  if (
    unknown.length > 0 ||
    (minutes !== null && !(minutes > 0)) ||
    (limit !== null && !(limit > 0))
  )
    wrongUsage();
  const chosen = MODELS.filter(({ name }) => names.length === 0 || names.includes(name));
  const reduce = !values["all-interleavings"];
  const orders = bySize(chosen).map((model) => ({
    model: model.name,
    limit,
    minutes: minutes ?? model.minutes ?? MINUTES,
    reduce,
  }));
  const results: Result[] = [];
  if (!values.json) console.log(tableHead());
  await exploreAll(orders, (result) => {
    results.push(result);
    if (values.json) console.log(JSON.stringify(result));
    else tellResult(result);
  });
  if (!values.json) tellEnd(results, minutes);
  return results.every((result) => isGoodEnough(result, minutes)) ? 0 : 1;
}

/** What is known to be too large, or was given so much time and no more, need not be visited whole. */
const isGoodEnough = ({ verdict, model }: Result, given: number | null): boolean =>
  verdict === "holds" ||
  (verdict === "incomplete" && (given !== null || modelOf(model).minutes !== undefined));

function tellEnd(results: readonly Result[], given: number | null): void {
  const withVerdict = (verdict: Result["verdict"]): readonly Result[] =>
    results.filter((result) => result.verdict === verdict);
  const incomplete = withVerdict("incomplete");
  for (const { scenario } of incomplete.filter((result) => !isGoodEnough(result, given))) {
    console.log(`\nOne of the states reached last:\n${scenario}`);
  }
  const tooLarge = incomplete.filter(({ model }) => modelOf(model).minutes !== undefined).length;
  console.log(
    `${withVerdict("holds").length} hold, ${withVerdict("VIOLATED").length} are violated, ${incomplete.length} hold as far as they were visited (${tooLarge} of them are known to be too large).`,
  );
}

process.exitCode = await main();
