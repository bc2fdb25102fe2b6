// What is dropped, and why (§2.1, §2.3, P6, P7): the words that counters and notices use. docs/counters.md explains each.
import type { Address } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { Drop } from "../core/acceptance.ts";
import type { DropReason as MembershipDropReason } from "../membership/events.ts";
import type { MalformedReason } from "../wire/malformed.ts";
import type { SignatureFault } from "./signatures.ts";

/** What was dropped: messages of a protocol, datagrams that are none of ours, or data that cannot be routed. */
export type DropProtocol = "HPIM-DM" | "IGMP" | "IPv4" | "data";

/** Why something that arrived was not used. These words are few and fixed: so are the counters. */
export type DropReason =
  | Drop["reason"]
  | MembershipDropReason
  | MalformedReason
  | SignatureFault
  | "unexpected protocol";

/** Something that arrived on an interface and was dropped. `sender` null: it does not say. */
export interface Dropped {
  readonly interface: InterfaceIndex;
  readonly protocol: DropProtocol;
  readonly reason: DropReason;
  readonly sender: Address | null;
}

/** The same, as it happens: to be counted, and shown to people who look for messages. */
export interface SingleDrop extends Dropped {
  readonly kind: "drop";
}
