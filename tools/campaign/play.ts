// Plays one seed, and says what came of it in plain values: what a worker does.
import type { MostCopies } from "./deliveries.ts";
import { eventName, featuresOf } from "./kinds.ts";
import { live } from "./live.ts";
import { reportOf } from "./report.ts";
import { noRows } from "./rows.ts";
import { storyOf } from "./story.ts";

/** What came of a seed. */
export interface Outcome {
  readonly seed: number;
  /** What is to be said of it if it failed; null: all is well. */
  readonly report: string | null;
  readonly most: MostCopies;
  readonly mostFair: MostCopies;
  readonly trees: number;
  readonly orderlyTrees: number;
  readonly routers: number;
  /** How often what, by name. */
  readonly events: ReadonlyMap<string, number>;
  readonly fates: ReadonlyMap<string, number>;
  /** Empty unless rows were counted. */
  readonly rows: ReadonlyMap<string, number>;
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Plays a seed. */
export function playSeed(seed: number, countsRows: boolean): Outcome {
  const story = storyOf(seed);
  const rows = countsRows ? noRows() : null;
  const { problems, ...judgement } = live(story, rows);
  const names = story.events.map(({ what }) => eventName(what));
  return {
    seed,
    report: problems.length > 0 ? reportOf(story) : null,
    ...judgement,
    routers: story.scene.topology.routers.size,
    events: counted([...names, ...featuresOf(story.scene)]),
    rows: rows ?? new Map(),
  };
}
