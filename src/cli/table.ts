// Tables for people: columns that line up, without lines between them.
import Table from "cli-table3";

const NO_LINES = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left"],
    ...["bottom-right", "left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
  ].map((part) => [part, ""]),
);

const GAP = "  ";
const NARROWEST = 30;

/** Widths of columns so that the last one ends at `width`; none, as wide as they need, if it does so anyway. */
function widthsWithin(width: number, cells: readonly (readonly string[])[]): number[] {
  const count = cells[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, i) =>
    cells.reduce((widest, row) => Math.max(widest, row[i]?.length ?? 0), 0),
  );
  const last = widths.pop() ?? 0;
  const room = width - widths.reduce((sum, one) => sum + one + GAP.length, 0);
  return last <= room ? [] : [...widths, Math.min(last, Math.max(room, NARROWEST))];
}

/** The rows under their headings, the last column broken into lines to stay within `width`; without rows, `empty`. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { empty, width = Number.POSITIVE_INFINITY }: { readonly empty: string; readonly width?: number },
): string {
  if (rows.length === 0) return empty;
  const lines = new Table({
    head: [...head],
    colWidths: widthsWithin(width, [head, ...rows]),
    wordWrap: true,
    chars: { ...NO_LINES, middle: GAP },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) lines.push([...row]);
  return lines
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Seconds as people read them: "9s", "2m05s", "3h20m", "4d03h". */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (n: number): string => String(n).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m${two(whole % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h${two(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d${two(hours % 24)}h`;
}

/** An optional value: "-" in place of nothing. */
export const orDash = (value: string | number | null): string =>
  value === null || value === "" ? "-" : String(value);
