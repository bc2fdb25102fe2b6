// The summary: counts of trees and neighbors.
import type { SummaryInterfaceRow, SummaryTreesRow } from "../../api/lists/summary.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Filter, List } from "./list.ts";
import { wantsIndex } from "./list.ts";

const STATES = ["ACTIVE", "UNSURE", "INACTIVE"] as const;

function* treesRows(engine: EngineReading): Generator<SummaryTreesRow | undefined> {
  const counts = yield* engine.router.treeCounts();
  for (const state of STATES) {
    const { trees, entries } = counts.get(state) ?? { trees: 0, entries: 0 };
    yield { state, trees, entries };
  }
}

function* interfaceRows(engine: EngineReading, filter: Filter): Generator<SummaryInterfaceRow> {
  for (const { index, running } of engine.router.interfaces()) {
    if (running === null || !wantsIndex(engine, filter, index)) continue;
    const synced = running.neighbors.filter(({ state }) => state === "SYNCED").length;
    yield {
      interface: engine.nameOf(index),
      synced,
      synchronising: running.neighbors.length - synced,
      unacknowledged: running.unacknowledgedTrees,
    };
  }
}

/** The summary. */
export const listSummary: List<"summary"> = (engine, filter) => ({
  trees: treesRows(engine),
  interfaces: interfaceRows(engine, filter),
});
