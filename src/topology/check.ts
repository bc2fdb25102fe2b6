// What a topology file of the right shape can still get wrong: names that nothing bears, addresses off their subnet.
import {
  type Address,
  formatAddress,
  formatPrefix,
  isMulticast,
  type Prefix,
  prefixHolds,
} from "../base/address.ts";
import type { Complaint, Path, TopologyFile } from "./schema.ts";

type Attachment = { readonly link: string; readonly address: Address };

function* attachmentsOf(file: TopologyFile): Generator<readonly [Path, Attachment]> {
  for (const [router, { interfaces }] of Object.entries(file.routers)) {
    for (const [name, port] of Object.entries(interfaces))
      yield [["routers", router, "interfaces", name], port];
  }
  for (const [name, host] of Object.entries(file.hosts)) yield [["hosts", name], host];
}

function* wrongAttachments(file: TopologyFile): Generator<Complaint> {
  const takenBy = new Map<Address, Path>();
  for (const [path, { link, address }] of attachmentsOf(file)) {
    const subnet = file.links[link]?.subnet;
    const text = formatAddress(address);
    if (subnet === undefined)
      yield { path: [...path, "link"], message: `there is no link ${link}` };
    else if (!prefixHolds(subnet, address)) {
      const message = `${text} is not in ${formatPrefix(subnet)}, the subnet of link ${link}`;
      yield { path: [...path, "address"], message };
    }
    const other = takenBy.get(address);
    if (other !== undefined) {
      yield {
        path: [...path, "address"],
        message: `${text} is already that of ${other.join(".")}`,
      };
    }
    takenBy.set(address, path);
  }
}

const doOverlap = (a: Prefix, b: Prefix): boolean =>
  prefixHolds(a, b.address) || prefixHolds(b, a.address);

function* wrongLinks(file: TopologyFile): Generator<Complaint> {
  const used = new Set([...attachmentsOf(file)].map(([, { link }]) => link));
  const links = Object.entries(file.links);
  for (const [index, [name, { subnet }]] of links.entries()) {
    if (!used.has(name)) yield { path: ["links", name], message: `nothing is on link ${name}` };
    const other = links.slice(0, index).find(([, before]) => doOverlap(before.subnet, subnet));
    if (other !== undefined) {
      const message = `${formatPrefix(subnet)} overlaps the subnet of link ${other[0]}`;
      yield { path: ["links", name, "subnet"], message };
    }
  }
  const families = new Set(links.map(([, { subnet }]) => subnet.address.length));
  if (families.size > 1)
    yield { path: ["links"], message: "subnets are all of IPv4 or all of IPv6" };
}

function* wrongNodes(file: TopologyFile): Generator<Complaint> {
  for (const name of Object.keys(file.hosts)) {
    if (file.routers[name] !== undefined) {
      yield { path: ["hosts", name], message: `${name} is already a router` };
    }
  }
}

function* wrongRoutes(file: TopologyFile): Generator<Complaint> {
  for (const [name, { interfaces, routes }] of Object.entries(file.routers)) {
    const subnets = Object.values(interfaces)
      .map(({ link }) => file.links[link]?.subnet)
      .filter((subnet) => subnet !== undefined);
    const isOnLink = (gateway: Address): boolean =>
      subnets.some((subnet) => prefixHolds(subnet, gateway));
    for (const [index, { to, via }] of routes.entries()) {
      const path = ["routers", name, "routes", index];
      const earlier = routes.slice(0, index).map((route) => formatPrefix(route.to));
      if (earlier.includes(formatPrefix(to))) {
        const message = `${name} already has a route to ${formatPrefix(to)}`;
        yield { path: [...path, "to"], message };
      }
      for (const gateway of [via].flat().filter((candidate) => !isOnLink(candidate))) {
        const message = `${formatAddress(gateway)} is on no link of ${name}`;
        yield { path: [...path, "via"], message };
      }
    }
  }
}

function* wrongFlows(file: TopologyFile): Generator<Complaint> {
  const isHost = (name: string): boolean => file.hosts[name] !== undefined;
  for (const [index, { source, group, receivers }] of file.flows.entries()) {
    const path = ["flows", index];
    if (!isHost(source)) yield { path: [...path, "source"], message: `there is no host ${source}` };
    if (!isMulticast(group)) {
      const message = `${formatAddress(group)} is not a multicast address`;
      yield { path: [...path, "group"], message };
    }
    for (const [at, receiver] of receivers.entries()) {
      if (!isHost(receiver))
        yield { path: [...path, "receivers", at], message: `there is no host ${receiver}` };
    }
  }
}

/** All that is wrong with what a topology file of the right shape says. */
export const checkMeaning = (file: TopologyFile): readonly Complaint[] => [
  ...wrongLinks(file),
  ...wrongNodes(file),
  ...wrongRoutes(file),
  ...wrongAttachments(file),
  ...wrongFlows(file),
];
