// The querier of an attached network: election and General Queries (RFC 2236 §3, §7). The lowest address wins.
import type { Address } from "../base/address.ts";
import { lengthChange, retimed, retimedInFull } from "../base/length-change.ts";
import type { Millis } from "../base/units.ts";
import { after } from "../base/units.ts";
import type { MembershipSettings, Moment } from "./settings.ts";
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

/** From a General Query to the next. */
const intervalAfterQuery = (startupQueriesLeft: number, settings: MembershipSettings): Millis =>
  startupQueriesLeft > 0 ? settings.startupQueryInterval : settings.queryInterval;

function querierAfterQuery(startupQueriesLeft: number, { now, settings }: Moment): QuerierState {
  const queryDue = after(now, intervalAfterQuery(startupQueriesLeft, settings));
  return { role: "Querier", startupQueriesLeft, queryDue };
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

/** §16: the settings were others, `was`. A startup that is over does not begin anew. */
export function stepQuerierOnSettings(
  state: QuerierState,
  was: MembershipSettings,
  { now, settings }: Moment,
): QuerierState {
  if (state.role === "NonQuerier") {
    const change = lengthChange(otherQuerierPresentInterval, was, settings);
    const otherQuerierDue = retimedInFull(state.otherQuerierDue, change, now);
    return { ...state, otherQuerierDue };
  }
  const more = settings.startupQueryCount - was.startupQueryCount;
  const left = state.startupQueriesLeft;
  const startupQueriesLeft = left === 0 ? 0 : Math.max(0, left + more);
  const change = {
    was: intervalAfterQuery(left, was),
    is: intervalAfterQuery(startupQueriesLeft, settings),
  };
  return { ...state, startupQueriesLeft, queryDue: retimed(state.queryDue, change) };
}

/** When `stepQuerierOnTime` is to be called. */
export const querierDue = (state: QuerierState): Millis =>
  state.role === "Querier" ? state.queryDue : state.otherQuerierDue;
