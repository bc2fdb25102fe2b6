// The list of what the neighbors have said of each tree.
import type { NeighborStateRow } from "../../api/lists/neighbor-state.ts";
import { formatAddress } from "../../base/address.ts";
import type { NeighborTreeView } from "../../core/view.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Filter, List, Rows } from "./list.ts";
import { wantedTrees, wantsIndex } from "./list.ts";

/** What a neighbor has said of a tree, for the list. */
export const neighborStateRow = (
  view: NeighborTreeView,
  nameOf: EngineReading["nameOf"],
): NeighborStateRow => ({
  source: formatAddress(view.source),
  group: formatAddress(view.group),
  interface: nameOf(view.interface),
  neighbor: formatAddress(view.neighbor),
  upstream: view.upstream,
  interest: view.interest,
  countsAsInterested: view.countsAsInterested,
});

function* rows(engine: EngineReading, filter: Filter): Rows<NeighborStateRow> {
  for (const key of wantedTrees(engine, filter)) {
    // A tree without neighbors is a place to rest at, too.
    yield undefined;
    for (const view of key === undefined ? [] : engine.router.neighborTrees(key, engine.now())) {
      if (!wantsIndex(engine, filter, view.interface)) continue;
      yield neighborStateRow(view, (index) => engine.nameOf(index));
    }
  }
}

/** The list of what the neighbors have said. */
export const listNeighborState: List<"neighbor-state"> = (engine, filter) => ({
  states: rows(engine, filter),
});
