// Topology files on disk.
import { readFileSync } from "node:fs";
import { formatProblem, parseTopology } from "../topology/parse.ts";
import type { Topology } from "../topology/topology.ts";
import { LabError, messageOf } from "./lab-error.ts";

/** The network that a file describes. Throws LabError with all that is wrong with the file. */
export function readTopologyFile(file: string): Topology {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new LabError(`The topology ${file} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  const parsed = parseTopology(text);
  if (parsed.kind === "topology") return parsed.topology;
  const problems = parsed.problems.map((problem) => `\n  ${formatProblem(problem)}`);
  throw new LabError(`The topology ${file} is not usable:${problems.join("")}`);
}
