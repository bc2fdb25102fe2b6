// Branches of capture, core, membership and wire that no test visits, and why none can.

/** A branch, by the line of code that it starts on. */
export const UNVISITED_BRANCHES: readonly {
  readonly file: string;
  readonly code: string;
  readonly why: string;
}[] = [];
