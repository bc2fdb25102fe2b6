// Who is who on a link: transcripts name routers and hosts, whatever their addresses.
import { type Address, formatAddress } from "../../src/base/address.ts";
import { endsOf, type Topology } from "../../src/topology/topology.ts";

/** What an address on a link is called. */
export type Names = (address: Address) => string;

/** A node's name; its interface's too if it has several on the link; the address of whoever is not in the topology. */
export function namesOn(topology: Topology, link: string): Names {
  const ends = endsOf(topology, link);
  return (address) => {
    const end = ends.find((one) => one.address === address);
    if (end === undefined) return formatAddress(address);
    const isOnlyOne = ends.filter(({ node }) => node === end.node).length === 1;
    return isOnlyOne ? end.node : `${end.node}.${end.interface}`;
  };
}
