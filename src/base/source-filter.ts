// Which sources of a group are wanted: these alone, or all but these (RFC 3376 §3).
import type { Address } from "./address.ts";

/** A filter mode and its sources, ascending. */
export interface SourceFilter {
  readonly mode: "include" | "exclude";
  readonly sources: readonly Address[];
}

/** Nobody wants the group. */
export const NO_SOURCE: SourceFilter = { mode: "include", sources: [] };

/** The group is wanted, whoever sends. */
export const EVERY_SOURCE: SourceFilter = { mode: "exclude", sources: [] };

/** Whether what `source` sends to the group is wanted. */
export const wantsSource = ({ mode, sources }: SourceFilter, source: Address): boolean =>
  sources.includes(source) === (mode === "include");

/** Whether some source is wanted. */
export const wantsAny = ({ mode, sources }: SourceFilter): boolean =>
  mode === "exclude" || sources.length > 0;

/** Whether both want the same sources. */
export const isSameFilter = (a: SourceFilter, b: SourceFilter): boolean =>
  a.mode === b.mode &&
  a.sources.length === b.sources.length &&
  a.sources.every((source, i) => source === b.sources[i]);
