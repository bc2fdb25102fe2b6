// The addresses that the protocol itself uses. All that differs here between the families is in such a table.
import type { Address } from "../base/address.ts";
import { ip } from "../base/address.ts";

/** Where messages go to, and the source of a host that has no address yet. */
export interface WellKnownAddresses {
  readonly unspecified: Address;
  /** General Queries. */
  readonly allSystems: Address;
  /** Leaves. */
  readonly allRouters: Address;
  /** Reports of version 3. */
  readonly version3Routers: Address;
}

/** Of IGMP (RFC 2236 §9, RFC 3376 §4.2.14). */
export const IGMP_ADDRESSES: WellKnownAddresses = {
  unspecified: ip("0.0.0.0"),
  allSystems: ip("224.0.0.1"),
  allRouters: ip("224.0.0.2"),
  version3Routers: ip("224.0.0.22"),
};
