// The state machine of a group on an attached network, as Querier and as NonQuerier (RFC 2236 §7), with the version 1
// hosts of §5. No Members Present needs no storage: it is null.
import type { Address } from "../base/address.ts";
import type { Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import type { GroupState } from "./events.ts";
import type { Moment } from "./settings.ts";
import { groupMembershipInterval } from "./settings.ts";

/** The question whether any members are left. */
interface Check {
  /** Group-Specific Queries that we have still to send; none, if another router asks. */
  readonly queriesLeft: number;
  /** When the next of them is due; null: there is none. */
  readonly queryDue: Millis | null;
}

/** A group with members. */
export interface Group {
  readonly lastReporter: Address;
  readonly expiresDue: Millis;
  /** Until when version 1 hosts, which send no leaves, count as present; null: none do. */
  readonly version1HostDue: Millis | null;
  readonly check: Check | null;
}

/** The group's next state, and whether a Group-Specific Query is sent. */
export type GroupStep = readonly [next: Group | null, sendsQuery: boolean];

const checkAfterQuery = (queriesLeft: number, at: Moment): Check => ({
  queriesLeft,
  queryDue: queriesLeft > 0 ? after(at.now, at.settings.lastMemberQueryInterval) : null,
});

/** A report of version 1, or of a later one, was heard from `reporter`. Version 1 hosts are noted in either role (§5). */
export function stepGroupOnReport(
  group: Group | null,
  version: 1 | 2,
  reporter: Address,
  at: Moment,
): Group {
  const expiresDue = after(at.now, groupMembershipInterval(at.settings));
  const version1HostDue = version === 1 ? expiresDue : (group?.version1HostDue ?? null);
  return { lastReporter: reporter, expiresDue, version1HostDue, check: null };
}

/** A leave was heard by the Querier; a NonQuerier ignores it (§3). */
export function stepGroupOnLeave(group: Group, at: Moment): GroupStep {
  if (groupState(group) !== "MembersPresent") return [group, false];
  const { lastMemberQueryInterval, lastMemberQueryCount } = at.settings;
  const expiresDue = after(at.now, millis(lastMemberQueryInterval * lastMemberQueryCount));
  return [{ ...group, expiresDue, check: checkAfterQuery(lastMemberQueryCount - 1, at) }, true];
}

/** A NonQuerier heard a Group-Specific Query: the timer is lowered, never raised (§3). */
export function stepGroupOnQuery(group: Group, maxResponse: Millis, at: Moment): Group {
  const answered = after(at.now, millis(maxResponse * at.settings.lastMemberQueryCount));
  const expiresDue = millis(Math.min(group.expiresDue, answered));
  return { ...group, expiresDue, check: group.check ?? checkAfterQuery(0, at) };
}

/**
 * What `groupDue` announced is due. A router that lost the election meanwhile goes on asking: "the same router keeps
 * sending the Group-Specific Queries" (§3).
 */
export function stepGroupOnTime(group: Group, at: Moment): GroupStep {
  if (group.expiresDue <= at.now) return [null, false];
  const { check } = group;
  // Who has queries left to send knows of no version 1 host: for one, no leave is heeded, and its report ends the series.
  if (check === null || check.queryDue === null) {
    return [{ ...group, version1HostDue: null }, false];
  }
  return [{ ...group, check: checkAfterQuery(check.queriesLeft - 1, at) }, true];
}

/** When `stepGroupOnTime` is to be called. */
export const groupDue = (group: Group): Millis =>
  millis(
    Math.min(
      group.expiresDue,
      group.version1HostDue ?? Number.POSITIVE_INFINITY,
      group.check?.queryDue ?? Number.POSITIVE_INFINITY,
    ),
  );

/** The group's state in the words of §7. */
export function groupState(group: Group): GroupState {
  if (group.check !== null) return "CheckingMembership";
  return group.version1HostDue === null ? "MembersPresent" : "Version1MembersPresent";
}
