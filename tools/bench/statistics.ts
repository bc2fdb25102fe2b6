// What is said of several measurements of the same thing: the median, the range, and whether the median is good enough.

/** A measurement that did not come to its end. */
export const NEVER: number = Number.POSITIVE_INFINITY;

/** Several measurements of the same thing. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The middle one, or the mean of the two in the middle. `values` has at least one. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const above = sorted[middle] ?? NEVER;
  // Of two in the middle, one of which may be NEVER.
  return sorted.length % 2 === 1 ? above : ((sorted[middle - 1] ?? NEVER) + above) / 2;
}

/** null: nothing was measured. */
export function summaryOf(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  return {
    count: values.length,
    median: medianOf(values),
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

/** Whether the median is at most `atLeast`. Nothing measured meets nothing. */
export const meets = (summary: Summary | null, atLeast: number): boolean =>
  summary !== null && summary.median <= atLeast;

const DIGITS = 3;

/** A number as people read it, with three digits that count: "0.153", "15.3", "1530", "never". */
export function formatNumber(value: number): string {
  if (value === NEVER) return "never";
  const whole = Math.abs(value) >= 1 ? Math.trunc(Math.abs(value)).toString().length : 1;
  return Number(value.toFixed(Math.max(0, DIGITS - whole))).toString();
}

/** The range: "0.15 - 0.27", or the one value. */
export function formatRange({ least, most }: Summary): string {
  const [from, to] = [formatNumber(least), formatNumber(most)];
  return from === to ? from : `${from} - ${to}`;
}
