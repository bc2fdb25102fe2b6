// What lists are narrowed by: a group or source, or a whole prefix of them, and the name of an interface.
import type { Prefix } from "../../base/address.ts";
import { isMulticast, parseAddress, parsePrefix } from "../../base/address.ts";
import { isInterfaceName } from "../interface-name.ts";
import type { FilterName } from "./lists.ts";

/** Shortest prefix that holds multicast addresses alone: 224.0.0.0/4. */
const MULTICAST_BITS = 4;

function parseAddresses(text: string): Prefix | undefined {
  const address = parseAddress(text);
  const prefix = address === undefined ? parsePrefix(text) : { address, length: 32 };
  return prefix?.address.length === 4 ? prefix : undefined;
}

/** The groups that `text` means ("239.1.2.3", "239.1.0.0/16"), or undefined. */
export function parseGroups(text: string): Prefix | undefined {
  const groups = parseAddresses(text);
  const isValid =
    groups !== undefined && isMulticast(groups.address) && groups.length >= MULTICAST_BITS;
  return isValid ? groups : undefined;
}

/** The sources that `text` means ("10.1.1.100", "10.1.1.0/24"), or undefined. */
export function parseSources(text: string): Prefix | undefined {
  const sources = parseAddresses(text);
  return sources === undefined || isMulticast(sources.address) ? undefined : sources;
}

/** What a filter takes: for whom it is written, and whether a text is such a thing. */
export const FILTERS: Readonly<
  Record<FilterName, { readonly expected: string; readonly accepts: (text: string) => boolean }>
> = {
  group: {
    expected: "the address of a group, such as 239.1.2.3, or a prefix, such as 239.1.0.0/16",
    accepts: (text) => parseGroups(text) !== undefined,
  },
  source: {
    expected: "the address of a source, such as 10.1.1.100, or a prefix, such as 10.1.1.0/24",
    accepts: (text) => parseSources(text) !== undefined,
  },
  interface: { expected: "the name of an interface", accepts: isInterfaceName },
};
