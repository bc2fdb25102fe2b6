// The list of HPIM-DM neighbors.
import type { NeighborRow } from "../../api/lists/neighbors.ts";
import { formatAddress } from "../../base/address.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Filter, List } from "./list.ts";
import { secondsFrom, wantsIndex } from "./list.ts";

function* rows(engine: EngineReading, filter: Filter): Generator<NeighborRow> {
  const interfaces = engine.router
    .interfaces()
    .filter(({ index }) => wantsIndex(engine, filter, index));
  for (const { index, running } of interfaces) {
    for (const neighbor of running?.neighbors ?? []) {
      const { state, bootTime, mySsn, neighborSsn, checkpointSn, since, syncedAt } = neighbor;
      const now = engine.now();
      yield {
        interface: engine.nameOf(index),
        address: formatAddress(neighbor.address),
        ...{ state, bootTime, mySsn, neighborSsn, checkpointSn },
        knownSeconds: secondsFrom(since, now),
        syncedSeconds: syncedAt === null ? null : secondsFrom(syncedAt, now),
        expiresInSeconds: secondsFrom(now, neighbor.livenessDue),
        upstreamTrees: neighbor.upstreamTrees,
      };
    }
  }
}

/** The list of neighbors. */
export const listNeighbors: List<"neighbors"> = (engine, filter) => ({
  neighbors: rows(engine, filter),
});
