// Links that have fallen in two: to routing and to the oracle they are two links with one subnet.
import { formatPrefix } from "../../src/base/address.ts";
import { orderedEntries } from "../../src/base/ordered.ts";
import { routesOf } from "../../src/topology/routes.ts";
import type { Route, Router, Topology } from "../../src/topology/topology.ts";
import { HOST_INTERFACE, subnetOf } from "../../src/topology/topology.ts";

/** Of each link that has fallen in two, the ends that are cut off from the rest: "r1.eth0", "h2.eth0". */
export type Parts = ReadonlyMap<string, ReadonlySet<string>>;

/** The link, or the part of it, that an end is on. */
export const partOf = (parts: Parts, link: string, end: string): string =>
  parts.get(link)?.has(end) === true ? `${link}'` : link;

/** Whether what `from` sends onto a link may reach `to`. */
export const isTogether = (parts: Parts, link: string, from: string, to: string): boolean =>
  partOf(parts, link, from) === partOf(parts, link, to);

/** `topology` with a link for each part. */
export function inParts(topology: Topology, parts: Parts): Topology {
  if (parts.size === 0) return topology;
  const links = new Map(topology.links);
  for (const name of parts.keys()) {
    const link = links.get(name);
    if (link !== undefined) links.set(`${name}'`, { ...link, name: `${name}'` });
  }
  const routers = new Map<string, Router>();
  for (const [name, router] of topology.routers) {
    const interfaces = router.interfaces.map((port) => ({
      ...port,
      link: partOf(parts, port.link, `${name}.${port.name}`),
    }));
    routers.set(name, { ...router, interfaces });
  }
  const hosts = new Map(
    [...topology.hosts].map(([name, host]) => {
      const link = partOf(parts, host.link, `${name}.${HOST_INTERFACE}`);
      return [name, { ...host, link }] as const;
    }),
  );
  return { ...topology, links, routers, hosts };
}

/** Without those to subnets that the router is on, and of those to the two parts of a link the shortest. */
function withoutDoubles(topology: Topology, router: Router, routes: readonly Route[]): Route[] {
  const connected = new Set(
    router.interfaces
      .filter(({ up }) => up)
      .map(({ link }) => formatPrefix(subnetOf(topology, link))),
  );
  const best = new Map<string, Route>();
  for (const route of routes) {
    const prefix = formatPrefix(route.destination);
    if (connected.has(prefix) || (best.get(prefix)?.metric ?? Infinity) <= route.metric) continue;
    best.set(prefix, route);
  }
  return [...best.values()];
}

/** The routes of each router to the links of the sources, which are all that matters here. */
export function routesToSources(
  topology: Topology,
  parts: Parts,
): ReadonlyMap<string, readonly Route[]> {
  const parted = inParts(topology, parts);
  const sources = [...parted.hosts.values()].filter(({ name }) => name.startsWith("s"));
  const links = new Set(sources.flatMap(({ link }) => [link.replace("'", ""), link]));
  for (const name of parts.keys()) if (links.has(name)) links.add(`${name}'`);
  const routes = routesOf(parted, links);
  if (parts.size === 0) return routes;
  return new Map(
    orderedEntries(parted.routers).map(([name, router]) => [
      name,
      withoutDoubles(parted, router, routes.get(name) ?? []),
    ]),
  );
}
