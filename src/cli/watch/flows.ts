// How much traffic each tree has: from two readings of the kernel's counters.
import type { MrouteAnswer } from "../../api/lists/mroute.ts";

/** An entry of the kernel, and what went through it between two readings; null: it was read once only. */
export interface Flow {
  readonly source: string;
  readonly group: string;
  readonly incoming: string | null;
  readonly outgoing: readonly string[];
  readonly packetsPerSecond: number | null;
  readonly bitsPerSecond: number | null;
}

type Entry = MrouteAnswer["entries"][number];

/** All entries at a moment, by their trees. */
export interface Reading {
  /** Seconds, of any clock. */
  readonly at: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** A tree as text, to compare by. */
export const treeOf = ({
  source,
  group,
}: {
  readonly source: string;
  readonly group: string;
}): string => `${source} ${group}`;

/** What was read at `at`. */
export const readingOf = ({ entries }: MrouteAnswer, at: number): Reading => ({
  at,
  entries: new Map(entries.map((entry) => [treeOf(entry), entry])),
});

/** What a counter has grown by; one that is smaller than before began anew in between. */
const growth = (before: number, now: number): number => (now < before ? now : now - before);

function flowOf(entry: Entry, now: number, before: Reading | null): Flow {
  const { source, group, incoming, outgoing, packets, bytes } = entry;
  const shown = { source, group, incoming, outgoing };
  const last = before?.entries.get(treeOf(entry));
  if (before === null || last === undefined) {
    return { ...shown, packetsPerSecond: null, bitsPerSecond: null };
  }
  const seconds = now - before.at;
  return {
    ...shown,
    packetsPerSecond: growth(last.packets, packets) / seconds,
    bitsPerSecond: (8 * growth(last.bytes, bytes)) / seconds,
  };
}

/** Steps of about a fifth: trees that have as much traffic keep their places. */
const step = ({ bitsPerSecond }: Flow): number =>
  Math.round(4 * Math.log2(1 + (bitsPerSecond ?? 0)));

/** The flows, the busiest first; of those that are as busy, in the order of the list. */
export function flowsOf(reading: Reading, before: Reading | null): readonly Flow[] {
  const flows = [...reading.entries.values()].map((entry) => flowOf(entry, reading.at, before));
  return flows
    .map((flow, place) => ({ flow, place, step: step(flow) }))
    .sort((a, b) => b.step - a.step || a.place - b.place)
    .map(({ flow }) => flow);
}
