// Rows of the table: what is measured, how good it ought to be, and how it is measured. Rows that need the same network are
// a suite: the network is brought up for all of them, and several times.
import type { DaemonProgram } from "../../src/lab/daemon-process.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { NotHeld } from "../lab-watch.ts";
import { NEVER } from "./statistics.ts";

/** What a row is about, and what its median is held to. Less is better, everywhere. */
export interface Figure {
  /** As the command line names it. */
  readonly name: string;
  readonly about: string;
  readonly unit: "s" | "ms" | "µs" | "x" | "KB" | "%" | "packets";
  /** What the median must meet; null: it is held to nothing, and shows what others can be compared with. */
  readonly atLeast: number | null;
  /** What is wanted. */
  readonly aim: number | "not measurable" | null;
  /** The same of hpim-dm 1.5.1, in words. */
  readonly python: string;
}

/** How often things are measured. */
export interface Effort {
  /** Few runs, and not what takes longest. */
  readonly isSmoke: boolean;
}

/** A network that is up, for one run of the rows that need it. */
export interface Network {
  lab: Lab;
}

/** A row. Both functions return one value or several, and leave the network so that other rows can go on. */
export interface Row<Net extends Network> extends Figure {
  readonly measure: (network: Net) => Promise<readonly number[]>;
  /** The same where daemons have just started and do it for the first time; it is called before `measure`. */
  readonly first?: (network: Net) => Promise<readonly number[]>;
}

/** Values of one row. */
export interface Values {
  readonly first: readonly number[];
  readonly later: readonly number[];
}

/** Where the networks of a run are made. */
export interface Site extends Effort {
  readonly directory: string;
  /** What labs' names begin with. */
  readonly prefix: string;
  readonly program: DaemonProgram;
  /** Rejects when the run is to end early; networks that are up are taken down then. */
  readonly interrupted: Promise<never>;
  /** Told what is under way. */
  readonly say: (line: string) => void;
}

/** Rows and the network that they need. */
export interface SuiteOptions<Net extends Network> {
  readonly name: string;
  /** In the order in which they are measured. */
  readonly rows: readonly Row<Net>[];
  /** How often the network is brought up. */
  readonly runs: (effort: Effort) => number;
  readonly up: (site: Site, rows: ReadonlySet<string>) => Promise<Net>;
  readonly down: (network: Net) => Promise<void>;
}

/** A suite, whatever its network is. */
export interface Suite {
  readonly name: string;
  readonly figures: readonly Figure[];
  readonly runs: (effort: Effort) => number;
  /** Brings the network up, measures `rows` once, and takes it down again. */
  readonly run: (site: Site, rows: ReadonlySet<string>) => Promise<ReadonlyMap<string, Values>>;
}

async function measureRow<Net extends Network>(row: Row<Net>, network: Net): Promise<Values> {
  const first = (await row.first?.(network)) ?? [];
  return { first, later: await row.measure(network) };
}

async function measureRows<Net extends Network>(
  { rows, name }: SuiteOptions<Net>,
  network: Net,
  site: Site,
): Promise<ReadonlyMap<string, Values>> {
  const values = new Map<string, Values>();
  for (const row of rows) {
    try {
      values.set(row.name, await measureRow(row, network));
    } catch (error) {
      if (!(error instanceof NotHeld)) throw error;
      // How the network is then nobody knows: the other rows get their values in other runs.
      site.say(`${name}: ${row.name}: it did not come to be: ${error.message}`);
      values.set(row.name, { first: [], later: [NEVER] });
      return values;
    }
  }
  return values;
}

/** A suite of these rows. */
export const suite = <Net extends Network>(options: SuiteOptions<Net>): Suite => ({
  name: options.name,
  figures: options.rows,
  runs: options.runs,
  run: async (site, names) => {
    const rows = options.rows.filter(({ name }) => names.has(name));
    const network = await options.up(site, names);
    try {
      return await Promise.race([
        measureRows({ ...options, rows }, network, site),
        site.interrupted,
      ]);
    } finally {
      await options.down(network);
    }
  },
});

/** Does something once for each network, however many rows ask for what came of it. */
export function oncePer<Net extends Network, Result>(
  act: (network: Net) => Promise<Result>,
): (network: Net) => Promise<Result> {
  const results = new WeakMap<Net, Promise<Result>>();
  return (network) => {
    const known = results.get(network);
    if (known !== undefined) return known;
    const result = act(network);
    results.set(network, result);
    return result;
  };
}
