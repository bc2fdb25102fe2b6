// The list of what the neighbors have said of each tree.
import type { NeighborStateRow } from "../../api/lists/neighbor-state.ts";
import { formatAddress } from "../../base/address.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Filter, List, Rows } from "./list.ts";
import { wantedTrees, wantsIndex } from "./list.ts";

function* rows(engine: EngineReading, filter: Filter): Rows<NeighborStateRow> {
  for (const key of wantedTrees(engine, filter)) {
    // A tree without neighbors is a place to rest at, too.
    yield undefined;
    for (const view of key === undefined ? [] : engine.router.neighborTrees(key, engine.now())) {
      if (!wantsIndex(engine, filter, view.interface)) continue;
      const { source, group, neighbor, upstream, interest, countsAsInterested } = view;
      yield {
        source: formatAddress(source),
        group: formatAddress(group),
        interface: engine.nameOf(view.interface),
        neighbor: formatAddress(neighbor),
        ...{ upstream, interest, countsAsInterested },
      };
    }
  }
}

/** The list of what the neighbors have said. */
export const listNeighborState: List<"neighbor-state"> = (engine, filter) => ({
  states: rows(engine, filter),
});
