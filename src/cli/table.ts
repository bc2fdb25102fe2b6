// Tables for people: columns that line up, without lines between them, of any number of rows.
const GAP = "  ";
const NARROWEST = 24;

/** Cells of one row; a cell may have several lines. */
export type Row = readonly string[];

const linesOf = (cell: string | undefined): readonly string[] => (cell ?? "").split("\n");

/** `line` broken between words so that none of its parts is longer than `width`, unless a word is. */
export function broken(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const parts: string[] = [];
  let part = "";
  for (const word of line.split(" ")) {
    if (part !== "" && part.length + 1 + word.length > width) {
      parts.push(part);
      part = word;
    } else part = part === "" ? word : `${part} ${word}`;
  }
  return [...parts, part];
}

/** Widths of the columns; the last one ends at `width` if it can. */
function widthsOf(rows: readonly Row[], width: number): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) {
      for (const line of linesOf(cell)) widths[i] = Math.max(widths[i] ?? 0, line.length);
    }
  }
  const last = widths.pop() ?? 0;
  const room = width - widths.reduce((sum, one) => sum + one + GAP.length, 0);
  return [...widths, Math.min(last, Math.max(room, NARROWEST))];
}

function* linesOfRow(row: Row, widths: readonly number[]): Generator<string> {
  const last = widths.length - 1;
  const cells = widths.map((width, i) => {
    const lines = linesOf(row[i]);
    return i < last ? lines : lines.flatMap((line) => broken(line, width));
  });
  const height = cells.reduce((most, lines) => Math.max(most, lines.length), 1);
  for (let n = 0; n < height; n++) {
    const padded = cells.map((lines, i) => (lines[n] ?? "").padEnd(widths[i] ?? 0));
    yield padded.join(GAP).trimEnd();
  }
}

/** The rows under their headings, line by line, the last column broken to stay within `width`; without rows, `empty`. */
export function* tableLines(
  head: Row,
  rows: readonly Row[],
  { empty, width = Number.POSITIVE_INFINITY }: { readonly empty: string; readonly width?: number },
): Generator<string> {
  if (rows.length === 0) {
    yield empty;
    return;
  }
  const widths = widthsOf([head, ...rows], width);
  yield* linesOfRow(head, widths);
  for (const row of rows) yield* linesOfRow(row, widths);
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
