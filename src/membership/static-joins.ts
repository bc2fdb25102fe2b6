// Groups that the operator has joined on an interface, whether or not any host reports them (§12).
import type { Address } from "../base/address.ts";
import { isRoutableGroup } from "../base/address.ts";
import { orderedKeys } from "../base/ordered.ts";
import type { SourceFilter } from "../base/source-filter.ts";
import { EVERY_SOURCE } from "../base/source-filter.ts";
import type { TreeFilter } from "../base/tree-filter.ts";
import { allowsGroup } from "../base/tree-filter.ts";

/** A group that is wanted of one source; null: of every one. */
export interface StaticJoin {
  readonly group: Address;
  readonly source: Address | null;
}

/** What the joins want of each group; of groups that are not routed (§12) or not allowed (§2.4) nothing. */
export function joinedGroups(
  joins: readonly StaticJoin[],
  filter: TreeFilter,
): ReadonlyMap<Address, SourceFilter> {
  const joined = new Map<Address, SourceFilter>();
  for (const { group, source } of joins) {
    if (!isRoutableGroup(group) || !allowsGroup(filter, group)) continue;
    joined.set(group, withSource(joined.get(group), source));
  }
  return joined;
}

function withSource(before: SourceFilter | undefined, source: Address | null): SourceFilter {
  if (source === null || before?.mode === "exclude") return EVERY_SOURCE;
  const sources = new Set([...(before?.sources ?? []), source]);
  return { mode: "include", sources: orderedKeys(sources) };
}
