// Trees (S,G): their keys, and which are routed at all (§2.3).
import type { Address } from "../base/address.ts";
import { isRoutableGroup, isRoutableSource } from "../base/address.ts";
import type { TreeId } from "./messages.ts";

declare const treeKeyBrand: unique symbol;
/** Source and group, one behind the other: the order of keys is that of source, then group. */
export type TreeKey = string & { readonly [treeKeyBrand]: true };

/** The key of a tree. */
export const treeKey = (tree: TreeId): TreeKey => (tree.source + tree.group) as TreeKey;

/** The tree that a key stands for. */
export function treeOfKey(key: TreeKey): TreeId {
  const half = key.length / 2;
  return { source: key.slice(0, half) as Address, group: key.slice(half) as Address };
}

/** Whether (S,G) is excluded from routing (§2.3). */
export const isExcluded = (tree: TreeId): boolean =>
  !isRoutableSource(tree.source) || !isRoutableGroup(tree.group);
