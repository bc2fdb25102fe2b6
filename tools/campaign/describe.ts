// A scene in the oracle's words.

import { known } from "../../src/base/invariant.ts";
import { orderedEntries, orderedValues } from "../../src/base/ordered.ts";
import type {
  NetworkDescription,
  RouteDescription,
  RouterDescription,
} from "../../src/oracle/network.ts";
import { DATA_TTL } from "../../src/sim/end-host.ts";
import { ROUTE_PROTOCOL, routesOf } from "../../src/topology/routes.ts";
import type { Route, Router, Topology } from "../../src/topology/topology.ts";
import { subnetOf } from "../../src/topology/topology.ts";
import type { Scene } from "./scene.ts";

/** The kernel's protocol number of connected routes (linux/rtnetlink.h: RTPROT_KERNEL). */
const CONNECTED = 2;

function routerDescription(
  topology: Topology,
  router: Router,
  routes: readonly Route[],
): RouterDescription {
  const learnt = routes.map(({ destination, metric, nextHops }): RouteDescription => {
    const hops = nextHops.map((hop) => ({ interface: hop.interface, gateway: hop.via }));
    return { destination, protocol: ROUTE_PROTOCOL, metric, nextHops: hops };
  });
  const connected = router.interfaces
    .filter(({ up }) => up)
    .map(({ name, link }): RouteDescription => {
      const nextHops = [{ interface: name, gateway: null }];
      return { destination: subnetOf(topology, link), protocol: CONNECTED, metric: 0, nextHops };
    });
  const interfaces = router.interfaces.map((port) => ({
    ...port,
    subnet: subnetOf(topology, port.link),
  }));
  return { name: router.name, interfaces, routes: [...learnt, ...connected] };
}

/** The network of a scene, for the oracle. */
export function describe({ topology, running, members, flows, deaf }: Scene): NetworkDescription {
  const routes = routesOf(topology);
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
      .map(([name, router]) => routerDescription(topology, router, routes.get(name) ?? [])),
    sources: orderedValues(topology.hosts)
      .filter(({ name }) => name.startsWith("s"))
      .map(({ name, address, link }) => ({
        address,
        link,
        groups: flows.filter(({ host }) => host === name).map(({ group }) => group),
        ttl: DATA_TTL,
      })),
    listeners: members.map(({ host, group }) => ({ name: host, link: linkOf(host), group })),
    deaf: deaf.map(({ from, to }) => ({ from: addressOf(from), to: addressOf(to) })),
  };
}
