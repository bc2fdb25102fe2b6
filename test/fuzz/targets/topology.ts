// The text of a topology file, which "hpim-dm lab up" reads: a topology, or problems with their lines.
import { readFileSync } from "node:fs";
import { formatTopology, parseTopology } from "../../../src/topology/parse.ts";
import { routesOf } from "../../../src/topology/routes.ts";
import type { Target, Verdict } from "../../../tools/fuzz/target.ts";
import { SLOW_TEXT } from "../../../tools/fuzz/target.ts";
import { inputOf, textOf, varyText } from "../../../tools/fuzz/vary-text.ts";
import { fromRoot } from "../../support/root.ts";
import { topologyNames } from "../../topology/files.ts";
import { expectSame, magnitude } from "../expect.ts";
import { expectProblems, kindOfProblems } from "../problems.ts";

const WORDS: readonly string[] = [
  ..."name links subnet snooping routers interfaces link address cost up hpim igmp routes to via".split(
    " ",
  ),
  ..."metric hosts igmpVersion flows default R1 R2 A B 10.1.1.0/24 10.1.1.1 10.2.2.2 0.0.0.0/0".split(
    " ",
  ),
  ...`{eth0: {link: A, address: 10.1.1.7}}; [{to: 10.9.0.0/16, via: 10.1.1.1}]`.split("; "),
];

/** The rest takes the parser much longer. */
const LONGEST = 700;

const SMALL = `name: small
links:
  A: { subnet: 10.1.1.0/24 }
routers:
  R1:
    interfaces: { eth0: { link: A, address: 10.1.1.1, cost: 3 } }
    routes: [{ to: 10.9.0.0/16, via: 10.1.1.100, metric: 7 }]
hosts: { H: { link: A, address: 10.1.1.100 } }
`;

function execute(input: Uint8Array): Verdict {
  const text = textOf(input);
  const parsed = parseTopology(text);
  if (parsed.kind === "problems") {
    expectProblems(
      text,
      parsed.problems.map((problem) => ({ ...problem, column: 1 })),
    );
    return { accepted: false, kind: kindOfProblems(parsed.problems) };
  }
  const { topology } = parsed;
  expectSame(parseTopology(formatTopology(topology)), parsed, "what is read can be written");
  const routes = [...routesOf(topology).values()].flat();
  const { links, routers, hosts } = topology;
  const counts = [links.size, routers.size, hosts.size, routes.length].map(magnitude);
  return { accepted: true, kind: counts.join() };
}

/** Routes are reckoned in whatever is a topology. */
export const target: Target = {
  ...SLOW_TEXT,
  name: "topology",
  share: 0.1,
  seeds: () => {
    const files = topologyNames.map((name) => fromRoot("topologies", `${name}.yaml`));
    const texts = files.map((file) => readFileSync(file, "utf8"));
    return [SMALL, ...texts.filter(({ length }) => length <= LONGEST)].map(inputOf);
  },
  vary: (material) => inputOf(varyText(textOf(material.input), material, WORDS).slice(0, LONGEST)),
  execute,
};
