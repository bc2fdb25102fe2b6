// Explores one model in a thread of its own.
import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { known } from "../../src/base/invariant.ts";
import { formatTranscript } from "../../src/scenario/transcript.ts";
import { explore } from "../../src/sim/explorer/explore.ts";
import type { Model } from "../../src/sim/explorer/model.ts";
import { Network } from "../../src/sim/explorer/network.ts";
import { traceOf, violationText } from "../../src/sim/explorer/trace.ts";
import { modelOf } from "../../src/sim/models/list.ts";
import type { Order, Result } from "./result.ts";

/** Of the states alone. */
const MEMORY_BYTES = 3.5 * 2 ** 30;
/** Of what the core remembers of routers: what is left is for the garbage of the way on. */
const FULL = 0.75;

function isHeapFull(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used > FULL * limit;
}

/** A state takes its vector, its parent, and a few places of the table while that grows. */
const bytesOf = (model: Model): number => 4 * new Network(model).words + 4 + 16;

function run({ model: name, limit, minutes, reduce }: Order): Result {
  const model = modelOf(name);
  const began = performance.now();
  const findings = explore(model, {
    limit: Math.min(limit ?? Number.POSITIVE_INFINITY, Math.floor(MEMORY_BYTES / bytesOf(model))),
    isOver: () => performance.now() - began > 60_000 * minutes || isHeapFull(),
    reduce,
  });
  const { network, states, transitions, depth, atRest, locals, steps, mostCopies } = findings;
  const { violation, unfinished } = findings;
  const last =
    unfinished === null
      ? null
      : formatTranscript(traceOf(network, "one of the states reached last", unfinished));
  const whole = unfinished === null ? "holds" : "incomplete";
  return {
    model: name,
    about: model.about,
    verdict: violation === null ? whole : "VIOLATED",
    states,
    transitions,
    depth,
    atRest,
    locals,
    steps,
    mostCopies,
    seconds: (performance.now() - began) / 1000,
    authors: model.authors,
    scenario: violation === null ? last : violationText(network, violation),
  };
}

known(parentPort, "thread of the tool").postMessage(run(workerData as Order));
