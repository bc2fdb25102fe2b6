// What is wrong with a configuration file, and where.

/** Something wrong with a configuration file. */
export interface Problem {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Keys from the top, joined by dots; "" for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** Keys from the top. */
export type Path = readonly PropertyKey[];

/** The problem `message` of what a file has at `path`, or at the nearest thing above it. */
export type ProblemAt = (path: Path, message: string) => Problem;

/** Problems in the order of their places. */
export const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  [...problems].sort((a, b) => a.line - b.line || a.column - b.column);

/** A problem as one line for people; `file` is the file's name. */
export const formatProblem = (file: string, { line, column, path, message }: Problem): string =>
  `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`;
