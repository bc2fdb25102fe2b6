// The lists by their names: each as rows that are made on demand.
import type { ListName } from "../../api/lists/lists.ts";
import { listCounters } from "./counters.ts";
import { listGroups } from "./groups.ts";
import { listInterfaces } from "./interfaces.ts";
import { listKeys } from "./keys.ts";
import type { List } from "./list.ts";
import { listMroute } from "./mroute.ts";
import { listNeighborState } from "./neighbor-state.ts";
import { listNeighbors } from "./neighbors.ts";
import { listSequenceNumbers } from "./sequence-numbers.ts";
import { listSettings } from "./settings.ts";
import { listSummary } from "./summary.ts";
import { listTrees } from "./trees.ts";

/** Every list. */
export const LIST_ROWS: { readonly [Name in ListName]: List<Name> } = {
  summary: listSummary,
  interfaces: listInterfaces,
  neighbors: listNeighbors,
  "sequence-numbers": listSequenceNumbers,
  "neighbor-state": listNeighborState,
  trees: listTrees,
  groups: listGroups,
  mroute: listMroute,
  keys: listKeys,
  settings: listSettings,
  counters: listCounters,
};
