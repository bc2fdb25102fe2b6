// A scene in the oracle's words.
import type { Prefix } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { orderedEntries, orderedValues } from "../../src/base/ordered.ts";
import type {
  NetworkDescription,
  RouteDescription,
  RouterDescription,
} from "../../src/oracle/network.ts";
import { ROUTE_PROTOCOL } from "../../src/topology/routes.ts";
import type { Route, Router, Topology } from "../../src/topology/topology.ts";
import { subnetOf } from "../../src/topology/topology.ts";
import type { PortKeys } from "./keys.ts";
import { NO_KEYS, signsWith } from "./keys.ts";
import { inParts, routesToSources } from "./parts.ts";
import type { Scene } from "./scene.ts";

/** The kernel's protocol number of connected routes (linux/rtnetlink.h: RTPROT_KERNEL). */
const CONNECTED = 2;

function routerDescription(
  topology: Topology,
  router: Router,
  own: {
    readonly routes: readonly Route[];
    readonly keysOf: (end: string) => PortKeys;
    readonly alsoOn: (end: string) => readonly Prefix[];
  },
): RouterDescription {
  const learnt = own.routes.map(({ destination, metric, nextHops }): RouteDescription => {
    const hops = nextHops.map((hop) => ({ interface: hop.interface, gateway: hop.via }));
    return { destination, protocol: ROUTE_PROTOCOL, metric, nextHops: hops };
  });
  const connected = router.interfaces
    .filter(({ up }) => up)
    .flatMap(({ name, link }): readonly RouteDescription[] => {
      const nextHops = [{ interface: name, gateway: null }];
      const subnets = [subnetOf(topology, link), ...own.alsoOn(`${router.name}.${name}`)];
      return subnets.map((destination) => ({
        destination,
        protocol: CONNECTED,
        metric: 0,
        nextHops,
      }));
    });
  const interfaces = router.interfaces.map((port) => {
    const keys = own.keysOf(`${router.name}.${port.name}`);
    const subnet = subnetOf(topology, port.link);
    const alsoOn = own.alsoOn(`${router.name}.${port.name}`);
    return { ...port, subnet, alsoOn, accepts: keys.identifiers, signsWith: signsWith(keys) };
  });
  return { name: router.name, interfaces, routes: [...learnt, ...connected] };
}

/** The network of a scene, for the oracle. */
export function describe(scene: Scene): NetworkDescription {
  const { running, members, flows, deaf, ttl } = scene;
  const routes = routesToSources(scene.topology, scene.parts);
  const topology = inParts(scene.topology, scene.parts);
  const keysOf = (end: string): PortKeys => scene.keys.get(end) ?? NO_KEYS;
  const alsoOn = (end: string): readonly Prefix[] => {
    const source = topology.hosts.get(scene.extra.get(end) ?? "");
    return source === undefined ? [] : [subnetOf(topology, source.link)];
  };
  const addresses = new Map(
    orderedValues(topology.routers).flatMap(({ name, interfaces }) =>
      interfaces.map((port) => [`${name}.${port.name}`, port.address]),
    ),
  );
  const addressOf = (end: string) => known(addresses.get(end), `the end ${end} is there`);
  const linkOf = (host: string) => known(topology.hosts.get(host), `host ${host} is there`).link;
  return {
    routers: orderedEntries(topology.routers)
      .filter(([name]) => running.has(name))
      .map(([name, router]) => {
        const own = { routes: routes.get(name) ?? [], keysOf, alsoOn };
        return routerDescription(topology, router, own);
      }),
    sources: orderedValues(topology.hosts)
      .filter(({ name }) => name.startsWith("s"))
      .map(({ name, address, link }) => ({
        address,
        link,
        groups: flows.filter(({ host }) => host === name).map(({ group }) => group),
        ttl,
      })),
    listeners: members.map(({ host, group }) => ({ name: host, link: linkOf(host), group })),
    deaf: deaf.map(({ from, to }) => ({ from: addressOf(from), to: addressOf(to) })),
  };
}
