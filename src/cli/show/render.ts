// What the renderers of lists have in common.
import type { Row } from "../table.ts";
import { tableLines } from "../table.ts";

/** How a list is shown. */
export interface Look {
  /** Of the terminal, in characters; undefined: there is none, and lines are not broken. */
  readonly width: number | undefined;
  /** The list was narrowed: what is not shown may be there. */
  readonly isNarrowed: boolean;
}

/** Turns an answer into lines for people. */
export type Render<Answer> = (answer: Answer, look: Look) => Iterable<string>;

/** A table; without rows, the sentence `empty`, or, if the list was narrowed, that nothing matches. */
export const listTable = (
  { width, isNarrowed }: Look,
  head: Row,
  rows: readonly Row[],
  empty: string,
): Iterable<string> =>
  tableLines(head, rows, {
    empty: isNarrowed ? "Nothing matches." : empty,
    ...(width === undefined ? {} : { width }),
  });

/** "1 tree", "2 trees". */
export const counted = (count: number, one: string): string =>
  `${count} ${one}${count === 1 ? "" : "s"}`;
