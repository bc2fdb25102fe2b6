// The topology files of the repository, for tests that walk all of them.
import { readdirSync, readFileSync } from "node:fs";
import { parseTopology } from "../../src/topology/parse.ts";
import type { Topology } from "../../src/topology/topology.ts";

const directory: URL = new URL("../../../topologies/", import.meta.url);

/** Names of all topology files, in order. */
export const topologyNames: readonly string[] = readdirSync(directory)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.slice(0, -".yaml".length))
  .sort();

/** The topology in `topologies/NAME.yaml`. Throws an Error with its problems if it has any. */
export function readTopology(name: string): Topology {
  const parsed = parseTopology(readFileSync(new URL(`${name}.yaml`, directory), "utf8"));
  if (parsed.kind === "topology") return parsed.topology;
  throw new Error(`${name}.yaml: ${JSON.stringify(parsed.problems)}`);
}
