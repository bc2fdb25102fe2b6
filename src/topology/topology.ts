// A network as every reader of `topologies/` sees it: routers, hosts, the links between them, and what follows from
// the links' ends. Built by parse.ts; costs and states of interfaces change by making a changed copy.
import type { Address, Prefix } from "../base/address.ts";
import { known } from "../base/invariant.ts";

/** A router's interface on a link. */
export interface RouterInterface {
  /** Its device name in the router: "eth0", "eth1" ... */
  readonly name: string;
  readonly link: string;
  readonly address: Address;
  /** What sending out of it adds to the cost of a path (as OSPF's interface cost). */
  readonly cost: number;
  /** Whether the device is up; one that is down carries nothing and connects to nothing. */
  readonly up: boolean;
  /** Whether HPIM-DM runs on it. */
  readonly hpim: boolean;
  /** Whether IGMP (MLD in an IPv6 network) runs on it. */
  readonly igmp: boolean;
}

/** One way out of a router: a gateway and the interface that reaches it. */
export interface NextHop {
  readonly via: Address;
  readonly interface: string;
}

/** A route as the kernel gets it; several next hops make it one multipath route. */
export interface Route {
  readonly destination: Prefix;
  /** At least one, in ascending order of `via`. */
  readonly nextHops: readonly NextHop[];
  readonly metric: number;
}

/** A router. */
export interface Router {
  readonly name: string;
  readonly interfaces: readonly RouterInterface[];
  /** Routes that stand instead of those that costs give for the same destinations. */
  readonly routes: readonly Route[];
}

/** The one device of every host. */
export const HOST_INTERFACE = "eth0";

/** A source or client: one address on one link, and no routing. */
export interface Host {
  readonly name: string;
  readonly link: string;
  readonly address: Address;
}

/** A link: a cable between two ends, or a switch. */
export interface Link {
  readonly name: string;
  readonly subnet: Prefix;
  /** Whether its switch does IGMP snooping, with the routers' ports as router ports. */
  readonly snooping: boolean;
}

/** A flow that a demonstration or test sends in this network. */
export interface Flow {
  /** A host. */
  readonly source: string;
  readonly group: Address;
  /** Hosts. */
  readonly receivers: readonly string[];
}

/** A network. Maps are keyed by name and hold the order of the file. */
export interface Topology {
  readonly name: string;
  /** The IGMP version that hosts speak and routers are configured with. */
  readonly igmpVersion: 2 | 3;
  readonly links: ReadonlyMap<string, Link>;
  readonly routers: ReadonlyMap<string, Router>;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly flows: readonly Flow[];
}

/** A device at a link. */
export interface LinkEnd {
  readonly node: string;
  readonly interface: string;
  readonly address: Address;
  readonly isRouter: boolean;
}

/** The names of all routers and hosts, routers first, in the order of the file. */
export const nodesOf = (topology: Topology): readonly string[] => [
  ...topology.routers.keys(),
  ...topology.hosts.keys(),
];

/** The devices at `link`, routers first, in the order of the file. */
export function endsOf(topology: Topology, link: string): readonly LinkEnd[] {
  const ends: LinkEnd[] = [];
  for (const router of topology.routers.values()) {
    for (const { name, link: at, address } of router.interfaces) {
      if (at === link) ends.push({ node: router.name, interface: name, address, isRouter: true });
    }
  }
  for (const { name, link: at, address } of topology.hosts.values()) {
    if (at === link) ends.push({ node: name, interface: HOST_INTERFACE, address, isRouter: false });
  }
  return ends;
}

/** Whether `link` is a switch: unless it simply joins two ends. */
export const isSwitched = (topology: Topology, link: string): boolean =>
  topology.links.get(link)?.snooping === true || endsOf(topology, link).length !== 2;

/** The subnet of `link`, which the topology has. */
export const subnetOf = (topology: Topology, link: string): Prefix =>
  known(topology.links.get(link), `the topology has link ${link}`).subnet;

/** What changes of one router's interface while the network runs. */
export interface InterfaceChange {
  readonly router: string;
  readonly interface: string;
  readonly cost?: number;
  readonly up?: boolean;
}

/** `topology` with `change` made. Throws an Error if it has no such interface. */
export function changeInterface(topology: Topology, change: InterfaceChange): Topology {
  const router = topology.routers.get(change.router);
  const port = router?.interfaces.find((candidate) => candidate.name === change.interface);
  if (router === undefined || port === undefined) {
    throw new Error(
      `The topology ${topology.name} has no interface ${change.router}.${change.interface}.`,
    );
  }
  const changed: RouterInterface = {
    ...port,
    cost: change.cost ?? port.cost,
    up: change.up ?? port.up,
  };
  const interfaces = router.interfaces.map((other) => (other === port ? changed : other));
  const routers = new Map(topology.routers).set(router.name, { ...router, interfaces });
  return { ...topology, routers };
}
