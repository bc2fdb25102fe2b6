// IGMP at rest (RFC 2236): on each link the router of the lowest address asks, and all routers know who listens.
import type { GroupsAnswer } from "../../src/api/lists/groups.ts";
import type { InterfaceRow } from "../../src/api/lists/interfaces.ts";
import { type Address, formatAddress } from "../../src/base/address.ts";
import { compare } from "../../src/base/ordered.ts";
import { endsOf, type Topology } from "../../src/topology/topology.ts";
import type { Scene } from "../campaign/scene.ts";

/** What a router says of IGMP. */
export interface MembershipLists {
  readonly interfaces: readonly InterfaceRow[];
  readonly groups: GroupsAnswer["groups"];
}

function querierOn(topology: Topology, link: string): Address | undefined {
  const routers = endsOf(topology, link).filter(({ isRouter }) => isRouter);
  return routers.map(({ address }) => address).sort(compare)[0];
}

const expected = (what: string, is: string, due: string): readonly string[] =>
  is === due ? [] : [`${what}: ${is || "none"}, should be ${due || "none"}`];

/** Where a router differs from what it must say: "eth0: querier is 10.1.1.2, should be 10.1.1.1". */
export function membershipDifferences(
  { topology, members }: Scene,
  router: string,
  { interfaces, groups }: MembershipLists,
): readonly string[] {
  const ports = topology.routers.get(router)?.interfaces ?? [];
  return ports.flatMap(({ name, link }) => {
    const listeners = members.filter(({ host }) => topology.hosts.get(host)?.link === link);
    const wanted = new Set(listeners.map(({ group }) => formatAddress(group)));
    const known = groups.filter((row) => row.interface === name).map(({ group }) => group);
    const due = querierOn(topology, link);
    const asking = interfaces.find((row) => row.name === name)?.igmp.querier;
    return [
      ...expected(`${name}: querier`, asking ?? "", due === undefined ? "" : formatAddress(due)),
      ...expected(`${name}: groups`, known.sort().join(" "), [...wanted].sort().join(" ")),
    ];
  });
}
