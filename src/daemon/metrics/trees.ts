// Metrics of trees as a whole.
import type { TreeState } from "../../core/notices.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Families, Sample } from "./exposition.ts";
import { sample } from "./exposition.ts";

const STATES: readonly TreeState[] = ["ACTIVE", "UNSURE", "INACTIVE"];

function* trees({ router }: EngineReading): Generator<Sample | undefined> {
  const counts = yield* router.treeCounts();
  for (const state of STATES) yield sample({ state }, counts.get(state)?.trees ?? 0);
}

function* stateChanges({ counters }: EngineReading): Generator<Sample> {
  for (const from of STATES) {
    for (const to of STATES) {
      if (from === to) continue;
      yield sample({ from, to }, counters.treeStateChanges.get(`${from} to ${to}`) ?? 0);
    }
  }
}

/** Trees by state, and how often these changed. */
export function* treeFamilies(engine: EngineReading): Families {
  yield {
    name: "hpim_trees",
    type: "gauge",
    help: "Trees by state.",
    samples: trees(engine),
  };
  yield {
    name: "hpim_tree_state_changes_total",
    type: "counter",
    help: "Changes of the state of trees.",
    samples: stateChanges(engine),
  };
}
