// Which messages are taken at all (§2.3).
import type { Address, Family } from "../base/address.ts";
import { isLinkLocal, prefixHoldsHost } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { InterfaceFacts } from "./events.ts";
import type { Message } from "./messages.ts";
import { allRouters } from "./messages.ts";

/** Why something that arrived was not used. Docs list these words (docs/counters.md). */
export type DropReason =
  | "not enabled"
  | "own address"
  | "sender not on link"
  | "TTL not 1"
  | "wrong destination"
  | "stale BootTime"
  | "stale sequence number"
  | "stale Hello"
  | "goodbye of a stranger"
  | "Sync out of order"
  | "Sync for another BootTime"
  | "Ack of nothing"
  | "excluded tree"
  | "no way back to the source"
  | "tree not allowed"
  | "too many neighbors"
  | "too many trees"
  | "too many trees of a neighbor"
  | "too many flood and blocking entries";

/** Something that arrived on an interface and was not used. */
export interface Drop {
  readonly interface: InterfaceIndex;
  /** A message of the protocol, or data of which the kernel told. */
  readonly protocol: "HPIM-DM" | "data";
  readonly reason: DropReason;
  /** Of the message, or of the data. */
  readonly sender: Address;
}

/** A message as it came from the wire. */
export interface Received {
  readonly source: Address;
  readonly destination: Address;
  readonly ttl: number;
  readonly message: Message;
}

function isForAll(message: Message): boolean {
  switch (message.kind) {
    case "hello":
    case "iamUpstream":
    case "iamNoLongerUpstream":
      return true;
    case "sync":
    case "interest":
    case "noInterest":
    case "ack":
      return false;
  }
}

/** §2.3: why the message is to be dropped; null: it is taken. `own`: our address there; `isOwn`: whether an address is ours anywhere. */
export function refusalOf(
  received: Received,
  at: { readonly facts: InterfaceFacts; readonly own: Address; readonly family: Family },
  isOwn: (address: Address) => boolean,
): DropReason | null {
  const { source, destination, ttl, message } = received;
  if (isOwn(source)) return "own address";
  const onLink =
    at.family === 6
      ? isLinkLocal(source)
      : at.facts.addresses.some(({ subnet }) => prefixHoldsHost(subnet, source));
  if (!onLink) return "sender not on link";
  if (ttl !== 1) return "TTL not 1";
  const expected = isForAll(message) ? allRouters(at.family) : at.own;
  return destination === expected ? null : "wrong destination";
}
