// The table of measurements for people, and the same for programs.
import { tableLines } from "../../src/cli/table.ts";
import type { Figure, Values } from "./row.ts";
import { formatNumber, formatRange, meets, summaryOf } from "./statistics.ts";

/** A row that was measured. */
export interface Result extends Figure {
  readonly values: Values;
}

const HEAD = [
  ...["Row", "What", "Unit", "Median", "Range", "Runs", "First", "At least", "Aim"],
  ...["Python 1.5.1", ""],
];

/** Whether the median of what was measured meets "at least". */
export const isMet = ({ values, atLeast }: Result): boolean =>
  atLeast === null || meets(summaryOf(values.later), atLeast);

const wish = (value: Figure["aim"]): string => {
  if (value === null) return "";
  return typeof value === "number" ? formatNumber(value) : value;
};

function cellsOf(result: Result): readonly string[] {
  const { name, about, unit, atLeast, aim, python, values } = result;
  const later = summaryOf(values.later);
  const first = summaryOf(values.first);
  return [
    ...[name, about, unit],
    later === null ? "-" : formatNumber(later.median),
    later === null ? "-" : formatRange(later),
    String(values.later.length),
    first === null ? "" : `${formatNumber(first.median)} (${formatRange(first)})`,
    wish(atLeast),
    wish(aim),
    python,
    isMet(result) ? "" : "NOT MET",
  ];
}

/** The table, line by line. */
export const resultLines = (results: readonly Result[]): readonly string[] => [
  ...tableLines(HEAD, results.map(cellsOf), { empty: "Nothing was measured." }),
];

/** The document for programs: all values, in the order in which they were measured; null: it never came to be. */
export const resultDocument = (results: readonly Result[], about: object): string =>
  `${JSON.stringify(
    {
      ...about,
      rows: results.map(({ values, ...figure }) => ({
        ...figure,
        ...values,
        median: summaryOf(values.later)?.median ?? null,
        isMet: isMet({ ...figure, values }),
      })),
    },
    null,
    2,
  )}\n`;
