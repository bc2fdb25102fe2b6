// A network as the oracle is told of it: what is configured and plugged in now, and nothing of how it came to be so.
import type { Address, Prefix } from "../base/address.ts";

/** An interface of a router whose daemon runs. */
export interface InterfaceDescription {
  readonly name: string;
  readonly link: string;
  readonly address: Address;
  readonly subnet: Prefix;
  /** Subnets of its other addresses. */
  readonly alsoOn: readonly Prefix[];
  /** Up and with carrier. */
  readonly up: boolean;
  /** HPIM-DM is configured on it. */
  readonly hpim: boolean;
  /** IGMP is configured on it. */
  readonly igmp: boolean;
  /** Identifiers of the keys that are accepted on it (§3); none: only what is not signed is. */
  readonly accepts: readonly number[];
  /** The key that signs; null: nothing is signed. */
  readonly signsWith: number | null;
}

/** One way of a route. */
export interface NextHopDescription {
  readonly interface: string;
  /** null: the destination is on the link. */
  readonly gateway: Address | null;
}

/** A unicast route; `protocol` is the kernel's number of who made it. */
export interface RouteDescription {
  readonly destination: Prefix;
  readonly protocol: number;
  readonly metric: number;
  readonly nextHops: readonly NextHopDescription[];
}

/** A router whose daemon runs. One whose daemon does not run is left out: it forwards no multicast. */
export interface RouterDescription {
  readonly name: string;
  readonly interfaces: readonly InterfaceDescription[];
  /** In the kernel's order, connected routes included. */
  readonly routes: readonly RouteDescription[];
}

/** A source, and the groups that it goes on sending to. */
export interface SourceDescription {
  readonly address: Address;
  readonly link: string;
  readonly groups: readonly Address[];
  /** TTL of its packets. */
  readonly ttl: number;
}

/** A host that wants a group. */
export interface ListenerDescription {
  readonly name: string;
  readonly link: string;
  readonly group: Address;
}

/** What the interface `from` sends onto their link does not reach the interface `to`. */
export interface Deafness {
  readonly from: Address;
  readonly to: Address;
}

/** A network. */
export interface NetworkDescription {
  readonly routers: readonly RouterDescription[];
  readonly sources: readonly SourceDescription[];
  readonly listeners: readonly ListenerDescription[];
  readonly deaf: readonly Deafness[];
}
