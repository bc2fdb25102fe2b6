// What a client that listens to events wants to hear of.
import type { LogLevel } from "../api/log-levels.ts";
import { isAtLeast, OWN_SUBSYSTEM } from "../api/log-levels.ts";
import type { Address } from "../base/address.ts";
import { prefixHolds } from "../base/address.ts";
import type { Filter } from "./lists/list.ts";
import { wantsInterface } from "./lists/list.ts";
import type { NameOf } from "./reasons.ts";
import { groupsOf } from "./shown-messages.ts";
import type { Rank, Told } from "./subsystems.ts";
import { SHOWING } from "./subsystems.ts";

/** What events are narrowed to; one that has no interface, group or source is not of those that are narrowed by it. */
export interface EventFilter extends Filter {
  /** And what is more important; null: what is in the log, too, by its levels. */
  readonly level: LogLevel | null;
  /** Names; null: all. */
  readonly subsystems: ReadonlySet<string> | null;
}

const groupsIn = (told: Told): readonly Address[] => {
  if ("message" in told) return groupsOf(told);
  return "group" in told ? [told.group] : [];
};

function sourceIn(told: Told): Address | null {
  const about = "message" in told ? told.message : told;
  return "source" in about ? about.source : null;
}

function nameIn(told: Told, nameOf: NameOf): string | null {
  if (told.kind === "missing") return told.name;
  return "interface" in told && told.interface !== null ? nameOf(told.interface) : null;
}

const wantsSubsystem = ({ subsystems }: EventFilter, name: string): boolean =>
  subsystems?.has(name) !== false;

function wantsTree({ group, source }: EventFilter, told: Told): boolean {
  if (group !== null && !groupsIn(told).some((one) => prefixHolds(group, one))) return false;
  const from = source === null ? null : sourceIn(told);
  return source === null || (from !== null && prefixHolds(source, from));
}

/** Where something belongs, how important it is, and whether that suffices for the log. */
export interface Weighed extends Rank {
  readonly isForLog: boolean;
}

/** Whether the filter wants to hear of `told`. */
export function wantsTold(
  filter: EventFilter,
  told: Told,
  { subsystem, level, isForLog }: Weighed,
  nameOf: NameOf,
): boolean {
  const isWanted = filter.level === null ? isForLog : isAtLeast(level, filter.level);
  if (!isWanted || !wantsSubsystem(filter, subsystem)) return false;
  const isThere = filter.interface === null || wantsInterface(filter, nameIn(told, nameOf) ?? "");
  return isThere && wantsTree(filter, told);
}

/** Whether the filter wants what the daemon says of itself at this level. */
export const wantsOwn = (filter: EventFilter, level: LogLevel): boolean =>
  (filter.level === null || isAtLeast(level, filter.level)) &&
  wantsSubsystem(filter, OWN_SUBSYSTEM) &&
  filter.interface === null &&
  filter.group === null &&
  filter.source === null;

/** Whether the filter may want messages, or to hear of each that is dropped, also where the log does not. */
export const wantsMessages = (filter: EventFilter): boolean =>
  filter.level === "debug" && SHOWING.some((name) => wantsSubsystem(filter, name));
