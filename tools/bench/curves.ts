// Rows along which one thing grows: trees, neighbors on one link, interfaces.
import type { Topology } from "../../src/topology/topology.ts";
import { downNetwork, formTrees, upNetwork } from "./pair.ts";
import type { Network, Suite } from "./row.ts";
import { suite } from "./row.ts";
import { topologyOfText } from "./topology-text.ts";

const FIRST_GROUP = "239.1.0.0";
const TREES = 1_000;

const topologyOf = (name: string, links: readonly string[], routers: readonly string[]): Topology =>
  topologyOfText(
    [
      `name: ${name}`,
      "links:",
      ...links.map((link, n) => `  ${link}: { subnet: 10.${n + 1}.0.0/24 }`),
      "routers:",
      ...routers,
      "hosts:",
      "  Source: { link: A, address: 10.1.0.100 }",
      "flows: []",
      "",
    ].join("\n"),
  );

const router = (name: string, interfaces: readonly string[]): string =>
  `  ${name}:\n    interfaces:\n${interfaces
    .map((place, n) => `      eth${n}: ${place}`)
    .join("\n")}`;

const at = (link: string, address: string): string => `{ link: ${link}, address: ${address} }`;

/** So many routers on one link; the source is behind the first. */
const lan = (routers: number): Topology =>
  topologyOf(
    `lan-${routers}`,
    ["A", "B"],
    Array.from({ length: routers }, (_, n) => {
      const onLan = at("B", `10.2.0.${n + 1}`);
      return router(`R${n + 1}`, n === 0 ? [at("A", "10.1.0.1"), onLan] : [onLan]);
    }),
  );

/** Two routers, of which the first has so many interfaces. */
function fan(interfaces: number): Topology {
  const links = Array.from({ length: interfaces }, (_, n) => ["A", "B"][n] ?? `L${n}`);
  const own = links.map((link, n) => at(link, `10.${n + 1}.0.1`));
  return topologyOf(`fan-${interfaces}`, links, [
    router("R1", own),
    router("R2", [at("B", "10.2.0.2")]),
  ]);
}

/** A curve: `name-SIZE` for each size, seconds until so many trees are formed. */
const formedCurve = (
  name: string,
  sizes: readonly number[],
  {
    about,
    network,
    trees,
  }: {
    readonly about: (size: number) => string;
    readonly network: (size: number) => Topology | string;
    readonly trees: (size: number) => number;
  },
): readonly Suite[] =>
  sizes.map((size) =>
    suite<Network>({
      name: `${name} ${size}`,
      rows: [
        {
          name: `${name}-${size}`,
          about: about(size),
          ...{ unit: "s", atLeast: null, aim: null, python: "" },
          measure: async (of) => {
            const formed = { first: FIRST_GROUP, count: trees(size), before: 0 };
            return [(await formTrees(of, formed)).seconds];
          },
        },
      ],
      runs: ({ isSmoke }) => (isSmoke ? 0 : 1),
      up: (site) => upNetwork(site, network(size)),
      down: downNetwork,
    }),
  );

/** The suites of curves. */
export const CURVE_SUITES: readonly Suite[] = [
  ...formedCurve("trees", [100, 300, 3_000, 20_000], {
    about: (size) => `${size} trees formed`,
    network: () => "pair",
    trees: (size) => size,
  }),
  ...formedCurve("lan", [2, 5, 10, 20, 30], {
    about: (size) => `${TREES} trees formed, ${size} routers on one link`,
    network: lan,
    trees: () => TREES,
  }),
  ...formedCurve("interfaces", [2, 8, 16, 31], {
    about: (size) => `${TREES} trees formed, ${size} interfaces`,
    network: fan,
    trees: () => TREES,
  }),
];
