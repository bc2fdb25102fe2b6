// Administrative boundaries (§2.4): which trees, and which groups, are allowed on an interface.
import type { Address, Prefix } from "./address.ts";
import { formatPrefix, prefixHolds } from "./address.ts";

/** Prefixes of groups, and of sources. */
export interface TreePrefixes {
  readonly groups: readonly Prefix[];
  readonly sources: readonly Prefix[];
}

/** The lists of an interface. An empty list of `allow` allows everything. */
export interface TreeFilter {
  readonly allow: TreePrefixes;
  readonly deny: TreePrefixes;
}

const NONE: TreePrefixes = { groups: [], sources: [] };

/** Everything is allowed. */
export const ALL_TREES: TreeFilter = { allow: NONE, deny: NONE };

function passes(address: Address, allow: readonly Prefix[], deny: readonly Prefix[]): boolean {
  const holds = (prefix: Prefix): boolean => prefixHolds(prefix, address);
  return (allow.length === 0 || allow.some(holds)) && !deny.some(holds);
}

/** Whether trees of the group are allowed, as far as the group goes. */
export const allowsGroup = (filter: TreeFilter, group: Address): boolean =>
  filter === ALL_TREES || passes(group, filter.allow.groups, filter.deny.groups);

/** Whether (source, group) is allowed. */
export const allowsTree = (filter: TreeFilter, source: Address, group: Address): boolean =>
  filter === ALL_TREES ||
  (allowsGroup(filter, group) && passes(source, filter.allow.sources, filter.deny.sources));

const groupsText = ({ allow, deny }: TreeFilter): string =>
  [allow, deny].map(({ groups }) => groups.map(formatPrefix).join()).join(" ");

/** Whether a group may be allowed by `next` that is not by `before`: it is not if the lists of groups are the same, or were empty. */
export function mayAllowMoreGroups(before: TreeFilter, next: TreeFilter): boolean {
  const hasLists = before.allow.groups.length > 0 || before.deny.groups.length > 0;
  return hasLists && groupsText(before) !== groupsText(next);
}
