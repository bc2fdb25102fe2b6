// T14: two originators on the source's link, one of them twice (topologies/source-loop.yaml). Nothing is ever advertised or
// forwarded there (§9.4, §10.0), whichever interface the packets come by first.

import { prefixHolds } from "../../base/address.ts";
import { EVERY_SOURCE } from "../../base/source-filter.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import { interfaceIndex } from "../../base/units.ts";
import type { RouterMemory } from "../../core/memory.ts";
import { DEFAULT_ROUTER_SETTINGS } from "../../core/settings.ts";
import { treeKey } from "../../core/tree-id.ts";
import { DataPlane } from "../explorer/data-plane.ts";
import type { Choice, Incident, Model, ModelRouter, Rest, TakenStep } from "../explorer/model.ts";
import { copiesAt } from "./delivery.ts";
import { HOLDS_NOTHING, helloOf, interfaceOf, routeOf } from "./parts.ts";
import { SOURCE_LINK, TREE } from "./trees.ts";

const SOURCE_SUBNET = `${SOURCE_LINK}.0/24`;
const SHARED = "10.2.2";
const LISTENERS = "10.3.3";

const router = (
  addresses: readonly string[],
  { metric, gateway }: { readonly metric: number; readonly gateway: string | null },
): ModelRouter => ({
  settings: DEFAULT_ROUTER_SETTINGS,
  interfaces: addresses.map((address, i) => ({
    ...interfaceOf(i + 1, `${address}/24`, { protocol: HOLDS_NOTHING }),
    membership: true,
  })),
  events: [routeOf(SOURCE_SUBNET, metric, 1, gateway)],
});

const LISTENER: Choice["acts"][number] = {
  router: 2,
  act: {
    kind: "event",
    event: {
      kind: "listeners",
      interface: interfaceIndex(2),
      group: TREE.group,
      wanted: EVERY_SOURCE,
    },
  },
};

const ROUTERS: readonly ModelRouter[] = [
  router([`${SOURCE_LINK}.1`, `${SOURCE_LINK}.2`, `${SHARED}.1`], { metric: 0, gateway: null }),
  router([`${SOURCE_LINK}.3`, `${SHARED}.3`], { metric: 0, gateway: null }),
  router([`${SHARED}.2`, `${LISTENERS}.2`], { metric: 10, gateway: `${SHARED}.3` }),
];

const packet = (n: number): Incident => ({
  name: `packet ${n}`,
  choices: [
    {
      name: `packet ${n} of the source`,
      acts: [],
      packet: { ...TREE, subnet: SOURCE_SUBNET, ttl: 12 },
    },
  ],
  after: n === 1 ? [] : [`packet ${n - 1}`],
  drained: null,
  must: n === 1,
});

/** The route to the source moves to the router's other interface on its link. */
const MOVE: Incident = {
  name: "move",
  choices: [
    {
      name: "route of R0 moves to its second interface",
      acts: [{ router: 0, act: { kind: "event", event: routeOf(SOURCE_SUBNET, 0, 2, null) } }],
    },
  ],
  after: [],
  drained: null,
  must: false,
};

/** HPIM-DM ends on the first interface of a router, which is the root of R1. */
const END: Incident = {
  name: "end",
  choices: [0, 1].map((at) => ({
    name: `HPIM-DM of R${at} ends on its first interface`,
    acts: [
      {
        router: at,
        act: {
          kind: "event",
          event: {
            kind: "interface",
            facts: {
              ...interfaceOf(1, `${SOURCE_LINK}.${at === 0 ? 1 : 3}/24`),
              membership: true,
              protocol: null,
            },
          },
        },
      },
    ],
  })),
  after: [],
  drained: null,
  must: false,
};

const isOnSourceLink = (memory: RouterMemory, index: InterfaceIndex): boolean =>
  memory.interfaces
    .get(index)
    ?.facts.addresses.some(({ subnet }) => prefixHolds(subnet, TREE.source)) === true;

/** What a router does on the source's link that it must not do. */
function onSourceLink({ router: at, after, actions }: TakenStep): readonly string[] {
  if (after === null) return [];
  const tree = after.trees.get(treeKey(TREE));
  const lines = [...(tree?.settled.interfaces ?? [])].flatMap(
    ([index, { advertised, forwarding }]) => {
      if (!isOnSourceLink(after, index)) return [];
      return [
        advertised === null ? null : `R${at} advertises on interface ${index}`,
        forwarding ? `R${at} forwards to interface ${index}` : null,
      ].filter((line) => line !== null);
    },
  );
  const outputs = (tree?.installed?.outgoing ?? []).filter((index) => isOnSourceLink(after, index));
  const said = actions.flatMap((action) => {
    if (action.kind !== "send" || !isOnSourceLink(after, action.interface)) return [];
    const { kind } = action.message;
    return kind === "iamUpstream" || kind === "iamNoLongerUpstream" ? [kind] : [];
  });
  return [
    ...lines,
    ...outputs.map((index) => `R${at} has output ${index}`),
    ...said.map((kind) => `R${at} says ${kind} on the source's link`),
  ];
}

function brokenRest(rest: Rest, plane: DataPlane): readonly string[] {
  const copies = copiesAt(rest, plane);
  return [SOURCE_SUBNET, `${SHARED}.0/24`, `${LISTENERS}.0/24`].flatMap((link) => {
    const count = copies.get(link) ?? 0;
    return count === 1 ? [] : [`${link} carries ${count} copies`];
  });
}

function sourceLinkModel(name: string, about: string, incidents: readonly Incident[]): Model {
  const plane = new DataPlane(ROUTERS);
  return {
    name,
    about: `Two originators on the source's link${about}.`,
    routers: ROUTERS,
    prelude: [
      ...ROUTERS.flatMap(({ interfaces }, at) =>
        interfaces.map((_, i) => ({ name: `Hello of R${at}`, acts: [helloOf(at, i + 1)] })),
      ),
      { name: "a listener", acts: [LISTENER] },
    ],
    incidents,
    broken: (rest) => brokenRest(rest, plane),
    wrong: onSourceLink,
    authors: null,
  };
}

/** T14. */
export const SOURCE_LINK_MODELS: readonly Model[] = [
  sourceLinkModel("T14-move", ", the route of one moves", [packet(1), packet(2), MOVE]),
  sourceLinkModel("T14-end", ", HPIM-DM ends on an interface there", [packet(1), packet(2), END]),
];
