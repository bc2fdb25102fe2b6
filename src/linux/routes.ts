// The unicast routes that RPCs are looked up in (§1), from rtnetlink records of one table, in the kernel's order.
// Left out: blackholes and all other types that lead nowhere; routes for one TOS; next hops that are dead, whose interface
// is down, or whose gateway is of another family, where no neighbor of this family can be told from another.
import { type Address, ip, type Prefix } from "../base/address.ts";
import { compare } from "../base/ordered.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { NextHop, Route, RouteChange } from "../core/events.ts";
import type { HopRecord, RouteRecord } from "./netlink-codec.ts";

const RTN_UNICAST = 1;
const RTM_F_CLONED = 0x200;
const RTNH_F_DEAD = 0x1;
const RTNH_F_LINKDOWN = 0x10;
const ANY = ip("0.0.0.0");

/** The routes of each prefix, the kernel's favourite first. Keys order as addresses, then lengths. */
export type Rib = ReadonlyMap<string, RouteChange>;

const keyOf = (prefix: Prefix): string => `${prefix.address}${String.fromCharCode(prefix.length)}`;

const isLive = (hop: HopRecord, isUp: (index: InterfaceIndex) => boolean): boolean =>
  (hop.flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) === 0 && !hop.via && isUp(hop.interface);

const counts = (record: RouteRecord): boolean =>
  record.type === RTN_UNICAST && record.tos === 0 && (record.flags & RTM_F_CLONED) === 0;

interface Entry {
  readonly prefix: Prefix;
  readonly routes: Route[];
}

/** Builds the table of a dump, whose order within a prefix is the kernel's preference. */
export class RibBuilder {
  readonly #isUp: (index: InterfaceIndex) => boolean;
  readonly #entries = new Map<string, Entry>();

  constructor(isUp: (index: InterfaceIndex) => boolean) {
    this.#isUp = isUp;
  }

  /** Takes the next route of the dump, if it counts. */
  add(record: RouteRecord): void {
    if (!counts(record)) return;
    const nextHops = record.hops
      .filter((hop) => isLive(hop, this.#isUp))
      .map((hop) => ({ interface: hop.interface, gateway: hop.gateway }));
    if (nextHops.length === 0) return;
    const address: Address = record.destination ?? ANY;
    const prefix = { address, length: record.prefixLength };
    const route = { protocol: record.protocol, metric: record.metric, nextHops };
    const key = keyOf(prefix);
    const known = this.#entries.get(key);
    if (known === undefined) this.#entries.set(key, { prefix, routes: [route] });
    else known.routes.push(route);
  }

  /** The table of what was taken. */
  get rib(): Rib {
    return this.#entries;
  }
}

const sameList = <T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  a.length === b.length &&
  a.every((item, i) => {
    const other = b[i];
    return other !== undefined && same(item, other);
  });

const sameHop = (a: NextHop, b: NextHop): boolean =>
  a.interface === b.interface && a.gateway === b.gateway;

const sameRoute = (a: Route, b: Route): boolean =>
  a.protocol === b.protocol && a.metric === b.metric && sameList(a.nextHops, b.nextHops, sameHop);

/** Prefixes that are compared between two pauses. */
const COMPARED_AT_ONCE = 2_000;

/** The prefixes whose routes differ, in ascending order. Pauses again and again: tables are large. */
export function* diffRibs(before: Rib, after: Rib): Generator<null, readonly RouteChange[]> {
  const changed: [string, RouteChange][] = [];
  let compared = 0;
  for (const [key, entry] of after) {
    if (!sameList(before.get(key)?.routes ?? [], entry.routes, sameRoute))
      changed.push([key, entry]);
    if (++compared % COMPARED_AT_ONCE === 0) yield null;
  }
  for (const [key, { prefix }] of before) {
    if (!after.has(key)) changed.push([key, { prefix, routes: [] }]);
    if (++compared % COMPARED_AT_ONCE === 0) yield null;
  }
  return changed.sort(([a], [b]) => compare(a, b)).map(([, change]) => change);
}
