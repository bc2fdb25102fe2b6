// hpim-dm show sequence-numbers: ours, those of synchronisations, and the last of each tree, as three tables.
import type { SequenceNumbersAnswer } from "../../api/lists/sequence-numbers.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

const OWN = ["Interface", "BootTime", "InterfaceSN", "CheckpointSN"];
const OF_NEIGHBORS = ["Interface", "Neighbor", "BootTime", "NeighborSSN", "MySSN", "CheckpointSN"];
const OF_TREES = ["Interface", "Neighbor", "Source", "Group", "LastSN"];

/** The sequence numbers. */
export const renderSequenceNumbers: Render<SequenceNumbersAnswer> = function* (answer, look) {
  const own = answer.interfaces.map((at) =>
    [at.interface, at.bootTime, at.interfaceSn, at.checkpointSn].map(String),
  );
  const neighbors = answer.neighbors.map((at) =>
    [at.interface, at.neighbor, at.bootTime, at.neighborSsn, at.mySsn, at.checkpointSn].map(String),
  );
  const trees = answer.lastSns.map((at) =>
    [at.interface, at.neighbor, at.source, at.group, at.lastSn].map(String),
  );
  yield* listTable(look, OWN, own, "HPIM-DM runs on no interface.");
  yield "";
  yield* listTable(look, OF_NEIGHBORS, neighbors, "There are no neighbors.");
  yield "";
  yield* listTable(
    look,
    OF_TREES,
    trees,
    "No neighbor has sent anything of a tree since its CheckpointSN.",
  );
};
