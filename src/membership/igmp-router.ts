// The router side of IGMP on all interfaces: the only owner of its state. Events in, actions out; time is a parameter.
import type { Address } from "../base/address.ts";
import { isMulticast } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import { orderedEntries, orderedKeys, orderedValues } from "../base/ordered.ts";
import type { SourceFilter } from "../base/source-filter.ts";
import { isSameFilter } from "../base/source-filter.ts";
import { TimerTable } from "../base/timer-table.ts";
import { allowsGroup, mayAllowMoreGroups } from "../base/tree-filter.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import type { MessageEvent } from "./acceptance.ts";
import { groupRefusal, isUnrouted, refusalOf } from "./acceptance.ts";
import { IGMP_ADDRESSES } from "./addresses.ts";
import type { AttachedNetwork } from "./attached-network.ts";
import { groupViews, interfaceView, querierOf, wantedOf } from "./attached-network.ts";
import type {
  DropReason,
  GroupView,
  MembershipAction,
  MembershipEvent,
  MembershipInterfaceView,
  MembershipReading,
  MembershipView,
} from "./events.ts";
import type { Group } from "./group.ts";
import {
  groupDue,
  stepGroupOnLeave,
  stepGroupOnQuery,
  stepGroupOnReport,
  stepGroupOnSettings,
  stepGroupOnTime,
} from "./group.ts";
import type { Query, Version3Report } from "./messages.ts";
import type { MembershipNotice } from "./notices.ts";
import type { QuerierState } from "./querier.ts";
import {
  beginQuerier,
  querierDue,
  stepQuerierOnQuery,
  stepQuerierOnSettings,
  stepQuerierOnTime,
} from "./querier.ts";
import { maxResponseOf, queryOf } from "./query.ts";
import type { MembershipSettings, Moment } from "./settings.ts";
import { isSameSettings } from "./settings.ts";
import { joinedGroups } from "./static-joins.ts";
import { meaningOf } from "./version3.ts";

type InterfaceEvent = Extract<MembershipEvent, { kind: "interface" }>;

/** What a timer is for: a group, or, null, the querier's role. */
interface Due {
  readonly interface: InterfaceIndex;
  readonly group: Address | null;
}

const timerKey = ({ interface: index, group }: Due): string => `${index} ${group ?? ""}`;

/** The router side of IGMP (RFC 2236; reports of RFC 3376 as joins and leaves). */
export class IgmpRouter implements MembershipReading {
  readonly #networks = new Map<InterfaceIndex, AttachedNetwork>();
  readonly #timers = new TimerTable<Due>(timerKey);
  #actions: MembershipAction[] = [];
  #now: Millis = millis(0);

  /** Handles what has become due at `now`, `event`, and what is due by it. Returns what is to be done, in this order. */
  handle(event: MembershipEvent, now: Millis): readonly MembershipAction[] {
    this.#actions = [];
    this.#now = now;
    this.#fireDue();
    switch (event.kind) {
      case "interface":
        this.#configure(event);
        break;
      case "message":
        this.#receive(event);
        break;
      case "time":
        break;
    }
    this.#fireDue();
    return this.#actions;
  }

  /** When `handle` is to be called at the latest; undefined: only events matter. */
  nextDeadline(): Millis | undefined {
    return this.#timers.nextDeadline();
  }

  /** All that membership shows of itself, in ascending order of interface and group. */
  view(): MembershipView {
    const groups = [...this.groups()].filter((group) => group !== undefined);
    return { interfaces: this.interfaces(), groups };
  }

  interfaces(): readonly MembershipInterfaceView[] {
    return orderedValues(this.#networks).map(interfaceView);
  }

  *groups(): Generator<GroupView | undefined> {
    for (const network of orderedValues(this.#networks)) yield* groupViews(network);
  }

  #fireDue(): void {
    const now = this.#now;
    for (let due = this.#timers.takeDue(now); due; due = this.#timers.takeDue(now)) {
      this.#fire(due.event);
    }
  }

  #fire(due: Due): void {
    const network = known(this.#networks.get(due.interface), "a timer outlived its interface");
    if (due.group === null) {
      this.#changeQuerier(network, stepQuerierOnTime(network.querier, this.#moment(network)));
      this.#sendGeneralQuery(network);
      return;
    }
    const group = known(network.groups.get(due.group), "a timer outlived its group");
    const [next, sendsQuery] = stepGroupOnTime(group, this.#moment(network));
    this.#setGroup(network, due.group, next);
    if (sendsQuery) this.#sendGroupQuery(network, due.group);
  }

  #configure(event: InterfaceEvent): void {
    const network = this.#networks.get(event.interface);
    const { address } = event;
    if (address === null) {
      if (network !== undefined) this.#end(network);
    } else if (network === undefined) this.#begin(event, address);
    else this.#change(network, event, address);
  }

  #change(network: AttachedNetwork, event: InterfaceEvent, address: Address): void {
    const isMoved = network.address !== address;
    const mayAllowMore = mayAllowMoreGroups(network.filter, event.filter);
    network.address = address;
    network.subnets = event.subnets;
    this.#changeSettings(network, event.settings);
    network.filter = event.filter;
    this.#dropDenied(network);
    this.#setJoined(network, joinedGroups(event.joins, event.filter));
    if (isMoved) this.#beginRole(network, beginQuerier(this.#moment(network)));
    else if (mayAllowMore && network.querier.role === "Querier") this.#sendGeneralQuery(network);
  }

  /** §2.4: what is not allowed any more goes, as if its last member had left. */
  #dropDenied(network: AttachedNetwork): void {
    const groups = [...network.groups.keys()].filter(
      (group) => !allowsGroup(network.filter, group),
    );
    for (const group of groups.sort()) this.#setGroup(network, group, null);
  }

  /** §16. */
  #changeSettings(network: AttachedNetwork, settings: MembershipSettings): void {
    const was = network.settings;
    if (isSameSettings(was, settings)) return;
    network.settings = settings;
    const at = this.#moment(network);
    this.#setQuerier(network, stepQuerierOnSettings(network.querier, was, at));
    for (const [address, group] of orderedEntries(network.groups)) {
      this.#setGroup(network, address, stepGroupOnSettings(group, was, at));
    }
    const wasFull = network.groups.size >= was.groupLimit;
    const makesRoom = wasFull && settings.groupLimit > was.groupLimit;
    // Those who were refused are asked for again.
    if (makesRoom && network.querier.role === "Querier") this.#sendGeneralQuery(network);
  }

  #begin(event: InterfaceEvent, address: Address): void {
    const network: AttachedNetwork = {
      index: event.interface,
      address,
      subnets: event.subnets,
      settings: event.settings,
      filter: event.filter,
      querier: beginQuerier({ now: this.#now, settings: event.settings }),
      groups: new Map(),
      joined: new Map(),
      version1RouterAt: millis(Number.NEGATIVE_INFINITY),
    };
    this.#networks.set(network.index, network);
    this.#beginRole(network, network.querier);
    this.#setJoined(network, joinedGroups(event.joins, event.filter));
  }

  /** Under a new address, as under the first, the election starts anew. */
  #beginRole(network: AttachedNetwork, querier: QuerierState): void {
    this.#setQuerier(network, querier);
    this.#noticeQuerier(network);
    this.#sendGeneralQuery(network);
  }

  #end(network: AttachedNetwork): void {
    for (const group of orderedKeys(network.groups)) this.#setGroup(network, group, null);
    this.#setJoined(network, new Map());
    this.#timers.cancel({ interface: network.index, group: null });
    this.#networks.delete(network.index);
  }

  #receive(event: MessageEvent): void {
    const network = this.#networks.get(event.interface);
    const { message, source } = event;
    if (network === undefined) {
      this.#drop(event, isUnrouted(message) ? "group not routed" : "not enabled");
      return;
    }
    const refusal = refusalOf(event, network);
    if (refusal !== null) {
      this.#drop(event, refusal);
      return;
    }
    switch (message.kind) {
      case "query":
        this.#receiveQuery(network, source, message);
        return;
      case "report":
        this.#join(network, message.group, message.version, source);
        return;
      case "leave":
        this.#leave(network, message.group, source);
        return;
      case "version3Report":
        this.#receiveVersion3Report(network, source, message);
        return;
    }
  }

  #receiveQuery(network: AttachedNetwork, source: Address, query: Query): void {
    if (query.version === 1) this.#noteVersion1Router(network, source);
    const at = this.#moment(network);
    this.#changeQuerier(network, stepQuerierOnQuery(network.querier, source, network.address, at));
    if (network.querier.role === "Querier" || query.group === null || query.keepsGroupTimer) return;
    const group = network.groups.get(query.group);
    if (group === undefined) return;
    this.#setGroup(network, query.group, stepGroupOnQuery(group, maxResponseOf(query), at));
  }

  #noteVersion1Router(network: AttachedNetwork, router: Address): void {
    const { version1RouterPresentTimeout } = network.settings;
    if (after(network.version1RouterAt, version1RouterPresentTimeout) <= this.#now) {
      this.#notice({ kind: "version1Router", interface: network.index, router });
    }
    network.version1RouterAt = this.#now;
  }

  #receiveVersion3Report(network: AttachedNetwork, source: Address, report: Version3Report): void {
    const about = { interface: network.index, source };
    for (const record of report.records) {
      const meaning = meaningOf(record);
      if (!isMulticast(record.group)) this.#drop(about, "group is not multicast");
      else if (meaning === "join") this.#join(network, record.group, 2, source);
      else if (meaning === "leave") this.#leave(network, record.group, source);
    }
  }

  #join(network: AttachedNetwork, address: Address, version: 1 | 2, reporter: Address): void {
    const about = { interface: network.index, source: reporter };
    const refusal = groupRefusal(address, network.filter);
    if (refusal !== null) {
      this.#drop(about, refusal);
      return;
    }
    const group = network.groups.get(address) ?? null;
    if (group === null && network.groups.size >= network.settings.groupLimit) {
      this.#drop(about, "too many groups");
      return;
    }
    const next = stepGroupOnReport(group, version, reporter, this.#moment(network));
    this.#setGroup(network, address, next);
  }

  #leave(network: AttachedNetwork, address: Address, source: Address): void {
    const refusal = groupRefusal(address, network.filter);
    if (refusal !== null) {
      this.#drop({ interface: network.index, source }, refusal);
      return;
    }
    const group = network.groups.get(address);
    if (group === undefined || network.querier.role === "NonQuerier") return;
    const [next, sendsQuery] = stepGroupOnLeave(group, this.#moment(network));
    this.#setGroup(network, address, next);
    if (sendsQuery) this.#sendGroupQuery(network, address);
  }

  #setQuerier(network: AttachedNetwork, next: QuerierState): void {
    network.querier = next;
    this.#timers.set(querierDue(next), { interface: network.index, group: null });
  }

  #changeQuerier(network: AttachedNetwork, next: QuerierState): void {
    const { role } = network.querier;
    const querier = querierOf(network);
    this.#setQuerier(network, next);
    if (next.role !== role || querierOf(network) !== querier) this.#noticeQuerier(network);
  }

  #setGroup(network: AttachedNetwork, address: Address, next: Group | null): void {
    const had = network.groups.has(address);
    const before = wantedOf(network, address);
    const about = { interface: network.index, group: address };
    if (next === null) {
      network.groups.delete(address);
      this.#timers.cancel(about);
    } else {
      network.groups.set(address, next);
      this.#timers.set(groupDue(next, network.settings), about);
    }
    this.#tellListeners(network, address, before);
    const members = next !== null;
    if (had !== members) this.#notice({ kind: "group", ...about, members });
  }

  #setJoined(network: AttachedNetwork, next: ReadonlyMap<Address, SourceFilter>): void {
    const either = orderedKeys(new Set([...network.joined.keys(), ...next.keys()]));
    const before = either.map((group) => [group, wantedOf(network, group)] as const);
    network.joined = next;
    for (const [group, was] of before) this.#tellListeners(network, group, was);
  }

  /** The trees are told when other sources are wanted than `before`: on the first member and after the last, if nothing is joined. */
  #tellListeners(network: AttachedNetwork, group: Address, before: SourceFilter): void {
    const wanted = wantedOf(network, group);
    if (isSameFilter(before, wanted)) return;
    this.#actions.push({ kind: "listeners", interface: network.index, group, wanted });
  }

  #sendGeneralQuery(network: AttachedNetwork): void {
    const query = queryOf(null, network.settings.queryResponseInterval);
    this.#send(network, IGMP_ADDRESSES.allSystems, query);
  }

  #sendGroupQuery(network: AttachedNetwork, group: Address): void {
    this.#send(network, group, queryOf(group, network.settings.lastMemberQueryInterval));
  }

  #send(network: AttachedNetwork, destination: Address, query: Query): void {
    const { index, address } = network;
    this.#actions.push({
      kind: "sendQuery",
      interface: index,
      source: address,
      destination,
      query,
    });
  }

  #noticeQuerier(network: AttachedNetwork): void {
    const { index, querier } = network;
    const about = { interface: index, role: querier.role, querier: querierOf(network) };
    this.#notice({ kind: "querier", ...about });
  }

  #notice(notice: MembershipNotice): void {
    this.#actions.push({ kind: "notice", notice });
  }

  #drop(of: Pick<MessageEvent, "interface" | "source">, reason: DropReason): void {
    const { interface: index, source: sender } = of;
    this.#actions.push({ kind: "drop", interface: index, protocol: "IGMP", reason, sender });
  }

  #moment(network: AttachedNetwork): Moment {
    return { now: this.#now, settings: network.settings };
  }
}
