// A list as a JSON document of any length, in pieces (../slices.ts).
import type { Rows } from "./list.ts";

/** The document, one row a line, in pieces; "" where there was no row. */
export function* documentOf(sections: Readonly<Record<string, Rows<unknown>>>): Generator<string> {
  yield '{"version":1';
  for (const [name, rows] of Object.entries(sections)) {
    let before = `,\n${JSON.stringify(name)}:[\n`;
    let end = `${before}]`;
    for (const row of rows) {
      if (row === undefined) {
        yield "";
        continue;
      }
      yield before + JSON.stringify(row);
      before = ",\n";
      end = "\n]";
    }
    yield end;
  }
  yield "}\n";
}
