// Tables that fit: of a terminal that is too narrow the most important columns, and no heading cut.

/** A column of rows of some kind. */
export interface Column<Row> {
  readonly title: string;
  /** Columns of the lowest ranks stay when not all have room. */
  readonly rank: number;
  /** So narrow its cells may be cut; undefined: they are not. */
  readonly least?: number;
  readonly cell: (row: Row) => string;
}

/** A column with its cells, and the width that it is to have. */
interface Filled {
  readonly title: string;
  readonly rank: number;
  readonly least: number;
  readonly width: number;
  readonly cells: readonly string[];
}

/** The room of a table: its width, and of that what the note takes from its heading. */
interface Room {
  readonly width: number;
  readonly note: number;
}

const GAP = "  ";
/** Ends what is cut. */
const CUT = "..";

function filledWith<Row>({ title, rank, least, cell }: Column<Row>, rows: readonly Row[]): Filled {
  const cells = rows.map(cell);
  const width = Math.max(title.length, ...cells.map(({ length }) => length));
  const narrowest = Math.min(width, Math.max(title.length, least ?? width));
  return { title, rank, least: narrowest, width, cells };
}

/** By how much columns of these widths are too wide; the note has room behind the last title, not behind its cells. */
function excess(columns: readonly Filled[], widths: readonly number[], room: Room): number {
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const title = columns.at(-1)?.title.length ?? 0;
  const last = widths.at(-1) ?? 0;
  return Math.max(before + last - room.width, before + title - (room.width - room.note));
}

/** Those that have room, the most important first; one there is always. */
function withRoom(columns: readonly Filled[], room: Room): readonly Filled[] {
  let kept: readonly Filled[] = [];
  for (const one of columns.toSorted((a, b) => a.rank - b.rank)) {
    const tried = columns.filter((column) => column === one || kept.includes(column));
    const least = tried.map((column) => column.least);
    if (kept.length === 0 || excess(tried, least, room) <= 0) kept = tried;
  }
  return kept;
}

/** As wide as they have to be, the last ones narrower where that is too wide. */
function widthsIn(columns: readonly Filled[], room: Room): readonly number[] {
  const widths = columns.map(({ width }) => width);
  for (const [i, { least, width }] of [...columns.entries()].reverse()) {
    widths[i] = Math.max(least, width - Math.max(0, excess(columns, widths, room)));
  }
  return widths;
}

/** `text`, or what of it has room. */
export const shortened = (text: string, width: number): string =>
  text.length <= width
    ? text
    : `${text.slice(0, Math.max(0, width - CUT.length))}${CUT}`.slice(0, width);

/** The rows under a heading that is as long as the terminal is wide, and ends with `note`. */
export function tableIn<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, note = "" }: { readonly width: number; readonly note?: string },
): readonly string[] {
  const room = { width, note: note === "" ? 0 : note.length + GAP.length };
  const kept = withRoom(
    columns.map((column) => filledWith(column, rows)),
    room,
  );
  const widths = widthsIn(kept, room);
  const joined = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => shortened(cell, widths[i] ?? 0).padEnd(widths[i] ?? 0))
      .join(GAP)
      .trimEnd();
  const heading = joined(kept.map(({ title }) => title));
  return [
    heading + note.padStart(Math.max(0, width - heading.length)),
    ...rows.map((_, n) => joined(kept.map(({ cells }) => cells[n] ?? ""))),
  ];
}

/** The first of these texts that has room, or the last one. */
export const fitting = (width: number, ...texts: readonly string[]): string =>
  texts.find(({ length }) => length <= width) ?? texts.at(-1) ?? "";
