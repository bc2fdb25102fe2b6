// Forwarding that is held after an assert is lost (§14).
import type { Millis } from "../base/units.ts";
import { after } from "../base/units.ts";
import type { SettledInterface, TreeInterface } from "./settled.ts";

/** What holding depends on, as it is now: of a non-root interface of an ACTIVE tree. */
export interface HoldInputs {
  readonly now: Millis;
  readonly winner: boolean;
  readonly downstreamInterested: boolean;
  readonly treeActive: boolean;
}

/** §14: since when the interface keeps forwarding though it is no assert winner; null: it does not. */
export function stepHold(
  at: TreeInterface,
  before: SettledInterface | undefined,
  inputs: HoldInputs,
): Millis | null {
  if (inputs.winner || !inputs.downstreamInterested || !inputs.treeActive) return null;
  const begins = before?.forwarding === true && before.winner;
  const since = begins ? inputs.now : at.memory.holdSince;
  return since !== null && after(since, at.holdForwardingTime) > inputs.now ? since : null;
}
