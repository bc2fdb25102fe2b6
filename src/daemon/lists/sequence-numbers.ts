// The list of sequence numbers.
import type { SequenceNumbersAnswer } from "../../api/lists/sequence-numbers.ts";
import { formatAddress } from "../../base/address.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Filter, List, Sections } from "./list.ts";
import { wantsIndex, wantsTree } from "./list.ts";

type Parts = Sections<SequenceNumbersAnswer>;

function* own(engine: EngineReading, filter: Filter): Parts["interfaces"] {
  for (const { index, running } of engine.router.interfaces()) {
    if (running === null || !wantsIndex(engine, filter, index)) continue;
    const { bootTime, interfaceSn, checkpointSn } = running;
    yield { interface: engine.nameOf(index), bootTime, interfaceSn, checkpointSn };
  }
}

function* ofNeighbors(engine: EngineReading, filter: Filter): Parts["neighbors"] {
  for (const { index, running } of engine.router.interfaces()) {
    if (!wantsIndex(engine, filter, index)) continue;
    for (const neighbor of running?.neighbors ?? []) {
      // upstreamTrees is counted when it is read, which may take long.
      const { address, bootTime, mySsn, neighborSsn, checkpointSn } = neighbor;
      const where = { interface: engine.nameOf(index), neighbor: formatAddress(address) };
      yield { ...where, bootTime, mySsn, neighborSsn, checkpointSn };
    }
  }
}

function* ofTrees(engine: EngineReading, filter: Filter): Parts["lastSns"] {
  for (const view of engine.router.lastSns()) {
    const isWanted =
      view !== undefined && wantsTree(filter, view) && wantsIndex(engine, filter, view.interface);
    yield isWanted
      ? {
          interface: engine.nameOf(view.interface),
          neighbor: formatAddress(view.neighbor),
          source: formatAddress(view.source),
          group: formatAddress(view.group),
          lastSn: view.lastSn,
        }
      : undefined;
  }
}

/** The list of sequence numbers; groups and sources narrow only the numbers of trees. */
export const listSequenceNumbers: List<"sequence-numbers"> = (engine, filter) => ({
  interfaces: own(engine, filter),
  neighbors: ofNeighbors(engine, filter),
  lastSns: ofTrees(engine, filter),
});
