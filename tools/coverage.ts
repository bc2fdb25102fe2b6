// Which branches of the pure rooms no test visits: none, but for those that unvisited-branches.ts gives a reason for.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { UNVISITED_BRANCHES } from "./unvisited-branches.ts";

interface Place {
  readonly start: { readonly line: number };
}

/** What istanbul's JSON reporter writes of one file, as far as it matters here. */
interface FileCoverage {
  readonly path: string;
  readonly branchMap: Readonly<Record<string, { readonly locations: readonly Place[] }>>;
  /** Visits of each location of each branch. */
  readonly b: Readonly<Record<string, readonly number[]>>;
}

/** A branch, as the line of code that it starts on. */
interface Branch {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

function unvisitedIn(coverage: FileCoverage): readonly Branch[] {
  const file = relative(process.cwd(), coverage.path);
  const source = readFileSync(coverage.path, "utf8").split("\n");
  return Object.entries(coverage.branchMap).flatMap(([key, { locations }]) =>
    locations.flatMap(({ start }, i) =>
      coverage.b[key]?.[i] === 0
        ? [{ file, line: start.line, code: source[start.line - 1]?.trim() ?? "" }]
        : [],
    ),
  );
}

/** What is wrong with the coverage that c8 left in `directory`, as lines; none: nothing is. */
export function coverageProblems(directory: string): readonly string[] {
  const report: Readonly<Record<string, FileCoverage>> = JSON.parse(
    readFileSync(join(directory, "coverage-final.json"), "utf8"),
  );
  const unvisited = Object.values(report).flatMap(unvisitedIn);
  const isAbout = (
    known: { readonly file: string; readonly code: string },
    branch: Branch,
  ): boolean => known.file === branch.file && known.code === branch.code;
  const unexplained = unvisited.filter(
    (branch) => !UNVISITED_BRANCHES.some((known) => isAbout(known, branch)),
  );
  const outdated = UNVISITED_BRANCHES.filter(
    (known) => !unvisited.some((branch) => isAbout(known, branch)),
  );
  return [
    ...unexplained.map(({ file, line, code }) => `${file}:${line}: no test visits: ${code}`),
    ...outdated.map(({ file, code }) => `${file}: a test visits after all: ${code}`),
  ];
}
