// Static routes from interface costs, as a link-state protocol would find them: the metric of a route is the sum of
// the costs of the interfaces sent out of, with that of the last router on the destination's own link.
import { type Address, ip, type Prefix } from "../base/address.ts";
import { compare, orderedValues } from "../base/ordered.ts";
import { HOST_INTERFACE, type NextHop, type Route, subnetOf, type Topology } from "./topology.ts";

/** The kernel's route protocol number that these routes carry; HPIM-DM takes it as their preference (§2.4). */
export const ROUTE_PROTOCOL = 11;

/** One use of a router-to-router link: sending from `from` out of `nextHop.interface` to `to`. */
interface Hop {
  readonly from: string;
  readonly to: string;
  readonly nextHop: NextHop;
  readonly cost: number;
}

interface Port {
  readonly router: string;
  readonly name: string;
  readonly link: string;
  readonly address: Address;
  readonly cost: number;
}

/** The hops of each router. */
type HopsOf = ReadonlyMap<string, readonly Hop[]>;

const livePorts = (topology: Topology): readonly Port[] =>
  orderedValues(topology.routers).flatMap((router) =>
    router.interfaces.filter(({ up }) => up).map((port) => ({ ...port, router: router.name })),
  );

function grouped<T>(list: readonly T[], groupOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(groupOf(item));
    if (group === undefined) groups.set(groupOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function allHops(ports: readonly Port[]): readonly Hop[] {
  const onLink = grouped(ports, ({ link }) => link);
  return ports.flatMap((out) =>
    (onLink.get(out.link) ?? [])
      .filter((other) => other.router !== out.router)
      .map((other) => ({
        from: out.router,
        to: other.router,
        nextHop: { via: other.address, interface: out.name },
        cost: out.cost,
      })),
  );
}

/** Cost of the shortest path of each router that has one to `link`. */
function costsTo(link: string, ports: readonly Port[], hops: readonly Hop[]): Map<string, number> {
  const costs = new Map<string, number>();
  const offer = (router: string, cost: number): boolean => {
    if (cost >= (costs.get(router) ?? Number.POSITIVE_INFINITY)) return false;
    costs.set(router, cost);
    return true;
  };
  for (const port of ports) if (port.link === link) offer(port.router, port.cost);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to, cost } of hops)
      changed = offer(from, cost + (costs.get(to) ?? Number.POSITIVE_INFINITY)) || changed;
  }
  return costs;
}

function shortestRoute(
  router: string,
  destination: Prefix,
  { costs, hopsOf }: { costs: ReadonlyMap<string, number>; hopsOf: HopsOf },
): readonly Route[] {
  const metric = costs.get(router);
  if (metric === undefined) return [];
  const nextHops = (hopsOf.get(router) ?? [])
    .filter(({ to, cost }) => cost + (costs.get(to) ?? Infinity) === metric)
    .map(({ nextHop }) => nextHop)
    .sort((a, b) => compare(a.via, b.via) || compare(a.interface, b.interface));
  return [{ destination, nextHops, metric }];
}

const keyOf = ({ address, length }: Prefix): string => `${address}/${length}`;

function routerRoutes(topology: Topology, links: readonly string[]): Map<string, readonly Route[]> {
  const ports = livePorts(topology);
  const hops = allHops(ports);
  const hopsOf = grouped(hops, ({ from }) => from);
  const paths = links.map((link) => ({
    link,
    subnet: subnetOf(topology, link),
    found: { costs: costsTo(link, ports, hops), hopsOf },
  }));
  const routes = new Map<string, readonly Route[]>();
  for (const { name, interfaces, routes: own } of orderedValues(topology.routers)) {
    const live = new Set(interfaces.filter(({ up }) => up).map((port) => port.name));
    const connected = new Set(interfaces.filter(({ up }) => up).map(({ link }) => link));
    const overriding = own.filter(({ nextHops }) =>
      nextHops.every((nextHop) => live.has(nextHop.interface)),
    );
    const overridden = new Set(overriding.map(({ destination }) => keyOf(destination)));
    const derived = paths
      .filter(({ link, subnet }) => !connected.has(link) && !overridden.has(keyOf(subnet)))
      .flatMap(({ subnet, found }) => shortestRoute(name, subnet, found));
    routes.set(name, [...derived, ...overriding]);
  }
  return routes;
}

const DEFAULT = { 4: { address: ip("0.0.0.0"), length: 0 }, 16: { address: ip("::"), length: 0 } };

function hostRoutes(topology: Topology, link: string): readonly Route[] {
  const gateways = livePorts(topology)
    .filter((port) => port.link === link)
    .map(({ address }) => address)
    .sort(compare);
  const via = gateways[0];
  if (via === undefined) return [];
  const destination = subnetOf(topology, link).address.length === 4 ? DEFAULT[4] : DEFAULT[16];
  return [{ destination, nextHops: [{ via, interface: HOST_INTERFACE }], metric: 1 }];
}

/**
 * The routes of every node, by its name: for a router, the shortest path to each subnet that it is not connected to
 * (equal costs make one multipath route), with its own routes in their place; for a host, a default route through the
 * router of the lowest address on its link. Nothing through an interface that is down. `to`: only routes to the subnets
 * of these links are made.
 */
export function routesOf(
  topology: Topology,
  to: Iterable<string> = topology.links.keys(),
): ReadonlyMap<string, readonly Route[]> {
  const routes = routerRoutes(topology, [...to].sort(compare));
  for (const { name, link } of orderedValues(topology.hosts))
    routes.set(name, hostRoutes(topology, link));
  return routes;
}
