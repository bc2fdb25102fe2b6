// What membership is told, and what it wants done: plain values.
import type { Address, Prefix } from "../base/address.ts";
import type { SourceFilter } from "../base/source-filter.ts";
import type { TreeFilter } from "../base/tree-filter.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import type { IgmpMessage, Query } from "./messages.ts";
import type { MembershipNotice } from "./notices.ts";
import type { MembershipSettings } from "./settings.ts";
import type { StaticJoin } from "./static-joins.ts";

/** Everything that can happen to the router side of IGMP. */
export type MembershipEvent =
  /**
   * Membership is to run on the interface, with these facts; or, `address` null, is not, or no longer.
   * Another address begins the querier's role anew and keeps the groups; other settings (§16) and lists act at once.
   */
  | {
      readonly kind: "interface";
      readonly interface: InterfaceIndex;
      /** Our first primary address there: source of queries, and what the querier election compares. */
      readonly address: Address | null;
      readonly subnets: readonly Prefix[];
      readonly settings: MembershipSettings;
      /** Its lists of groups decide which groups are taken (§2.4). */
      readonly filter: TreeFilter;
      /** Wanted whoever reports, or nobody. */
      readonly joins: readonly StaticJoin[];
    }
  /** A message was received; where membership does not run, it changes nothing. */
  | {
      readonly kind: "message";
      readonly interface: InterfaceIndex;
      readonly source: Address;
      readonly destination: Address;
      readonly ttl: number;
      readonly routerAlert: boolean;
      readonly message: IgmpMessage;
    }
  /** Nothing happened but that time passed. */
  | { readonly kind: "time" };

/** Why a message, or a record of an IGMPv3 report, was not taken. Docs list these words (docs/counters.md). */
export type DropReason =
  | "not enabled"
  | "TTL not 1"
  | "query without a source"
  | "sender not on link"
  | "own address"
  | "wrong destination"
  | "group is not multicast"
  | "group not routed"
  | "group not allowed"
  | "too many groups";

/** What membership wants done, in this order. */
export type MembershipAction =
  | {
      readonly kind: "sendQuery";
      readonly interface: InterfaceIndex;
      readonly source: Address;
      readonly destination: Address;
      readonly query: Query;
    }
  /** Of these sources the group is wanted on the interface from now on. */
  | {
      readonly kind: "listeners";
      readonly interface: InterfaceIndex;
      readonly group: Address;
      readonly wanted: SourceFilter;
    }
  /** To be counted (P6): a message of `sender`, or a record of it, that is not used. */
  | {
      readonly kind: "drop";
      readonly interface: InterfaceIndex;
      readonly protocol: "IGMP";
      readonly reason: DropReason;
      readonly sender: Address;
    }
  | { readonly kind: "notice"; readonly notice: MembershipNotice };

/** State of a group on an interface (RFC 2236 §7), in the RFC's words. */
export type GroupState =
  | "NoMembersPresent"
  | "MembersPresent"
  | "Version1MembersPresent"
  | "CheckingMembership";

/** A group with members on an interface, or that is joined there by configuration. */
export interface GroupView {
  readonly interface: InterfaceIndex;
  readonly group: Address;
  readonly state: GroupState;
  /** null: no host is a member. */
  readonly lastReporter: Address | null;
  /** When the membership ends unless it is reported again; null: no host is a member. */
  readonly expiresDue: Millis | null;
  /** The sources that it is joined of by configuration; null: it is not. */
  readonly joined: SourceFilter | null;
}

/** An interface that membership runs on. */
export interface MembershipInterfaceView {
  readonly interface: InterfaceIndex;
  readonly role: "Querier" | "NonQuerier";
  readonly querier: Address;
  /** When the other querier counts as gone; null while we are the querier. */
  readonly otherQuerierDue: Millis | null;
  /** Groups with members there. */
  readonly groupCount: number;
}

/** What membership shows of itself, one thing after the other: however many groups there are, no look takes long. */
export interface MembershipReading {
  /** In ascending order. */
  interfaces(): readonly MembershipInterfaceView[];
  /** In ascending order of interface and group, read as they are taken; undefined: none yet, or one that has gone meanwhile. */
  groups(): Iterable<GroupView | undefined>;
}

/** All that membership shows of itself. */
export interface MembershipView {
  readonly interfaces: readonly MembershipInterfaceView[];
  readonly groups: readonly GroupView[];
}
