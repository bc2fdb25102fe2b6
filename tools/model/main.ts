// Visits all states of models, and shows the figures beside those that SPIN gave for the authors' models.
import { parseArgs } from "node:util";
import { explore, type Findings, type SearchOptions } from "../../src/sim/explorer/explore.ts";
import type { Model } from "../../src/sim/explorer/model.ts";
import { traceOf, violationText } from "../../src/sim/explorer/trace.ts";
import { MODELS } from "../../src/sim/models/list.ts";

const USAGE = `make model ARGS="[--all-interleavings] [--limit STATES] [MODEL...]"; without a model: all of them`;

function figures(model: Model, findings: Findings, seconds: number): string {
  const { states, transitions, depth, atRest, locals, steps, unfinished, violation } = findings;
  const { mostCopies } = findings;
  const { authors } = model;
  const verdict = unfinished === null ? "holds" : "incomplete";
  return [
    `${model.name}: ${violation === null ? verdict : "VIOLATED"}. ${model.about}`,
    `  ${states} states, ${transitions} transitions, depth ${depth}, ${atRest} at rest, ${seconds.toFixed(1)} s`,
    `  ${locals} local states of routers, ${steps} steps of the core`,
    mostCopies === 0 ? "" : `  a link carries at most ${mostCopies} copies of a packet`,
    authors === null
      ? "  the authors have no such model"
      : `  authors' ${authors.model}: ${authors.states} states, depth ${authors.depth}, ${authors.seconds} s`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function run(model: Model, options: SearchOptions): boolean {
  const began = performance.now();
  const findings = explore(model, options);
  console.log(figures(model, findings, (performance.now() - began) / 1000));
  const { network, violation, unfinished } = findings;
  if (violation !== null) console.log(violationText(network, violation));
  if (unfinished !== null) {
    console.log("one of the states reached last:");
    console.log(traceOf(network, unfinished).join("\n"));
  }
  return violation === null && unfinished === null;
}

function wrongUsage(): never {
  console.error(`${USAGE}\nmodels: ${MODELS.map(({ name }) => name).join(" ")}`);
  process.exit(2);
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        "all-interleavings": { type: "boolean", default: false },
        limit: { type: "string", default: "60000000" },
      },
    });
  } catch {
    return wrongUsage();
  }
}

const { values, positionals: names } = parsed();
const limit = Number(values.limit);
const unknown = names.filter((name) => !MODELS.some((model) => model.name === name));
if (unknown.length > 0 || !(limit > 0)) wrongUsage();
const chosen = MODELS.filter(({ name }) => names.length === 0 || names.includes(name));
const held = chosen.map((model) => run(model, { limit, reduce: !values["all-interleavings"] }));
process.exitCode = held.every((holds) => holds) ? 0 : 1;
