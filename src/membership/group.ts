// The state machine of a group on an attached network, as Querier and as NonQuerier (RFC 2236 §7), with the version 1
// hosts of §5. No Members Present needs no storage: it is null.
import type { Address } from "../base/address.ts";
import { lengthChange, retimedInFull } from "../base/length-change.ts";
import type { Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import type { GroupState } from "./events.ts";
import type { MembershipSettings, Moment } from "./settings.ts";
import { groupMembershipInterval } from "./settings.ts";

/** The question whether any members are left. */
interface Check {
  /** Group-Specific Queries that we have sent, and when the last; null: another router asks. */
  readonly own: { readonly sent: number; readonly lastAt: Millis } | null;
}

/** What set a group's timer: a report, our question after a leave, or that of another router, by its response time. */
type Cause = "report" | "leave" | Millis;

/** A group with members. */
export interface Group {
  readonly lastReporter: Address;
  readonly expiresDue: Millis;
  /** What `expiresDue` was set by. */
  readonly cause: Cause;
  /** Until when version 1 hosts, which send no leaves, count as present; null: none do. */
  readonly version1HostDue: Millis | null;
  readonly check: Check | null;
}

/** The group's next state, and whether a Group-Specific Query is sent. */
export type GroupStep = readonly [next: Group | null, sendsQuery: boolean];

/** How long a group's timer runs. */
function groupTime(cause: Cause, settings: MembershipSettings): Millis {
  if (cause === "report") return groupMembershipInterval(settings);
  const responseTime = cause === "leave" ? settings.lastMemberQueryInterval : cause;
  return millis(responseTime * settings.lastMemberQueryCount);
}

/** When our next Group-Specific Query is due; null: there is none. */
function queryDue({ check }: Group, settings: MembershipSettings): Millis | null {
  const own = check?.own ?? null;
  if (own === null || own.sent >= settings.lastMemberQueryCount) return null;
  return after(own.lastAt, settings.lastMemberQueryInterval);
}

/** A report of version 1, or of a later one, was heard from `reporter`. Version 1 hosts are noted in either role (§5). */
export function stepGroupOnReport(
  group: Group | null,
  version: 1 | 2,
  reporter: Address,
  at: Moment,
): Group {
  const cause = "report";
  const expiresDue = after(at.now, groupTime(cause, at.settings));
  const version1HostDue = version === 1 ? expiresDue : (group?.version1HostDue ?? null);
  return { lastReporter: reporter, expiresDue, cause, version1HostDue, check: null };
}

/** A leave was heard by the Querier; a NonQuerier ignores it (§3). */
export function stepGroupOnLeave(group: Group, at: Moment): GroupStep {
  if (groupState(group) !== "MembersPresent") return [group, false];
  const cause = "leave";
  const expiresDue = after(at.now, groupTime(cause, at.settings));
  return [{ ...group, expiresDue, cause, check: { own: { sent: 1, lastAt: at.now } } }, true];
}

/** A NonQuerier heard a Group-Specific Query: the timer is lowered, never raised (§3). */
export function stepGroupOnQuery(group: Group, maxResponse: Millis, at: Moment): Group {
  const check = group.check ?? { own: null };
  const answered = after(at.now, groupTime(maxResponse, at.settings));
  if (group.expiresDue <= answered) return { ...group, check };
  return { ...group, expiresDue: answered, cause: maxResponse, check };
}

/**
 * What `groupDue` announced is due. A router that lost the election meanwhile goes on asking: "the same router keeps
 * sending the Group-Specific Queries" (§3).
 */
export function stepGroupOnTime(group: Group, at: Moment): GroupStep {
  if (group.expiresDue <= at.now) return [null, false];
  const own = group.check?.own ?? null;
  // Who asks knows of no version 1 host: for one, no leave is heeded, and its report ends the series.
  if (own === null) return [{ ...group, version1HostDue: null }, false];
  return [{ ...group, check: { own: { sent: own.sent + 1, lastAt: at.now } } }, true];
}

/** §16: the settings were others, `was`. */
export function stepGroupOnSettings(
  group: Group,
  was: MembershipSettings,
  { now, settings }: Moment,
): Group {
  const ofCause = lengthChange((s) => groupTime(group.cause, s), was, settings);
  const ofVersion1 = lengthChange(groupMembershipInterval, was, settings);
  const { version1HostDue } = group;
  return {
    ...group,
    expiresDue: retimedInFull(group.expiresDue, ofCause, now),
    version1HostDue: version1HostDue && retimedInFull(version1HostDue, ofVersion1, now),
  };
}

/** When `stepGroupOnTime` is to be called. */
export const groupDue = (group: Group, settings: MembershipSettings): Millis =>
  millis(
    Math.min(
      group.expiresDue,
      group.version1HostDue ?? Number.POSITIVE_INFINITY,
      queryDue(group, settings) ?? Number.POSITIVE_INFINITY,
    ),
  );

/** The group's state in the words of §7. */
export function groupState(group: Group): GroupState {
  if (group.check !== null) return "CheckingMembership";
  return group.version1HostDue === null ? "MembersPresent" : "Version1MembersPresent";
}
