// An interface that membership runs on: what is remembered of it, and what follows.
import type { Address, Prefix } from "../base/address.ts";
import { inOrderSlowly } from "../base/slow-order.ts";
import type { SourceFilter } from "../base/source-filter.ts";
import { EVERY_SOURCE, NO_SOURCE } from "../base/source-filter.ts";
import type { TreeFilter } from "../base/tree-filter.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import type { GroupView, MembershipInterfaceView } from "./events.ts";
import type { Group } from "./group.ts";
import { groupState } from "./group.ts";
import type { QuerierState } from "./querier.ts";
import type { MembershipSettings } from "./settings.ts";

/** An interface that membership runs on. */
export interface AttachedNetwork {
  readonly index: InterfaceIndex;
  address: Address;
  subnets: readonly Prefix[];
  settings: MembershipSettings;
  filter: TreeFilter;
  querier: QuerierState;
  /** With members. */
  readonly groups: Map<Address, Group>;
  /** Joined by configuration. */
  joined: ReadonlyMap<Address, SourceFilter>;
  /** When a router that speaks IGMPv1 was last heard; -Infinity: never. */
  version1RouterAt: Millis;
}

/** Who asks on it. */
export const querierOf = (network: AttachedNetwork): Address =>
  network.querier.role === "Querier" ? network.address : network.querier.querier;

/** The interface, as it is shown. */
export function interfaceView(network: AttachedNetwork): MembershipInterfaceView {
  const { querier } = network;
  return {
    interface: network.index,
    role: querier.role,
    querier: querierOf(network),
    otherQuerierDue: querier.role === "Querier" ? null : querier.otherQuerierDue,
    groupCount: network.groups.size,
  };
}

/** Of which sources the group is wanted there. A member wants them all. */
export const wantedOf = ({ groups, joined }: AttachedNetwork, group: Address): SourceFilter =>
  groups.has(group) ? EVERY_SOURCE : (joined.get(group) ?? NO_SOURCE);

const NO_MEMBERS = { state: "NoMembersPresent", lastReporter: null, expiresDue: null } as const;

function membersOf(group: Group): Omit<GroupView, "interface" | "group" | "joined"> {
  const { lastReporter, expiresDue } = group;
  return { state: groupState(group), lastReporter, expiresDue };
}

function groupView(
  { index, groups, joined: all }: AttachedNetwork,
  address: Address,
): GroupView | undefined {
  const group = groups.get(address);
  const joined = all.get(address) ?? null;
  if (group === undefined && joined === null) return undefined;
  const members = group === undefined ? NO_MEMBERS : membersOf(group);
  return { interface: index, group: address, ...members, joined };
}

function* addressesIn({ groups, joined }: AttachedNetwork): Generator<Address> {
  yield* joined.keys();
  yield* groups.keys();
}

/** Its groups, as they are shown, in ascending order, read as they are taken; undefined: none yet, or one that has gone meanwhile. */
export function* groupViews(network: AttachedNetwork): Generator<GroupView | undefined> {
  for (const address of inOrderSlowly(addressesIn(network))) {
    yield address && groupView(network, address);
  }
}
