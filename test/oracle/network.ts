// Small networks for the oracle, in few words.
import { ip, parsePrefix } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type {
  InterfaceDescription,
  NetworkDescription,
  RouteDescription,
  RouterDescription,
} from "../../src/oracle/network.ts";
import type { RestingRouter, RestingTree } from "../../src/oracle/rest.ts";
import { restOf } from "../../src/oracle/rest.ts";

export const GROUP = ip("239.1.1.1");
export const SOURCE = ip("10.0.0.100");

/** eth<link> of address 10.0.<link>.<number> on link l<link>, with HPIM-DM and IGMP. */
export const on = (
  link: number,
  number: number,
  change: Partial<InterfaceDescription> = {},
): InterfaceDescription => ({
  name: `eth${link}`,
  link: `l${link}`,
  address: ip(`10.0.${link}.${number}`),
  subnet: known(parsePrefix(`10.0.${link}.0/24`), "a subnet"),
  ...{ up: true, hpim: true, igmp: true, alsoOn: [], accepts: [], signsWith: null },
  ...change,
});

/** The route to the source's link l0 through a gateway 10.0.<link>.<number>. */
export const via = (link: number, number: number, metric: number): RouteDescription => ({
  destination: known(parsePrefix("10.0.0.0/24"), "a subnet"),
  protocol: 11,
  metric,
  nextHops: [{ interface: `eth${link}`, gateway: ip(`10.0.${link}.${number}`) }],
});

/** A router; where it is on l0, its route there is the connected one. */
export function router(
  name: string,
  interfaces: readonly InterfaceDescription[],
  ...routes: readonly RouteDescription[]
): RouterDescription {
  const connected = interfaces
    .filter(({ link, up }) => link === "l0" && up)
    .map((port) => ({
      destination: port.subnet,
      protocol: 2,
      metric: 0,
      nextHops: [{ interface: port.name, gateway: null }],
    }));
  return { name, interfaces, routes: [...routes, ...connected] };
}

/** A network with a source on l0 that sends, and listeners on these links. */
export const network = (
  routers: readonly RouterDescription[],
  listening: readonly number[],
  change: Partial<NetworkDescription> = {},
): NetworkDescription => ({
  routers,
  sources: [{ address: SOURCE, link: "l0", groups: [GROUP], ttl: 12 }],
  listeners: listening.map((link) => ({ name: `h${link}`, link: `l${link}`, group: GROUP })),
  deaf: [],
  ...change,
});

/** The resting tree of the source and the group. */
export const treeOf = (description: NetworkDescription): RestingTree =>
  known(restOf(description, [GROUP]).trees[0], "the source has a tree");

/** A router of a resting tree as lines: "ACTIVE IT", "eth0 root", "eth1 AW DI forwarding", "entry eth0". */
export function linesOf(tree: RestingTree, name: string): readonly string[] {
  const at: RestingRouter = known(
    tree.routers.find((candidate) => candidate.name === name),
    `router ${name} is there`,
  );
  const truth = { yes: "", no: "N", open: "?" } as const;
  const ports = at.interfaces.map((port) => {
    if (port.isRoot) return `${port.name} root`;
    const interest = `${truth[port.downstream]}DI`;
    const forwards = { yes: " forwarding", no: "", open: " may forward" }[port.forwarding];
    return `${port.name} ${port.isWinner ? "AW" : "AL"} ${interest}${forwards}`;
  });
  const entry = { none: "no entry", tree: "own entry", blocking: "blocking" }[at.entry.kind];
  return [at.state, ...ports, entry];
}

/** Copies of each packet on a link: "1", "0", "1 to 2". */
export function copiesOn(tree: RestingTree, link: number): string {
  const { least, most } = tree.links.get(`l${link}`) ?? { least: 0, most: 0 };
  return least === most ? `${least}` : `${least} to ${most}`;
}
