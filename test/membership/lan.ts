// A link in memory with IGMP routers on it: virtual time, every query delivered to the other routers at once.
import type { Address, Prefix } from "../../src/base/address.ts";
import { formatAddress, ip, parsePrefix } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type { SourceFilter } from "../../src/base/source-filter.ts";
import type { TreeFilter } from "../../src/base/tree-filter.ts";
import { ALL_TREES } from "../../src/base/tree-filter.ts";
import type { InterfaceIndex, Millis } from "../../src/base/units.ts";
import { interfaceIndex, millis } from "../../src/base/units.ts";
import type {
  GroupView,
  MembershipAction,
  MembershipEvent,
  MembershipInterfaceView,
} from "../../src/membership/events.ts";
import { IgmpRouter } from "../../src/membership/igmp-router.ts";
import type { GroupRecord, IgmpMessage, Query, RecordType } from "../../src/membership/messages.ts";
import type { MembershipNotice } from "../../src/membership/notices.ts";
import type { MembershipSettings } from "../../src/membership/settings.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../../src/membership/settings.ts";

export const ETH0: InterfaceIndex = interfaceIndex(1);
export const SUBNET: Prefix = known(parsePrefix("10.0.0.0/24"), "a prefix");
/** What is known of the link, unless a test says otherwise. */
export const LINK = {
  interface: ETH0,
  subnets: [SUBNET],
  settings: DEFAULT_MEMBERSHIP_SETTINGS,
  filter: ALL_TREES,
  joins: [],
};
export const R1 = "10.0.0.1";
export const R2 = "10.0.0.2";
export const CLIENT1 = "10.0.0.3";
export const CLIENT2 = "10.0.0.4";
export const G = "224.12.12.12";

export const query = (
  group: string | null,
  maxResponseTenths: number,
  version: 1 | 2 | 3 = 2,
): Query => ({
  kind: "query",
  version,
  group: group === null ? null : ip(group),
  maxResponseTenths,
});
export const generalQuery: Query = query(null, 100);
export const report = (group: string = G, version: 1 | 2 = 2): IgmpMessage => ({
  kind: "report",
  version,
  group: ip(group),
});
export const leave = (group: string = G): IgmpMessage => ({ kind: "leave", group: ip(group) });
export const record = (type: RecordType, group: string, ...sources: string[]): GroupRecord => ({
  type,
  group: ip(group),
  sources: sources.map(ip),
});
export const version3 = (...records: readonly GroupRecord[]): IgmpMessage => ({
  kind: "version3Report",
  records,
});

/** Where RFC 2236 §9 and RFC 3376 §4.2.14 send it. */
export function rightDestination(message: IgmpMessage): Address {
  switch (message.kind) {
    case "query":
      return message.group ?? ip("224.0.0.1");
    case "report":
      return message.group;
    case "leave":
      return ip("224.0.0.2");
    case "version3Report":
      return ip("224.0.0.22");
  }
}

function noticeText(notice: MembershipNotice): string {
  switch (notice.kind) {
    case "querier":
      return `is ${notice.role}, querier ${formatAddress(notice.querier)}`;
    case "group":
      return `notes ${notice.members ? "members" : "no members"} of ${formatAddress(notice.group)}`;
    case "version1Router":
      return `warns of IGMPv1 router ${formatAddress(notice.router)}`;
  }
}

function wantedText({ mode, sources }: SourceFilter): string {
  const listed = sources.map(formatAddress).join(" and ");
  if (mode === "exclude") return listed === "" ? "wants" : `wants all but ${listed} of`;
  return listed === "" ? "no longer wants" : `wants ${listed} of`;
}

/** An action in a line; the notices of a group, which always accompany `listeners`, included. */
export function actionText(action: MembershipAction): string {
  switch (action.kind) {
    case "sendQuery": {
      const { group, maxResponseTenths, version } = action.query;
      const about = group === null ? "all" : formatAddress(group);
      const to = formatAddress(action.destination);
      return `v${version} query of ${about} to ${to}, ${maxResponseTenths / 10} s`;
    }
    case "listeners":
      return `${wantedText(action.wanted)} ${formatAddress(action.group)}`;
    case "drop":
      return `drops a message of ${formatAddress(action.sender)}: ${action.reason}`;
    case "notice":
      return noticeText(action.notice);
  }
}

/** A link. Times are in seconds. */
export class Lan {
  readonly #routers = new Map<string, IgmpRouter>();
  #log: string[] = [];
  readonly #drops: { readonly router: string; readonly reason: string }[] = [];
  #now: Millis = millis(0);

  /** Starts a router, or tells a running one of its settings. */
  start(router: string, settings: Partial<MembershipSettings> = {}): void {
    this.configure(router, router, settings);
  }

  /** Tells the router that started as `router` its address, its settings and its subnet. */
  configure(router: string, address: string | null, settings: Partial<MembershipSettings>): void {
    if (!this.#routers.has(router)) this.#routers.set(router, new IgmpRouter());
    this.tell(router, {
      kind: "interface",
      ...LINK,
      address: address === null ? null : ip(address),
      settings: { ...DEFAULT_MEMBERSHIP_SETTINGS, ...settings },
    });
  }

  /** Tells the router the lists of its interface. */
  filter(router: string, filter: TreeFilter, address: string = router): void {
    this.tell(router, { kind: "interface", ...LINK, address: ip(address), filter });
  }

  /** Tells the router what is joined by configuration: a group, or a source and a group. */
  join(router: string, ...joins: readonly (readonly [group: string, source?: string])[]): void {
    const wanted = joins.map(([group, source]) => ({
      group: ip(group),
      source: source === undefined ? null : ip(source),
    }));
    this.tell(router, { kind: "interface", ...LINK, address: ip(router), joins: wanted });
  }

  /** The router is gone without a word. */
  kill(router: string): void {
    this.#routers.delete(router);
  }

  /** One router is told of an event. */
  tell(router: string, event: MembershipEvent): void {
    const machine = known(this.#routers.get(router), "no such router");
    for (const action of machine.handle(event, this.#now)) {
      if (action.kind === "drop") {
        this.#drops.push({ router, reason: action.reason });
        continue;
      }
      this.#log.push(`${this.#now / 1000} ${router} ${actionText(action)}`);
      if (action.kind === "sendQuery") this.#deliver(router, action.query, action.source);
    }
  }

  /** Every router hears the message, with anything about it changed. */
  say(
    source: string,
    message: IgmpMessage,
    changed: { destination?: string; ttl?: number; routerAlert?: boolean } = {},
  ): void {
    this.#deliver(null, message, ip(source), changed);
  }

  /** Lets time pass, up to and with what is due at `seconds`. */
  runTo(seconds: number): void {
    const end = millis(seconds * 1000);
    for (let due = this.#nextDue(); due !== undefined && due <= end; due = this.#nextDue()) {
      this.#now = millis(Math.max(due, this.#now));
      for (const [router, machine] of this.#routers) {
        if (machine.nextDeadline() === due) this.tell(router, { kind: "time" });
      }
    }
    this.#now = end;
  }

  /** What the routers did since the last call: "seconds router what", notices of groups left out. */
  take(): readonly string[] {
    const log = this.#log.filter((line) => !line.includes(" notes "));
    this.#log = [];
    return log;
  }

  /** As `take`, notices of groups included. */
  takeAll(): readonly string[] {
    const log = this.#log;
    this.#log = [];
    return log;
  }

  group(router: string, group: string = G): GroupView | undefined {
    const groups = this.#routers.get(router)?.view().groups ?? [];
    return groups.find((view) => view.group === ip(group));
  }

  /** State of the group and seconds until it ends, "NoMembersPresent" if it is not stored. */
  state(router: string, group: string = G): string {
    const view = this.group(router, group);
    if (view === undefined) return "NoMembersPresent";
    const { state, expiresDue } = view;
    return expiresDue === null ? state : `${state} ${(expiresDue - this.#now) / 1000}`;
  }

  interface(router: string): MembershipInterfaceView {
    return known(this.#routers.get(router)?.view().interfaces[0], "no such interface");
  }

  /** "Querier", or "NonQuerier" with the querier and the seconds until it counts as gone. */
  role(router: string): string {
    const { role, querier, otherQuerierDue } = this.interface(router);
    if (otherQuerierDue === null) return `${role} ${formatAddress(querier)}`;
    return `${role} ${formatAddress(querier)} ${(otherQuerierDue - this.#now) / 1000}`;
  }

  /** What a router has dropped, by reason. */
  dropped(router: string): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const drop of this.#drops) {
      if (drop.router === router) counts[drop.reason] = (counts[drop.reason] ?? 0) + 1;
    }
    return counts;
  }

  #nextDue(): Millis | undefined {
    const dues = [...this.#routers.values()].map((machine) => machine.nextDeadline());
    const running = dues.filter((due) => due !== undefined);
    return running.length === 0 ? undefined : millis(Math.min(...running));
  }

  #deliver(
    from: string | null,
    message: IgmpMessage,
    source: Address,
    changed: { destination?: string; ttl?: number; routerAlert?: boolean } = {},
  ): void {
    const { destination, ttl = 1, routerAlert = true } = changed;
    for (const router of [...this.#routers.keys()]) {
      if (router === from) continue;
      this.tell(router, {
        kind: "message",
        interface: ETH0,
        source,
        destination: destination === undefined ? rightDestination(message) : ip(destination),
        ttl,
        routerAlert,
        message,
      });
    }
  }
}
