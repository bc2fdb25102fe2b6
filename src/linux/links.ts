// The machine's interfaces with their addresses, from rtnetlink records.
import { type Address, prefixOf } from "../base/address.ts";
import { compare } from "../base/ordered.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { InterfaceAddress } from "../core/events.ts";
import type { Link } from "../daemon/host.ts";
import type { AddressRecord, LinkRecord } from "./netlink-codec.ts";

const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;
const IFF_RUNNING = 0x40;
const IFF_MULTICAST = 0x1000;

const interfaceAddress = (record: AddressRecord): InterfaceAddress => ({
  address: record.address,
  subnet:
    record.peer === null
      ? prefixOf(record.address, record.prefixLength)
      : { address: record.peer, length: 8 * record.peer.length },
});

function addressesOf(records: readonly AddressRecord[]): readonly InterfaceAddress[] {
  const primary = records.filter((record) => !record.secondary);
  const secondary = records.filter((record) => record.secondary);
  return [...primary, ...secondary].map(interfaceAddress);
}

function masterOf({ master }: LinkRecord, links: readonly LinkRecord[]): Link["master"] {
  if (master === null) return null;
  const found = links.find(({ index }) => index === master);
  return { name: found?.name ?? `interface ${master}`, type: found?.type ?? "" };
}

/** All interfaces, by ascending index. */
export function buildLinks(
  links: readonly LinkRecord[],
  addresses: readonly AddressRecord[],
): readonly Link[] {
  const byInterface = new Map<InterfaceIndex, AddressRecord[]>();
  for (const record of addresses) {
    const others = byInterface.get(record.index);
    if (others === undefined) byInterface.set(record.index, [record]);
    else others.push(record);
  }
  return links
    .map((link) => {
      const { index, name, mtu, flags, type } = link;
      return {
        index,
        name,
        // Running is RFC 2863's "oper up": with carrier, and not waiting for authentication.
        up: (flags & (IFF_UP | IFF_RUNNING)) === (IFF_UP | IFF_RUNNING),
        mtu,
        addresses: addressesOf(byInterface.get(index) ?? []),
        loopback: (flags & IFF_LOOPBACK) !== 0,
        multicast: (flags & IFF_MULTICAST) !== 0,
        type,
        master: masterOf(link, links),
      };
    })
    .sort((a, b) => compare(a.index, b.index));
}

/** Every address of the machine. */
export const ownAddresses = (links: readonly Link[]): ReadonlySet<Address> =>
  new Set(links.flatMap((link) => link.addresses.map(({ address }) => address)));
