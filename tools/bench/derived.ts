// Rows that follow from others.
import type { Figure } from "./row.ts";
import { summaryOf } from "./statistics.ts";
import type { Result } from "./table.ts";

/** How many times as long a tree takes where there are so many more. */
const GROWTH: Figure = {
  name: "growth",
  about: "time for one tree of 50,000, by that of 1,000",
  ...{ unit: "x", atLeast: 1.3, aim: null, python: "" },
};

const MANY = { row: "formed-50000", trees: 50_000 };
const FEW = { row: "formed-1000", trees: 1_000 };

function perTree(results: readonly Result[], { row, trees }: typeof MANY): number | undefined {
  const values = results.find(({ name }) => name === row)?.values.later ?? [];
  const summary = summaryOf(values);
  return summary === null ? undefined : summary.median / trees;
}

/** The rows that follow from these. */
export function derivedFrom(results: readonly Result[]): readonly Result[] {
  const [many, few] = [MANY, FEW].map((size) => perTree(results, size));
  if (many === undefined || few === undefined) return [];
  return [{ ...GROWTH, values: { first: [], later: [many / few] } }];
}
