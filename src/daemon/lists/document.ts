// A list as a JSON document of any length, in pieces (../slices.ts).
import type { Rows } from "./list.ts";

/** The document, one row a line, in pieces, with at most `limit` rows in each section; "" where there was no row. */
export function* documentOf(
  sections: Readonly<Record<string, Rows<unknown>>>,
  limit: number = Number.POSITIVE_INFINITY,
): Generator<string> {
  yield '{"version":1';
  for (const [name, rows] of Object.entries(sections)) {
    let before = `,\n${JSON.stringify(name)}:[\n`;
    let end = `${before}]`;
    let left = limit;
    for (const row of rows) {
      if (row === undefined) {
        yield "";
        continue;
      }
      yield before + JSON.stringify(row);
      before = ",\n";
      end = "\n]";
      left--;
      if (left === 0) break;
    }
    yield end;
  }
  yield "}\n";
}
