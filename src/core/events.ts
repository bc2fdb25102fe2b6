// What the core is told, and what it wants done. Both are plain values: a recording of events replays a router.
import type { Address, Prefix } from "../base/address.ts";
import type { SourceFilter } from "../base/source-filter.ts";
import type { TreeFilter } from "../base/tree-filter.ts";
import type { BootTime, InterfaceIndex } from "../base/units.ts";
import type { Drop } from "./acceptance.ts";
import type { Message, TreeId } from "./messages.ts";
import type { Notice } from "./notices.ts";
import type { InterfaceSettings, RouterSettings } from "./settings.ts";

/** One address of an interface. */
export interface InterfaceAddress {
  readonly address: Address;
  /** The subnet that the address is on; on a point-to-point link, the peer alone. */
  readonly subnet: Prefix;
}

/** All that the core needs to know of an interface of the machine, enabled or not (§5.6). */
export interface InterfaceFacts {
  readonly index: InterfaceIndex;
  readonly name: string;
  /** Administratively up, and with carrier. */
  readonly up: boolean;
  /** Bytes. */
  readonly mtu: number;
  /** Of the router's family, in the kernel's order, primary ones first. */
  readonly addresses: readonly InterfaceAddress[];
  /** HPIM-DM is configured here, with these settings, or not. */
  readonly protocol: InterfaceSettings | null;
  /** Bytes that a signature takes in each message; 0 without keys. */
  readonly signatureBytes: number;
  /** IGMP or MLD is configured here. */
  readonly membership: boolean;
  /** Which trees are allowed here (§2.4). */
  readonly filter: TreeFilter;
  /** The last BootTime that was ever used here, 0 if none was (§4). */
  readonly lastBootTime: BootTime;
  /** The time of day when these facts were taken. */
  readonly unixSeconds: number;
}

/** One way out of a route. */
export interface NextHop {
  readonly interface: InterfaceIndex;
  /** null: the destination is on the link. */
  readonly gateway: Address | null;
}

/** A unicast route of the table that RPCs are looked up in (§1). */
export interface Route {
  /** Routing protocol number (rtm_protocol). */
  readonly protocol: number;
  /** Kernel's priority of the route; 0 if absent. */
  readonly metric: number;
  /** Live ones, at least one. */
  readonly nextHops: readonly NextHop[];
}

/** The routes that a prefix has from now on, the kernel's favourite of equal ones first; none: the prefix has gone. */
export interface RouteChange {
  readonly prefix: Prefix;
  readonly routes: readonly Route[];
}

/** A reading of the kernel's counters of one entry. */
export interface CounterReading extends TreeId {
  readonly packets: number;
  /** Of `packets`, those that arrived on another interface than the entry's. */
  readonly wrongInterface: number;
}

/** Everything that can happen to a router. */
export type RouterEvent =
  | { readonly kind: "interface"; readonly facts: InterfaceFacts }
  | { readonly kind: "interfaceGone"; readonly interface: InterfaceIndex }
  | { readonly kind: "routes"; readonly changes: readonly RouteChange[] }
  | { readonly kind: "settings"; readonly settings: RouterSettings }
  /** Of which sources listeners on the interface want the group from now on (§12). */
  | {
      readonly kind: "listeners";
      readonly interface: InterfaceIndex;
      readonly group: Address;
      readonly wanted: SourceFilter;
    }
  | {
      readonly kind: "message";
      readonly interface: InterfaceIndex;
      readonly source: Address;
      readonly destination: Address;
      readonly ttl: number;
      readonly message: Message;
    }
  /** The kernel has no entry for a data packet that arrived (§13). */
  | ({ readonly kind: "missingEntry"; readonly interface: InterfaceIndex } & TreeId)
  /** A data packet arrived on another interface than its entry's (§9.4, §13, §14). */
  | ({ readonly kind: "wrongInterface"; readonly interface: InterfaceIndex } & TreeId)
  | { readonly kind: "counters"; readonly readings: readonly CounterReading[] }
  /** Time has passed. Only now is handled what is due: who was held up may first hear what was said in time. */
  | { readonly kind: "time" };

/** A kernel forwarding entry. */
export interface KernelEntry {
  readonly incoming: InterfaceIndex;
  /** Ascending. */
  readonly outgoing: readonly InterfaceIndex[];
}

/** What the core wants done, in this order. */
export type RouterAction =
  /** Must be on disk before any later action; if it cannot be written, HPIM-DM must not run on the interface (§4). */
  | {
      readonly kind: "storeBootTime";
      readonly interface: InterfaceIndex;
      readonly bootTime: BootTime;
    }
  | {
      readonly kind: "send";
      readonly interface: InterfaceIndex;
      readonly source: Address;
      readonly destination: Address;
      readonly message: Message;
      /** Sent before, and not answered in time (§6.5, §8.3). */
      readonly again: boolean;
    }
  /** The kernel's entry of the tree from now on; null: none. */
  | ({ readonly kind: "entry"; readonly entry: KernelEntry | null } & TreeId)
  /** Asks for a `counters` event about the entries of these trees. */
  | { readonly kind: "readCounters"; readonly trees: readonly TreeId[] }
  /** To be counted (P6). */
  | ({ readonly kind: "drop" } & Drop)
  | { readonly kind: "notice"; readonly notice: Notice };
