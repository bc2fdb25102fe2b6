// The renderers of the lists, by the list's name.
import type { ListName } from "../../api/lists/lists.ts";
import type { Answer } from "../../api/lists/schemas.ts";
import { renderCounters } from "./counters.ts";
import { renderGroups } from "./groups.ts";
import { renderInterfaces } from "./interfaces.ts";
import { renderKeys } from "./keys.ts";
import { renderMroute } from "./mroute.ts";
import { renderNeighborState } from "./neighbor-state.ts";
import { renderNeighbors } from "./neighbors.ts";
import type { Render } from "./render.ts";
import { renderSequenceNumbers } from "./sequence-numbers.ts";
import { renderSettings } from "./settings.ts";
import { renderSummary } from "./summary.ts";
import { renderTrees } from "./trees.ts";

/** Every list for people. */
export const RENDERERS: { readonly [Name in ListName]: Render<Answer<Name>> } = {
  summary: renderSummary,
  interfaces: renderInterfaces,
  neighbors: renderNeighbors,
  "sequence-numbers": renderSequenceNumbers,
  "neighbor-state": renderNeighborState,
  trees: renderTrees,
  groups: renderGroups,
  mroute: renderMroute,
  keys: renderKeys,
  settings: renderSettings,
  counters: renderCounters,
};
