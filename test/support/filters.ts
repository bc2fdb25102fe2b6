// Lists of an interface (§2.4), as tests write them.
import type { TreeFilter, TreePrefixes } from "../../src/base/tree-filter.ts";
import { ALL_TREES } from "../../src/base/tree-filter.ts";
import { prefix } from "./core-network.ts";

interface Texts {
  readonly groups?: readonly string[];
  readonly sources?: readonly string[];
}

const prefixes = ({ groups = [], sources = [] }: Texts): TreePrefixes => ({
  groups: groups.map(prefix),
  sources: sources.map(prefix),
});

/** Only these are allowed. */
export const allowing = (lists: Texts): TreeFilter => ({ ...ALL_TREES, allow: prefixes(lists) });

/** All but these are allowed. */
export const denying = (lists: Texts): TreeFilter => ({ ...ALL_TREES, deny: prefixes(lists) });
