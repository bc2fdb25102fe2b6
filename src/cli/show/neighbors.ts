// hpim-dm show neighbors, as a table.
import type { NeighborRow, NeighborsAnswer } from "../../api/lists/neighbors.ts";
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

/** The neighbors. */
export const renderNeighbors: Render<NeighborsAnswer> = ({ neighbors }, look) =>
  listTable(look, HEAD, neighbors.map(row), "There are no neighbors.");
