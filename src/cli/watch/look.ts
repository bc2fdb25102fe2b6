// One look at the daemon: what is short, and of the trees only the kernel's counters and those that are shown.
import type { InterfacesAnswer } from "../../api/lists/interfaces.ts";
import type { MrouteAnswer } from "../../api/lists/mroute.ts";
import type { NeighborsAnswer } from "../../api/lists/neighbors.ts";
import type { SummaryAnswer } from "../../api/lists/summary.ts";
import type { TreeRow, TreesAnswer } from "../../api/lists/trees.ts";
import type { VersionAnswer } from "../../api/responses.ts";
import type { Versioned } from "../../api/version.ts";
import { ask } from "../client.ts";
import type { Flow, Reading } from "./flows.ts";
import { flowsOf, readingOf, treeOf } from "./flows.ts";
import type { Narrowing } from "./view.ts";

/** What a look has shown. */
export interface Picture {
  readonly version: VersionAnswer;
  readonly summary: SummaryAnswer;
  readonly interfaces: InterfacesAnswer;
  readonly neighbors: NeighborsAnswer;
  /** The busiest first; behind them trees without an entry, if there are few trees. */
  readonly flows: readonly Flow[];
  /** Over so many seconds; null: there was one reading only. */
  readonly ratesOver: number | null;
  /** Of the trees that are shown, by their text. */
  readonly details: ReadonlyMap<string, TreeRow>;
  readonly reading: Reading;
}

/** Of so many trees all are asked for at once; of more, those that are shown, one by one. */
const FEW_TREES = 64;

function pathOf(list: string, narrowing: Narrowing, limit?: number): string {
  const query = new URLSearchParams({ ...narrowing });
  if (limit !== undefined) query.set("limit", `${limit}`);
  return `/v1/${list}?${query}`;
}

const NO_DETAILS: Picture["details"] = new Map();

const withoutEntry = ({ source, group, root }: TreeRow): Flow => ({
  ...{ source, group, incoming: root, outgoing: [] },
  ...{ packetsPerSecond: null, bitsPerSecond: null },
});

/** What is asked for, and what was seen before; null: nothing. */
export interface LookOptions {
  readonly runtimeDir: string;
  readonly narrowing: Narrowing;
  readonly before: Picture | null;
}

/** Looks. Throws CommandError if the daemon does not answer, or refuses. */
export async function look({ runtimeDir, narrowing, before }: LookOptions): Promise<Picture> {
  const get = <Answer extends Versioned>(path: string): Promise<Answer> =>
    ask<Answer>(runtimeDir, ["GET", path]);
  const version = await get<VersionAnswer>("/v1/version");
  const summary = await get<SummaryAnswer>("/v1/summary");
  const interfaces = await get<InterfacesAnswer>("/v1/interfaces");
  const neighbors = await get<NeighborsAnswer>("/v1/neighbors");
  const mroute = await get<MrouteAnswer>(pathOf("mroute", narrowing));
  const reading = readingOf(mroute, performance.now() / 1_000);
  const last = before?.version.pid === version.pid ? before.reading : null;
  const flows = flowsOf(reading, last);
  const ratesOver = last === null ? null : reading.at - last.at;
  const seen = { version, summary, interfaces, neighbors, ratesOver, reading };
  const trees = summary.trees.reduce((sum, row) => sum + row.trees, 0);
  if (trees > FEW_TREES) return { ...seen, flows, details: NO_DETAILS };
  const all = (await get<TreesAnswer>(pathOf("trees", narrowing, FEW_TREES))).trees;
  const others = all.filter((tree) => !reading.entries.has(treeOf(tree))).map(withoutEntry);
  const details = new Map(all.map((tree) => [treeOf(tree), tree]));
  return { ...seen, flows: [...flows, ...others], details };
}

/** The picture with the details of those of its flows that are `shown`. Throws CommandError as `look`. */
export async function lookCloser(
  runtimeDir: string,
  picture: Picture,
  shown: readonly Flow[],
): Promise<Picture> {
  const details = new Map(picture.details);
  for (const flow of shown) {
    const { source, group } = flow;
    if (details.has(treeOf(flow))) continue;
    const path = pathOf("trees", { source, group });
    const [tree] = (await ask<TreesAnswer>(runtimeDir, ["GET", path])).trees;
    if (tree !== undefined) details.set(treeOf(tree), tree);
  }
  return { ...picture, details };
}
