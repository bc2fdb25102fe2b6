// The way back to a source (§1): root path cost, root interface, and whether we are its originator.
import type { Address } from "../base/address.ts";
import { prefixHolds } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import { orderedEntries } from "../base/ordered.ts";
import type { PrefixTable } from "../base/prefix-table.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { InterfaceFacts, NextHop, Route } from "./events.ts";
import type { Rpc } from "./messages.ts";

/** What follows from routes and interfaces for one source, and, `denied`, from an interface's lists for one tree. */
export interface Rpf {
  /** null: no route. */
  readonly rpc: Rpc | null;
  /** null: there is no root interface. */
  readonly root: InterfaceIndex | null;
  readonly originator: boolean;
  /** The tree is not allowed on what would be its root interface (§2.4): it has no root then, and no originator. */
  readonly denied: boolean;
  /** Interfaces with a subnet that holds the source, ascending. */
  readonly onLink: readonly InterfaceIndex[];
}

/** An interface, as far as the way back to a source is concerned. */
export interface RpfInterface {
  readonly facts: InterfaceFacts;
  /** null: HPIM-DM does not run here. */
  readonly running: object | null;
}

/** Number of the protocol of routes that come with an address (linux/rtnetlink.h: RTPROT_KERNEL). */
const KERNEL = 2;

type Interfaces = ReadonlyMap<InterfaceIndex, RpfInterface>;

const holdsSource = ({ facts }: RpfInterface, source: Address): boolean =>
  facts.up && facts.addresses.some(({ subnet }) => prefixHolds(subnet, source));

/** §1: of several next hops a connected one, else the one with the highest gateway. */
function preferredHop(hops: readonly NextHop[]): NextHop | undefined {
  let best: NextHop | undefined;
  for (const hop of hops) {
    if (best === undefined) best = hop;
    else if (best.gateway !== null && (hop.gateway === null || hop.gateway > best.gateway)) {
      best = hop;
    }
  }
  return best;
}

/** §1: whether a route can be used. The kernel's own one goes with its subnet's address, which is told first. */
function isLive({ protocol }: Route, hop: NextHop, on: RpfInterface, source: Address): boolean {
  const isOwn = protocol === KERNEL && hop.gateway === null;
  return isOwn ? holdsSource(on, source) : on.facts.up;
}

/** A route, and the next hop of it that is used. */
export interface Way {
  readonly route: Route;
  readonly hop: NextHop;
}

/** The best of a prefix's routes to `source` with its live next hop, or undefined if none lives. */
function usableRoute(
  source: Address,
  routes: readonly Route[],
  interfaces: Interfaces,
): Way | undefined {
  let best: Way | undefined;
  for (const route of routes) {
    const hop = preferredHop(
      route.nextHops.filter((candidate) => {
        const on = interfaces.get(candidate.interface);
        return on !== undefined && isLive(route, candidate, on, source);
      }),
    );
    if (hop !== undefined && (best === undefined || route.metric < best.route.metric)) {
      best = { route, hop };
    }
  }
  return best;
}

/** §1: the route to `source`; undefined: there is none that can be used. */
export const wayTo = (
  source: Address,
  routes: PrefixTable<readonly Route[]>,
  interfaces: Interfaces,
): Way | undefined => routes.find(source, (ofPrefix) => usableRoute(source, ofPrefix, interfaces));

/** §1, §5.6: resolves the route to `source`. `preferences` may replace those of routing protocols. */
export function resolveRpf(
  source: Address,
  routes: PrefixTable<readonly Route[]>,
  interfaces: Interfaces,
  preferences: ReadonlyMap<number, number>,
): Rpf {
  const onLink = orderedEntries(interfaces)
    .filter(([, on]) => holdsSource(on, source))
    .map(([index]) => index);
  const found = wayTo(source, routes, interfaces);
  if (found === undefined) {
    return { rpc: null, root: null, originator: false, denied: false, onLink };
  }
  const { route, hop } = found;
  const out = known(interfaces.get(hop.interface), "interface of a live next hop");
  const originator = hop.gateway === null && onLink.includes(hop.interface);
  const isRoot = out.running !== null || (originator && out.facts.membership);
  return {
    rpc: {
      preference: preferences.get(route.protocol) ?? route.protocol,
      metric: route.metric,
    },
    root: isRoot ? hop.interface : null,
    originator,
    denied: false,
    onLink,
  };
}

/** Whether nothing differs that the trees of a source depend on. */
export const isSameRpf = (a: Rpf, b: Rpf): boolean =>
  a.rpc?.preference === b.rpc?.preference &&
  a.rpc?.metric === b.rpc?.metric &&
  a.root === b.root &&
  a.originator === b.originator &&
  a.onLink.join() === b.onLink.join();
