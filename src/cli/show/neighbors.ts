// hpim-dm show neighbors, as a table.
import type { NeighborRow, NeighborsAnswer, RefusedRow } from "../../api/lists/neighbors.ts";
import { duration } from "../table.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

const HEAD = [
  ...["Interface", "Neighbor", "State", "BootTime", "NeighborSSN", "MySSN"],
  ...["Known", "Synced", "Expires", "Trees"],
];

const row = (neighbor: NeighborRow): string[] => [
  neighbor.interface,
  neighbor.address,
  neighbor.state,
  String(neighbor.bootTime),
  String(neighbor.neighborSsn),
  String(neighbor.mySsn),
  duration(neighbor.knownSeconds),
  neighbor.syncedSeconds === null ? "-" : duration(neighbor.syncedSeconds),
  duration(neighbor.expiresInSeconds),
  String(neighbor.upstreamTrees),
];

/** "eth1: 17 messages were dropped, the last one from 10.5.5.4, 3s ago: wrong signature." */
function sentence({ interface: name, address, reason, count, lastSeconds }: RefusedRow): string {
  const from = address === null ? "" : ` from ${address}`;
  const ago = `${duration(lastSeconds)} ago`;
  const what =
    count === 1
      ? `1 message${from} was dropped, ${ago}`
      : `${count} messages were dropped, the last one${from}, ${ago}`;
  return `${name}: ${what}: ${reason}.`;
}

/** The neighbors; below them, whose messages are dropped for their signatures. */
export const renderNeighbors: Render<NeighborsAnswer> = function* ({ neighbors, refused }, look) {
  yield* listTable(look, HEAD, neighbors.map(row), "There are no neighbors.");
  for (const one of refused) yield sentence(one);
};
