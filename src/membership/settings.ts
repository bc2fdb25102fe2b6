// Timers and counts of RFC 2236 §8, per interface.
import type { Millis } from "../base/units.ts";
import { millis, seconds } from "../base/units.ts";

/** What can be set (RFC 2236 §8), all of it more than 0; what the RFC derives is derived. */
export interface MembershipSettings {
  readonly robustnessVariable: number;
  readonly queryInterval: Millis;
  readonly queryResponseInterval: Millis;
  readonly startupQueryInterval: Millis;
  readonly startupQueryCount: number;
  readonly lastMemberQueryInterval: Millis;
  readonly lastMemberQueryCount: number;
  /** A router that speaks IGMPv1 counts as present for this long (RFC 2236 §8.11). */
  readonly version1RouterPresentTimeout: Millis;
  /** Groups with members on the interface (§16). */
  readonly groupLimit: number;
}

/** RFC 2236 §8's defaults. */
export const DEFAULT_MEMBERSHIP_SETTINGS: MembershipSettings = {
  robustnessVariable: 2,
  queryInterval: seconds(125),
  queryResponseInterval: seconds(10),
  startupQueryInterval: millis(31_250),
  startupQueryCount: 2,
  lastMemberQueryInterval: seconds(1),
  lastMemberQueryCount: 2,
  version1RouterPresentTimeout: seconds(400),
  groupLimit: 8_192,
};

/** Until a membership ends that is not reported again (RFC 2236 §8.4). */
export const groupMembershipInterval = (s: MembershipSettings): Millis =>
  millis(s.robustnessVariable * s.queryInterval + s.queryResponseInterval);

/** Until the other querier counts as gone (RFC 2236 §8.5). */
export const otherQuerierPresentInterval = (s: MembershipSettings): Millis =>
  millis(s.robustnessVariable * s.queryInterval + s.queryResponseInterval / 2);

/** Whether all is set alike. */
export const isSameSettings = (a: MembershipSettings, b: MembershipSettings): boolean =>
  (Object.keys(a) as (keyof MembershipSettings)[]).every((setting) => a[setting] === b[setting]);

/** The instant of a step, and the settings that then hold. */
export interface Moment {
  readonly now: Millis;
  readonly settings: MembershipSettings;
}
