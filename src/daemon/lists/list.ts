// What a list is made of: rows, made on demand one after the other, and what narrows them.

import type { ListName } from "../../api/lists/lists.ts";
import type { Answer } from "../../api/lists/schemas.ts";
import type { Address, Prefix } from "../../base/address.ts";
import { prefixHolds } from "../../base/address.ts";
import type { InterfaceIndex, Millis } from "../../base/units.ts";
import type { TreeId } from "../../core/messages.ts";
import type { TreeKey } from "../../core/tree-id.ts";
import { treeKey, treeOfKey } from "../../core/tree-id.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Port } from "../port.ts";

/** Rows in their order, each made when it is taken; undefined: there is nothing to show at this place, and whoever takes them may rest. */
export type Rows<Row> = Iterable<Row | undefined>;

/** The arrays of an answer, as rows that are made on demand. */
export type Sections<Whole> = {
  readonly [Key in Exclude<keyof Whole, "version">]: Whole[Key] extends readonly (infer Row)[]
    ? Rows<Row>
    : never;
};

/** What a list is narrowed to; null: by this, to nothing. */
export interface Filter {
  readonly group: Prefix | null;
  readonly source: Prefix | null;
  /** A name. */
  readonly interface: string | null;
}

/** A filter that wants everything. */
export const NO_FILTER: Filter = { group: null, source: null, interface: null };

/** The list called `Name`, as far as the filter wants it. It may throw HostError, also later, while rows are made. */
export type List<Name extends ListName> = (
  engine: EngineReading,
  filter: Filter,
) => Sections<Answer<Name>>;

const isIn = (prefix: Prefix | null, address: Address): boolean =>
  prefix === null || prefixHolds(prefix, address);

/** Whether the filter wants a group. */
export const wantsGroup = (filter: Filter, group: Address): boolean => isIn(filter.group, group);

/** Whether the filter wants a tree. */
export const wantsTree = (filter: Filter, { source, group }: TreeId): boolean =>
  isIn(filter.source, source) && isIn(filter.group, group);

/** Whether the filter wants the interface called `name`. */
export const wantsInterface = (filter: Filter, name: string): boolean =>
  filter.interface === null || filter.interface === name;

/** Whether the filter wants an interface. */
export const wantsIndex = (
  engine: Pick<EngineReading, "nameOf">,
  filter: Filter,
  index: InterfaceIndex,
): boolean => filter.interface === null || engine.nameOf(index) === filter.interface;

/** The interfaces of the machine that the filter wants; not those that go before they are taken. */
export function* wantedPorts(
  engine: Pick<EngineReading, "ports" | "port">,
  filter: Filter,
): Generator<Readonly<Port>> {
  for (const port of engine.ports()) {
    const isThere = engine.port(port.index) === port;
    if (isThere && wantsInterface(filter, port.link.name)) yield port;
  }
}

const ONE_IPV4 = 32;

/** The only tree that the filter can want; null: it can want several. */
function onlyTree({ source, group }: Filter): TreeKey | null {
  const isOne = source?.length === ONE_IPV4 && group?.length === ONE_IPV4;
  return isOne ? treeKey({ source: source.address, group: group.address }) : null;
}

/** The trees that the filter wants; undefined in place of each other one. If it can want one only, that need not be known. */
export function* wantedTrees({ router }: EngineReading, filter: Filter): Rows<TreeKey> {
  const only = onlyTree(filter);
  if (only !== null) {
    yield only;
    return;
  }
  for (const key of router.treeKeys()) {
    yield key !== undefined && wantsTree(filter, treeOfKey(key)) ? key : undefined;
  }
}

/** Seconds between two instants; 0 if they are the other way round. */
export const secondsFrom = (earlier: Millis, later: Millis): number =>
  Math.max(0, Math.round(later - earlier) / 1000);
