// Networks that are measured only, as texts.
import { parseTopology } from "../../src/topology/parse.ts";
import type { Topology } from "../../src/topology/topology.ts";

/** The network that a text (YAML) writes. Throws if it is none: a bug of ours. */
export function topologyOfText(text: string): Topology {
  const parsed = parseTopology(text);
  if (parsed.kind === "topology") return parsed.topology;
  throw new Error(`bug: ${JSON.stringify(parsed)}`);
}
