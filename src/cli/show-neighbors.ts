// hpim-dm show neighbors, as a table.
import type { NeighborsAnswer } from "../api/responses.ts";
import { duration, table } from "./table.ts";

const HEAD = [
  ...["Interface", "Neighbor", "State", "Age", "Expires", "BootTime"],
  ...["MySSN", "NeighborSSN", "CheckpointSN", "Upstream for"],
];

/** The neighbors. */
export const renderNeighbors = ({ neighbors }: NeighborsAnswer): string =>
  table(
    HEAD,
    neighbors.map((neighbor) => [
      neighbor.interface,
      neighbor.address,
      neighbor.state,
      duration(neighbor.ageSeconds),
      duration(neighbor.expiresInSeconds),
      String(neighbor.bootTime),
      String(neighbor.mySsn),
      String(neighbor.neighborSsn),
      String(neighbor.checkpointSn),
      `${neighbor.upstreamTrees} ${neighbor.upstreamTrees === 1 ? "tree" : "trees"}`,
    ]),
    { empty: "There are no neighbors." },
  );
