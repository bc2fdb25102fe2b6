// What a topology means for ip(8) and /proc/sys: pure, so that bringing a lab up is only running it.
import { type Address, familyOf, formatAddress, formatPrefix } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import { ROUTE_PROTOCOL } from "../topology/routes.ts";
import {
  endsOf,
  HOST_INTERFACE,
  isSwitched,
  type Link,
  type LinkEnd,
  nodesOf,
  type Route,
  subnetOf,
  type Topology,
} from "../topology/topology.ts";
import { bridgeOf, namespaceOf, portOf, switchNamespaceOf } from "./names.ts";
import { type BatchLine, line } from "./run.ts";

/** A file under /proc/sys and what is written to it. */
export type Setting = readonly [path: string, value: number];

const isIpv6 = (topology: Topology): boolean =>
  [...topology.links.values()].some(({ subnet }) => familyOf(subnet.address) === 6);

/** All namespaces of the lab, switches first if it has any. */
export function namespacesOf(topology: Topology, lab: string): readonly string[] {
  const nodes = nodesOf(topology).map((node) => namespaceOf(lab, node));
  const switched = [...topology.links.keys()].some((link) => isSwitched(topology, link));
  return switched ? [switchNamespaceOf(lab), ...nodes] : nodes;
}

const IPV6_OFF: readonly Setting[] = [
  ["net/ipv6/conf/all/disable_ipv6", 1],
  ["net/ipv6/conf/default/disable_ipv6", 1],
];
const IPV6_QUIET: readonly Setting[] = [
  ["net/ipv6/conf/default/accept_ra", 0],
  ["net/ipv6/conf/default/router_solicitations", 0],
  ["net/ipv6/conf/default/accept_dad", 0],
  ["net/ipv6/conf/default/dad_transmits", 0],
  // As IPv4 does: an interface that went down and came back has its address.
  ["net/ipv6/conf/all/keep_addr_on_down", 1],
];
const FORWARDING: readonly Setting[] = [
  ["net/ipv4/ip_forward", 1],
  ["net/ipv4/conf/all/rp_filter", 0],
  ["net/ipv4/conf/default/rp_filter", 0],
  ["net/ipv4/conf/all/send_redirects", 0],
  ["net/ipv4/conf/default/send_redirects", 0],
  // Of two interfaces on one link each answers for its own address only, so that unicast messages come in by it.
  ["net/ipv4/conf/all/arp_ignore", 1],
  ["net/ipv4/conf/all/arp_announce", 2],
];
const HOST_MEMBERSHIPS: readonly Setting[] = [["net/ipv4/igmp_max_memberships", 1024]];

/** What is set in a switch namespace before it has devices. */
export const switchSettings = (): readonly Setting[] => IPV6_OFF;

/** What is set in a node's namespace before it has devices, which inherit it. */
export function nodeSettings(topology: Topology, node: string): readonly Setting[] {
  const isRouter = topology.routers.has(node);
  const settings = [...(isIpv6(topology) ? IPV6_QUIET : IPV6_OFF)];
  settings.push(...(isRouter ? FORWARDING : HOST_MEMBERSHIPS));
  if (isRouter && isIpv6(topology)) settings.push(["net/ipv6/conf/all/forwarding", 1]);
  if (!isRouter && topology.igmpVersion === 2) {
    settings.push(["net/ipv4/conf/default/force_igmp_version", 2]);
    settings.push(["net/ipv6/conf/default/force_mld_version", 1]);
  }
  return settings;
}

const veth = (about: string, [a, b]: readonly [readonly string[], readonly string[]]): BatchLine =>
  line(about, `link add name ${a[1]} netns ${a[0]} type veth peer name ${b[1]} netns ${b[0]}`);

/** A device of a node. */
export interface DevicePlace {
  readonly node: string;
  readonly device: string;
}

/** A cable: between two nodes, or from one to the switch of the link. */
export interface Cable {
  readonly ends: readonly DevicePlace[];
  /** Makes it, between its namespaces: for a batch outside of them. */
  readonly line: BatchLine;
}

/** The cables of a link. */
export function cablesOf(topology: Topology, lab: string, link: string): readonly Cable[] {
  const ends = endsOf(topology, link).map((end) => ({
    place: { node: end.node, device: end.interface },
    text: `${end.node}.${end.interface}`,
    port: portOf(end.node, end.interface),
    at: [namespaceOf(lab, end.node), end.interface],
  }));
  if (isSwitched(topology, link)) {
    return ends.map(({ place, text, port, at }) => ({
      ends: [place],
      line: veth(`Link ${link} (${text} to its switch)`, [at, [switchNamespaceOf(lab), port]]),
    }));
  }
  const a = known(ends[0], "a cable has two ends");
  const b = known(ends[1], "a cable has two ends");
  const about = `Link ${link} (${a.text} to ${b.text})`;
  return [{ ends: [a.place, b.place], line: veth(about, [a.at, b.at]) }];
}

/** The cables of all links: for a batch outside of their namespaces. */
export const cableLines = (topology: Topology, lab: string): readonly BatchLine[] =>
  [...topology.links.keys()].flatMap((link) =>
    cablesOf(topology, lab, link).map((cable) => cable.line),
  );

/** The port towards `end`, in its bridge and up: for a batch in the switch namespace. */
export function portLines({ name, snooping }: Link, end: LinkEnd): readonly BatchLine[] {
  const port = portOf(end.node, end.interface);
  const commands = [`link set dev ${port} master ${bridgeOf(name)} up`];
  // 2: always a router port (linux/if_link.h: IFLA_BRPORT_MULTICAST_ROUTER).
  if (snooping && end.isRouter) {
    commands.push(`link set dev ${port} type bridge_slave mcast_router 2`);
  }
  return commands.map((command) => line(`The switch of link ${name}`, command));
}

/** The bridges with their ports: for a batch in the switch namespace. */
export function switchLines(topology: Topology): readonly BatchLine[] {
  const links = [...topology.links.values()].filter(({ name }) => isSwitched(topology, name));
  return links.flatMap((link) => {
    const { name, snooping } = link;
    const bridge = bridgeOf(name);
    const made = `link add name ${bridge} type bridge mcast_snooping ${snooping ? 1 : 0}`;
    return [
      line(`The switch of link ${name}`, made),
      ...endsOf(topology, name).flatMap((end) => portLines(link, end)),
      line(`The switch of link ${name}`, `link set dev ${bridge} up`),
    ];
  });
}

interface Device {
  readonly name: string;
  readonly link: string;
  readonly address: Address;
  readonly up: boolean;
}

function devicesOf(topology: Topology, node: string): readonly Device[] {
  const router = topology.routers.get(node);
  if (router !== undefined) return router.interfaces;
  const { link, address } = known(topology.hosts.get(node), `the topology has node ${node}`);
  return [{ name: HOST_INTERFACE, link, address, up: true }];
}

/** Loopback, addresses and interfaces of a node: for a batch in its namespace. */
export function deviceLines(topology: Topology, node: string): readonly BatchLine[] {
  const devices = devicesOf(topology, node).flatMap(({ name, link, address, up }) => {
    const { length } = subnetOf(topology, link);
    const withoutDad = familyOf(address) === 6 ? " nodad" : "";
    return [
      `addr add ${formatAddress(address)}/${length} dev ${name}${withoutDad}`,
      ...(up ? [`link set dev ${name} up`] : []),
    ].map((command) => line(`${node}.${name} on link ${link}`, command));
  });
  return [line(`The loopback of ${node}`, "link set dev lo up"), ...devices];
}

const keyOf = ({ destination }: Route): string => formatPrefix(destination);

function hopsText({ nextHops }: Route): string {
  const hops = nextHops.map(
    ({ via, interface: device }) => `via ${formatAddress(via)} dev ${device}`,
  );
  return hops.length === 1 ? hops.join("") : hops.map((hop) => `nexthop ${hop}`).join(" ");
}

/** The words of ip(8) that a route is made with: "10.1.1.0/24 proto 11 metric 20 via 10.2.2.1 dev eth0". */
export const routeText = (route: Route): string =>
  `${keyOf(route)} proto ${ROUTE_PROTOCOL} metric ${route.metric} ${hopsText(route)}`;

const routeLine = (node: string, verb: "add" | "replace", route: Route): BatchLine =>
  line(`The route of ${node} to ${keyOf(route)}`, `route ${verb} ${routeText(route)}`);

const deleteLine = (node: string, route: Route): BatchLine =>
  line(
    `The old route of ${node} to ${keyOf(route)}`,
    `route del ${keyOf(route)} proto ${ROUTE_PROTOCOL} metric ${route.metric}`,
  );

/**
 * What turns a node's routes `before` into `after`: for a batch in its namespace. A route of another metric is added
 * before the old one goes, so the destination is never without one and never has a third.
 */
export function routeLines(
  node: string,
  before: readonly Route[],
  after: readonly Route[],
): readonly BatchLine[] {
  const old = new Map(before.map((route) => [keyOf(route), route]));
  const lines: BatchLine[] = [];
  for (const route of after) {
    const replaced = old.get(keyOf(route));
    old.delete(keyOf(route));
    if (replaced === undefined) lines.push(routeLine(node, "add", route));
    else if (replaced.metric !== route.metric) {
      lines.push(routeLine(node, "add", route), deleteLine(node, replaced));
    } else if (hopsText(replaced) !== hopsText(route)) {
      lines.push(routeLine(node, "replace", route));
    }
  }
  return [...lines, ...[...old.values()].map((route) => deleteLine(node, route))];
}
