// Whether somebody on a non-root interface wants the tree (§9.3, §7.1).
import type { Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import type { RouterSettings } from "./settings.ts";
import type { TreeInterface, TreeNeighbor } from "./settled.ts";
import type { DownstreamVerdict } from "./verdicts.ts";

/** §7.1, §13: until when data are forwarded to whom did not ask for them since `since`; -Infinity: never. */
export const floodEnd = (since: Millis, settings: RouterSettings): Millis =>
  settings.floodInitialData
    ? after(since, settings.initialFloodTime)
    : millis(Number.NEGATIVE_INFINITY);

/** §7.1: until when an interest that is unknown on the interface counts as interest; -Infinity if it never does. */
export function unknownCountsUntil(at: TreeInterface, settings: RouterSettings): Millis {
  return floodEnd(millis(Math.max(at.memory.interestUnknownSince, at.syncedAt)), settings);
}

/** Whether the neighbor's interest is unknown, so that it may count as interest. */
export const isUndetermined = ({ known }: TreeNeighbor): boolean =>
  known.upstream === null && known.interest === "unknown";

/** Whether some neighbor's interest is unknown. */
export const hasUndetermined = (at: TreeInterface): boolean => at.neighbors.some(isUndetermined);

/** §9.3. `unknownCounts`: unknown interest counts as interest now (§7.1). */
export function downstreamVerdict(at: TreeInterface, unknownCounts: boolean): DownstreamVerdict {
  if (at.listener) return { interested: true, why: "listener" };
  const interested = at.neighbors.find(({ known }) => known.interest === "interested");
  if (interested !== undefined) {
    return { interested: true, why: "neighbor interested", neighbor: interested.address };
  }
  const undetermined = unknownCounts ? at.neighbors.find(isUndetermined) : undefined;
  if (undetermined !== undefined) {
    return {
      interested: true,
      why: "neighbor counts as interested",
      neighbor: undetermined.address,
    };
  }
  if (at.neighbors.length === 0) return { interested: false, why: "nobody there" };
  const someUpstream = at.neighbors.some(({ known }) => known.upstream !== null);
  return {
    interested: false,
    why: someUpstream ? "all upstream or not interested" : "all not interested",
  };
}
