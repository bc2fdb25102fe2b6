// The bounds of what is stored (P7, §16): when there is room again, what was refused is asked for again.
import { orderedValues } from "../base/ordered.ts";
import { restartNeighbor } from "./neighborhood.ts";
import type { RouterSettings } from "./settings.ts";
import type { Neighbor, RouterState, RunningInterface } from "./state.ts";
import { runningAt } from "./state.ts";
import { hasRoomForTree } from "./trees.ts";
import type { Turn } from "./turn.ts";

const hasRoom = (state: RouterState, neighbor: Neighbor): boolean =>
  hasRoomForTree(state) && neighbor.trees.size < state.settings.treesPerNeighborLimit;

/** Neighbors of which something was refused, in order. */
const refusedNeighbors = (
  state: RouterState,
): readonly { readonly at: RunningInterface; readonly neighbor: Neighbor }[] =>
  orderedValues(state.interfaces).flatMap(({ facts }) => {
    const at = runningAt(state, facts.index);
    if (at === undefined) return [];
    const refused = orderedValues(at.running.neighbors).filter((neighbor) => neighbor.refused);
    return refused.map((neighbor) => ({ at, neighbor }));
  });

/** §16: bounds that were others, `was`: if one was raised, all neighbors are restarted for which there is room now. */
export function takeUpRefused(turn: Turn, was: RouterSettings): void {
  const { state } = turn;
  const { treeLimit, treesPerNeighborLimit } = state.settings;
  const isRaised = treeLimit > was.treeLimit || treesPerNeighborLimit > was.treesPerNeighborLimit;
  if (!isRaised) return;
  for (const { at, neighbor } of refusedNeighbors(state)) {
    if (hasRoom(state, neighbor)) restartNeighbor(turn, at, neighbor, neighbor.bootTime);
  }
}

/** P7: an interval has passed: one neighbor is restarted for which there is room. */
export function reviewLimits(turn: Turn): void {
  const { state } = turn;
  const refused = refusedNeighbors(state);
  const next = refused.find(({ neighbor }) => hasRoom(state, neighbor));
  if (next !== undefined) restartNeighbor(turn, next.at, next.neighbor, next.neighbor.bootTime);
  if (refused.length > 0) turn.awaitReview();
}
