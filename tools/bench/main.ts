// make bench: measures the daemon on this machine's kernel, row by row (docs/performance.md). Exits 1 if the median of a row
// does not meet what it must, having measured all of them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { asRoot } from "../../src/lab/as-root.ts";
import { BARE_DAEMON } from "../../src/lab/daemon-process.ts";
import { listLabs } from "../../src/lab/lab.ts";
import { LabError, LabForbiddenError } from "../../src/lab/lab-error.ts";
import { NotHeld } from "../lab-watch.ts";
import { derivedFrom } from "./derived.ts";
import type { Figure, Site, Suite, Values } from "./row.ts";
import { SUITES } from "./suites.ts";
import type { Result } from "./table.ts";
import { isMet, resultDocument, resultLines } from "./table.ts";

const INTERRUPTED = 130;

const FIGURES: readonly Figure[] = SUITES.flatMap(({ figures }) => figures);

class UsageError extends Error {}

class Interrupted extends Error {}

/** Errors whose sentence is enough. */
const TOLD = [LabError, LabForbiddenError, NotHeld, UsageError, Interrupted];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const load = (): string =>
  loadavg()
    .map((one) => one.toFixed(2))
    .join(" ");

function machine(): string {
  const [first] = cpus();
  return `Linux ${release()}, Node ${process.version}, ${cpus().length} cores (${first?.model.trim()})`;
}

/** The rows that are asked for; all unless some are named. */
function wantedRows(names: readonly string[]): ReadonlySet<string> {
  const all = FIGURES.map(({ name }) => name);
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`There is no row ${unknown.join(", ")}: there are ${all.join(", ")}.`);
  }
  return new Set(names.length === 0 ? all : names);
}

function add(all: Map<string, Values>, values: ReadonlyMap<string, Values>): void {
  for (const [name, { first, later }] of values) {
    const before = all.get(name) ?? { first: [], later: [] };
    all.set(name, { first: [...before.first, ...first], later: [...before.later, ...later] });
  }
}

async function measureSuite(
  { name, figures, runs, run }: Suite,
  rows: ReadonlySet<string>,
  site: Site,
): Promise<readonly Result[]> {
  const values = new Map<string, Values>();
  const count = runs(site);
  for (let n = 1; n <= count; n++) {
    const began = performance.now();
    add(values, await run(site, rows));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    say(`${name}, run ${n} of ${count}: ${seconds} s, load ${load()}`);
  }
  return figures.flatMap((figure) => {
    const ofRow = values.get(figure.name);
    return ofRow === undefined ? [] : [{ ...figure, values: ofRow }];
  });
}

async function measureAll(rows: ReadonlySet<string>, site: Site): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const suite of SUITES) {
    const isWanted = suite.figures.some(({ name }) => rows.has(name));
    if (isWanted) results.push(...(await measureSuite(suite, rows, site)));
  }
  return results;
}

/** Rejects when the run is to end early. */
function interruption(): Promise<never> {
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => reject(new Interrupted("Interrupted; the networks are removed.")));
    }
  });
  interrupted.catch(() => undefined);
  return interrupted;
}

function report(results: readonly Result[], about: object, file: string | undefined): number {
  say("");
  for (const line of resultLines(results)) say(line);
  say("");
  for (const [what, value] of Object.entries(about)) say(`${what}: ${value}`);
  if (file !== undefined) writeFileSync(file, resultDocument(results, about));
  const unmet = results.filter((result) => !isMet(result)).map(({ name }) => name);
  if (unmet.length > 0) say(`The median does not meet "at least": ${unmet.join(", ")}.`);
  return unmet.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: "string" },
      smoke: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const rows = wantedRows(positionals);
  const directory = mkdtempSync(join(tmpdir(), "hpim-dm-bench-"));
  const site: Site = {
    ...{ directory, say, isSmoke: values.smoke, prefix: `bench${process.pid}` },
    interrupted: interruption(),
    program: BARE_DAEMON,
  };
  const [began, before] = [performance.now(), load()];
  try {
    const measured = await measureAll(rows, site);
    const results = [...measured, ...derivedFrom(measured)];
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    const about = {
      machine: machine(),
      ...{ "load before": before, "load after": load(), minutes },
    };
    return report(results, about, values.json);
  } finally {
    // The records of what could not be removed stay.
    if (listLabs(directory).length === 0) rmSync(directory, { recursive: true });
  }
}

try {
  // What was interrupted still waits for what cannot come any more.
  await asRoot(async () => process.exit(await main()));
} catch (error) {
  const isTold = TOLD.some((kind) => error instanceof kind);
  if (!(error instanceof Error && isTold)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(error instanceof Interrupted ? INTERRUPTED : 1);
}
