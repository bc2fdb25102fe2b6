// Which messages are taken (RFC 2236 §2, §9, §10; RFC 3376 §4.2.13), and of which groups (§12, §2.4). The Router Alert option is sent but not asked for:
// hosts exist that do not send it, and the TTL already says that the sender is on the link.
import type { Address, Prefix } from "../base/address.ts";
import { isMulticast, isRoutableGroup, prefixHoldsHost } from "../base/address.ts";
import type { TreeFilter } from "../base/tree-filter.ts";
import { allowsGroup } from "../base/tree-filter.ts";
import { IGMP_ADDRESSES } from "./addresses.ts";
import type { DropReason, MembershipEvent } from "./events.ts";
import type { IgmpMessage } from "./messages.ts";

/** A message as it was received. */
export type MessageEvent = Extract<MembershipEvent, { kind: "message" }>;

/** What acceptance asks of an interface. */
export interface LinkAddresses {
  readonly address: Address;
  readonly subnets: readonly Prefix[];
}

/**
 * A host without an address may report (RFC 3376 §4.2.13), a router without one may not elect itself: a snooping
 * switch queries from 0.0.0.0 and is to win no election (RFC 4541 §2.1.1).
 */
function sourceRefusal(event: MessageEvent, link: LinkAddresses): DropReason | null {
  const isQuery = event.message.kind === "query";
  if (event.source === IGMP_ADDRESSES.unspecified) return isQuery ? "query without a source" : null;
  if (isQuery && event.source === link.address) return "own address";
  return link.subnets.some((subnet) => prefixHoldsHost(subnet, event.source))
    ? null
    : "sender not on link";
}

/** RFC 2236 §9, which asks for leaves sent to the group too; RFC 3376 §4.2.14. */
function isRightDestination(message: IgmpMessage, destination: Address): boolean {
  switch (message.kind) {
    case "query":
      return destination === (message.group ?? IGMP_ADDRESSES.allSystems);
    case "report":
      return destination === message.group;
    case "leave":
      return destination === IGMP_ADDRESSES.allRouters || destination === message.group;
    case "version3Report":
      return destination === IGMP_ADDRESSES.version3Routers;
  }
}

function groupOf(message: IgmpMessage): Address | null {
  return message.kind === "version3Report" ? null : message.group;
}

/** Why the message is dropped; null: it is taken. The records of an IGMPv3 report are judged one by one, later. */
export function refusalOf(event: MessageEvent, link: LinkAddresses): DropReason | null {
  if (event.ttl !== 1) return "TTL not 1";
  const refusal = sourceRefusal(event, link);
  if (refusal !== null) return refusal;
  if (!isRightDestination(event.message, event.destination)) return "wrong destination";
  const group = groupOf(event.message);
  return group === null || isMulticast(group) ? null : "group is not multicast";
}

/** Whether the message is about groups that are not routed, and nothing else (§12): every host and router sends such ones. */
export function isUnrouted(message: IgmpMessage): boolean {
  switch (message.kind) {
    case "query":
      return false;
    case "report":
    case "leave":
      return isUnroutedGroup(message.group);
    case "version3Report":
      return message.records.every(({ group }) => isUnroutedGroup(group));
  }
}

/** Whether the group is one like 224.0.0.22, which stays on its link (§12). */
const isUnroutedGroup = (group: Address): boolean => isMulticast(group) && !isRoutableGroup(group);

/** Why a report or leave of a multicast group is dropped (§12, §2.4); null: it is taken. */
export function groupRefusal(group: Address, filter: TreeFilter): DropReason | null {
  if (isUnroutedGroup(group)) return "group not routed";
  return allowsGroup(filter, group) ? null : "group not allowed";
}
