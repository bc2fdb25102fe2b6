// The list of HPIM-DM neighbors.
import type { NeighborRow, RefusedRow } from "../../api/lists/neighbors.ts";
import { formatAddress } from "../../base/address.ts";
import type { EngineReading } from "../engine-view.ts";
import { isSignatureFault } from "../signatures.ts";
import type { Filter, List } from "./list.ts";
import { secondsFrom, wantedPorts, wantsIndex } from "./list.ts";

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

function* refused(engine: EngineReading, filter: Filter): Generator<RefusedRow> {
  for (const { index } of wantedPorts(engine, filter)) {
    for (const { reason, count, sender, lastAt } of engine.counters.of(index).dropped) {
      if (!isSignatureFault(reason)) continue;
      yield {
        interface: engine.nameOf(index),
        address: sender === null ? null : formatAddress(sender),
        ...{ reason, count, lastSeconds: secondsFrom(lastAt, engine.now()) },
      };
    }
  }
}

/** The list of neighbors. */
export const listNeighbors: List<"neighbors"> = (engine, filter) => ({
  neighbors: rows(engine, filter),
  refused: refused(engine, filter),
});
