// The querier of an attached network: election and General Queries (RFC 2236 §3, §7). The lowest address wins.
import type { Address } from "../base/address.ts";
import type { Millis } from "../base/units.ts";
import { after } from "../base/units.ts";
import type { Moment } from "./settings.ts";
import { otherQuerierPresentInterval } from "./settings.ts";

/** Whether we query, and when that is to be thought over. */
export type QuerierState =
  | {
      readonly role: "Querier";
      readonly startupQueriesLeft: number;
      readonly queryDue: Millis;
    }
  | {
      readonly role: "NonQuerier";
      /** The router whose query was heard last. */
      readonly querier: Address;
      readonly otherQuerierDue: Millis;
    };

function querierAfterQuery(startupQueriesLeft: number, at: Moment): QuerierState {
  const { startupQueryInterval, queryInterval } = at.settings;
  const interval = startupQueriesLeft > 0 ? startupQueryInterval : queryInterval;
  return { role: "Querier", startupQueriesLeft, queryDue: after(at.now, interval) };
}

/** The state in which a router starts on a network (RFC 2236 §7), the first of its General Queries being sent. */
export const beginQuerier = (at: Moment): QuerierState =>
  querierAfterQuery(at.settings.startupQueryCount - 1, at);

/**
 * A query of any kind from `source` was heard; ours is `address`. Also as NonQuerier every router lower than ourselves
 * counts, not the elected one alone (RFC 2236 §7), and so does one that speaks IGMPv1: it will not cede to anyone.
 */
export function stepQuerierOnQuery(
  state: QuerierState,
  source: Address,
  address: Address,
  at: Moment,
): QuerierState {
  if (source >= address) return state;
  const otherQuerierDue = after(at.now, otherQuerierPresentInterval(at.settings));
  return { role: "NonQuerier", querier: source, otherQuerierDue };
}

/** What was due is due: a General Query is being sent, by the querier or by its successor. */
export const stepQuerierOnTime = (state: QuerierState, at: Moment): QuerierState =>
  querierAfterQuery(state.role === "Querier" ? Math.max(0, state.startupQueriesLeft - 1) : 0, at);

/** When `stepQuerierOnTime` is to be called. */
export const querierDue = (state: QuerierState): Millis =>
  state.role === "Querier" ? state.queryDue : state.otherQuerierDue;
