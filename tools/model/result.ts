// What is known of a model once it was explored, as a plain value: it comes from another thread.
import type { AuthorsFigures, Model } from "../../src/sim/explorer/model.ts";

/** How far a model is to be explored. */
export interface Order {
  readonly model: string;
  /** States; null: as many as the memory takes. */
  readonly limit: number | null;
  readonly minutes: number;
  readonly reduce: boolean;
}

/** What came of it. */
export interface Result {
  readonly model: string;
  readonly about: string;
  /** incomplete: no violation in the states that were reached. */
  readonly verdict: "holds" | "VIOLATED" | "incomplete";
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly atRest: number;
  /** Local states of routers, and steps that the core took. */
  readonly locals: number;
  readonly steps: number;
  /** Of a packet on a link; 0: none was sent. */
  readonly mostCopies: number;
  readonly seconds: number;
  readonly authors: AuthorsFigures | null;
  /** A scenario file: the way to the violation, or where it is incomplete to one of the states reached last. */
  readonly scenario: string | null;
}

const COLUMNS: readonly (readonly [string, number, (result: Result) => string])[] = [
  ["model", 20, ({ model }) => model],
  ["", 10, ({ verdict }) => verdict],
  ["states", 11, ({ states }) => String(states)],
  ["transitions", 12, ({ transitions }) => String(transitions)],
  ["depth", 6, ({ depth }) => String(depth)],
  ["at rest", 8, ({ atRest }) => String(atRest)],
  ["s", 7, ({ seconds }) => seconds.toFixed(1)],
  ["authors'", 11, ({ authors }) => String(authors?.states ?? "")],
  ["depth", 6, ({ authors }) => String(authors?.depth ?? "")],
  ["s", 5, ({ authors }) => String(authors?.seconds ?? "")],
];

const LEFT = 2;

const line = (cells: readonly string[]): string =>
  COLUMNS.map(([, width], i) =>
    i < LEFT ? (cells[i] ?? "").padEnd(width) : (cells[i] ?? "").padStart(width),
  )
    .join(" ")
    .trimEnd();

/** The head of the table of results. */
export const tableHead = (): string => line(COLUMNS.map(([title]) => title));

/** A result as a line of the table. */
export const tableLine = (result: Result): string =>
  line(COLUMNS.map(([, , cell]) => cell(result)));

/** Those known to be too large first, then the likely larger ones: at the end no core is left with one of them alone. */
export const bySize = (models: readonly Model[]): readonly Model[] =>
  [...models].sort((a, b) => (b.minutes ?? 0) - (a.minutes ?? 0) || sizeOf(b) - sizeOf(a));

function sizeOf({ incidents, faults, routers }: Model): number {
  const choices = incidents.flatMap((incident) => incident.choices).length;
  if (faults === undefined) return choices;
  return (faults.losses + faults.duplications + 1) * routers.length + choices;
}
