// T12: a topology with a loop. ACTIVE routers never hang on each other in a circle, and data never re-enter a link at rest.
// Listeners everywhere draw the data all around.
import { formatAddress } from "../../base/address.ts";
import { treeKey } from "../../core/tree-id.ts";
import { DataPlane } from "../explorer/data-plane.ts";
import type { Incident, Model, ModelRouter, Rest } from "../explorer/model.ts";
import { copiesAt, misjudgedInterest } from "./delivery.ts";
import { brokenLinks, costChange, staleRpcs } from "./links.ts";
import { HOLDS_NOTHING, RETRANSMISSIONS, routeOf } from "./parts.ts";
import {
  addressOf,
  detections,
  drawingRouter,
  failureOf,
  meetings,
  type Place,
  rebootOf,
  SOURCE,
  SOURCE_LINK,
  TOPOLOGIES,
  TREE,
} from "./trees.ts";

const C = TOPOLOGIES.c;

/** Nothing is held here: that is a matter of time. */
function loopRouter(place: Place, router: number): ModelRouter {
  const plain = drawingRouter(place, router);
  const interfaces = plain.interfaces.map((facts) => ({ ...facts, protocol: HOLDS_NOTHING }));
  return { ...plain, interfaces };
}

/** By address: the routers of topologies c and d. */
const OWNERS: ReadonlyMap<string, number> = new Map(
  C.flatMap(({ links }, router) => links.map((link) => [addressOf(router, link), router] as const)),
);

/** The router that an ACTIVE one gets the tree from. */
function upstreamOf(state: Rest, router: number): number | undefined {
  const settled = state.memory(router)?.trees.get(treeKey(TREE))?.settled;
  const { root, originator } = settled?.rpf ?? { root: null, originator: false };
  if (settled?.state !== "ACTIVE" || originator || root === null) return undefined;
  const bun = settled.interfaces.get(root)?.bun;
  return bun == null ? undefined : OWNERS.get(formatAddress(bun.neighbor));
}

/** T12: ACTIVE routers of which each is the best upstream neighbor on the root of the one before. */
function circles(state: Rest): readonly string[] {
  return C.flatMap((_, first) => {
    const way = [first];
    for (let next = upstreamOf(state, first); next !== undefined; next = upstreamOf(state, next)) {
      if (next === first) return [`circle of ${way.map((router) => `R${router}`).join(", ")}`];
      if (way.includes(next)) return [];
      way.push(next);
    }
    return [];
  });
}

function reentries(rest: Rest, plane: DataPlane): readonly string[] {
  return [...copiesAt(rest, plane)].flatMap(([link, count]) =>
    count === 1 ? [] : [`${link} carries ${count} copies`],
  );
}

/** The route of a router leads to another neighbor. */
const moveOf = (
  router: number,
  to: { readonly link: string; readonly via: number; readonly rpc: number },
): Incident => {
  const index = (C[router]?.links.indexOf(to.link) ?? -1) + 1;
  const event = routeOf(`${SOURCE_LINK}.0/24`, to.rpc, index, addressOf(to.via, to.link));
  const name = `route of R${router} leads to R${to.via}`;
  return {
    name,
    choices: [{ name, acts: [{ router, act: { kind: "event", event } }] }],
    after: [],
    drained: null,
    must: false,
  };
};

interface LoopModelOptions {
  readonly name: string;
  readonly about: string;
  readonly topology: "c" | "d";
  readonly stable: boolean;
  readonly incidents: readonly Incident[];
  /** Messages that come too early for a synchronisation (§7.3) are sent again. */
  readonly retransmits: boolean;
}

function loopModel(options: LoopModelOptions): Model {
  const { name, about, topology, stable, incidents, retransmits } = options;
  const places = TOPOLOGIES[topology];
  const routers = places.map(loopRouter);
  const plane = new DataPlane(routers);
  return {
    name,
    about: `Topology ${topology}, listeners everywhere, ${about}.`,
    routers,
    prelude: [...meetings(places), ...(stable ? [...SOURCE.choices, ...meetings(places)] : [])],
    incidents: stable ? incidents : [SOURCE, ...incidents],
    broken: (rest) => [...brokenLinks(rest, places), ...circles(rest), ...reentries(rest, plane)],
    wrong: (taken) => [...staleRpcs(taken), ...misjudgedInterest(taken)],
    ...(retransmits ? { clock: RETRANSMISSIONS } : { always: circles }),
    authors: null,
  };
}

/** T12. */
export const LOOP_MODELS: readonly Model[] = [
  loopModel({
    name: "T12-fail-0",
    about: "router 0 fails",
    topology: "c",
    stable: false,
    incidents: [failureOf(0), ...detections(C, 0)],
    retransmits: false,
  }),
  loopModel({
    name: "T12-fail-1",
    about: "router 1 fails",
    topology: "c",
    stable: false,
    incidents: [failureOf(1), ...detections(C, 1)],
    retransmits: false,
  }),
  loopModel({
    name: "T12-equal",
    about: "where costs are equal, router 0 fails",
    topology: "d",
    stable: false,
    incidents: [failureOf(0), ...detections(TOPOLOGIES.d, 0)],
    retransmits: false,
  }),
  ...[1, 2, 3, 4].map((router) =>
    loopModel({
      name: `T12-reboot-${router}`,
      about: `router ${router} reboots`,
      topology: "c",
      stable: true,
      incidents: [rebootOf(router, C[router] as Place)],
      retransmits: true,
    }),
  ),
  loopModel({
    name: "T12-cost",
    about: "RPCs of routers 2 and 4 change",
    topology: "c",
    stable: true,
    incidents: [costChange(2, C[2] as Place, [35, 45]), costChange(4, C[4] as Place, [25, 45])],
    retransmits: false,
  }),
  loopModel({
    name: "T12-move",
    about: "routes of routers 3 and 4 turn around",
    topology: "c",
    stable: true,
    incidents: [
      moveOf(4, { link: "10.2.0", via: 1, rpc: 30 }),
      moveOf(3, { link: "10.4.0", via: 4, rpc: 40 }),
    ],
    retransmits: false,
  }),
];
