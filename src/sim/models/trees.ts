// T1 to T8: a tree forms, and is removed, with and without a loop (the authors' tree models). All neighbors have met.
// No timer runs out but a hold time, after a failure: nothing is lost that would be sent again, the source goes on
// sending, and interest that is unknown counts (§7.1) as long as the clock stands still.

import { ip } from "../../base/address.ts";
import { orderedValues } from "../../base/ordered.ts";
import { EVERY_SOURCE } from "../../base/source-filter.ts";
import { interfaceIndex } from "../../base/units.ts";
import type { RouterEvent } from "../../core/events.ts";
import type { TreeId } from "../../core/messages.ts";
import type { TreeState } from "../../core/notices.ts";
import { DEFAULT_ROUTER_SETTINGS } from "../../core/settings.ts";
import { treeKey } from "../../core/tree-id.ts";
import type { Choice, Incident, Model, ModelRouter, Rest } from "../explorer/model.ts";
import {
  dataOf,
  HOLDS_NOTHING,
  helloOf,
  interfaceOf,
  livenessEnds,
  routeOf,
  TIMELESS,
} from "./parts.ts";

/** The tree of these models. */
export const TREE: TreeId = { source: ip("10.100.0.100"), group: ip("239.0.0.1") };
/** The link of its source. */
export const SOURCE_LINK = "10.100.0";

/** A topology by its name. */
export type Topology = "a" | "b" | "c" | "d";

/** A router by the links that it is on, the root's first, and the router that its route leads to. */
export interface Place {
  readonly links: readonly string[];
  readonly rpc: number;
  readonly via: number | null;
}

/** The authors' topologies, and d: c with costs that are equal around the loop. Router 0 is the originator. */
export const TOPOLOGIES: Readonly<Record<Topology, readonly Place[]>> = {
  a: [
    { links: [SOURCE_LINK, "10.1.0", "10.2.0"], rpc: 0, via: null },
    { links: ["10.1.0", "10.3.0"], rpc: 10, via: 0 },
    { links: ["10.2.0", "10.3.0"], rpc: 10, via: 0 },
    { links: ["10.3.0", "10.4.0"], rpc: 20, via: 2 },
    { links: ["10.4.0"], rpc: 30, via: 3 },
  ],
  b: [
    { links: [SOURCE_LINK, "10.1.0", "10.2.0"], rpc: 0, via: null },
    { links: ["10.1.0", "10.3.0", "10.5.0"], rpc: 10, via: 0 },
    { links: ["10.2.0", "10.3.0"], rpc: 10, via: 0 },
    { links: ["10.3.0", "10.4.0"], rpc: 20, via: 2 },
    { links: ["10.4.0", "10.5.0"], rpc: 30, via: 3 },
  ],
  c: [
    { links: [SOURCE_LINK, "10.1.0"], rpc: 0, via: null },
    { links: ["10.1.0", "10.2.0"], rpc: 20, via: 0 },
    { links: ["10.2.0", "10.3.0"], rpc: 30, via: 1 },
    { links: ["10.3.0", "10.4.0"], rpc: 40, via: 2 },
    { links: ["10.4.0", "10.2.0"], rpc: 50, via: 3 },
  ],
  d: [
    { links: [SOURCE_LINK, "10.1.0"], rpc: 0, via: null },
    { links: ["10.1.0", "10.2.0"], rpc: 20, via: 0 },
    { links: ["10.2.0", "10.3.0"], rpc: 30, via: 1 },
    { links: ["10.3.0", "10.4.0"], rpc: 30, via: 2 },
    { links: ["10.4.0", "10.2.0"], rpc: 30, via: 3 },
  ],
};

/** The address of a router on a link. */
export const addressOf = (router: number, link: string): string => `${link}.${router + 1}`;

/** A router with its route to the source. */
export function routerOf(router: number, { links, rpc, via }: Place): ModelRouter {
  const [root = ""] = links;
  const gateway = via === null ? null : addressOf(via, root);
  return {
    settings: DEFAULT_ROUTER_SETTINGS,
    interfaces: links.map((link, i) => interfaceOf(i + 1, `${addressOf(router, link)}/24`)),
    events: [routeOf(`${SOURCE_LINK}.0/24`, rpc, 1, gateway)],
  };
}

/** The same where nothing is a matter of time, and listeners are served. */
export function timelessRouter(place: Place, router: number): ModelRouter {
  const plain = routerOf(router, place);
  const interfaces = plain.interfaces.map((facts) => ({
    ...facts,
    protocol: HOLDS_NOTHING,
    membership: true,
  }));
  return { ...plain, settings: TIMELESS, interfaces };
}

/** The same with listeners on all its links: they draw the data all around. */
export function drawingRouter(place: Place, router: number): ModelRouter {
  const plain = routerOf(router, place);
  const listeners = place.links.map(
    (_, i): RouterEvent => ({
      kind: "listeners",
      interface: interfaceIndex(i + 1),
      group: TREE.group,
      wanted: EVERY_SOURCE,
    }),
  );
  const interfaces = plain.interfaces.map((facts) => ({ ...facts, membership: true }));
  return { ...plain, interfaces, events: [...plain.events, ...listeners] };
}

/** A router reboots, and says Hello. */
export const rebootOf = (router: number, { links }: Place): Incident => ({
  name: `reboot of R${router}`,
  choices: [
    {
      name: `R${router} reboots; its Hellos`,
      acts: [{ router, act: { kind: "boot" } }, ...links.map((_, i) => helloOf(router, i + 1))],
    },
  ],
  after: [],
  drained: null,
  must: false,
});

/** The source begins to send. */
export const SOURCE: Incident = {
  name: "source",
  choices: [
    {
      name: "R0 <- first packet of the source",
      acts: [{ router: 0, act: { kind: "event", event: dataOf(TREE, 1) } }],
    },
  ],
  after: [],
  drained: null,
  must: true,
};

/** A router is gone, at any time. */
export const failureOf = (router: number): Incident => ({
  name: "failure",
  choices: [{ name: `R${router} fails`, acts: [{ router, act: { kind: "fail" } }] }],
  after: [],
  drained: null,
  must: false,
});

/** Each neighbor notices the failure when all that the router sent has arrived: hold times are that long. */
export const detections = (places: readonly Place[], failed: number): readonly Incident[] =>
  places.flatMap(({ links }, router) =>
    links.flatMap((link, i) => {
      if (router === failed || places[failed]?.links.includes(link) !== true) return [];
      const name = `R${router} takes R${failed} for dead`;
      const acts = [livenessEnds(router, i + 1, addressOf(failed, link))];
      const drained = { from: failed, to: router };
      return { name, choices: [{ name, acts }], after: ["failure"], drained, must: true };
    }),
  );

/** The route of router 4 in topology b moves to its other interface. */
const REROUTE: Incident = {
  name: "reroute",
  choices: [
    {
      name: "route of R4 leads to R1",
      acts: [
        {
          router: 4,
          act: {
            kind: "event",
            event: routeOf(`${SOURCE_LINK}.0/24`, 30, 2, addressOf(1, "10.5.0")),
          },
        },
      ],
    },
  ],
  after: ["failure"],
  drained: null,
  must: true,
};

const stateAt = (rest: Rest, router: number): TreeState =>
  rest.memory(router)?.trees.get(treeKey(TREE))?.settled.state ?? "INACTIVE";

/** §8.2: nothing was lost, so nothing awaits an Ack. */
export const outstandingAt = (rest: Rest, router: number): boolean =>
  orderedValues(rest.memory(router)?.interfaces ?? new Map<number, never>()).some(
    ({ running }) => running !== null && running.outstanding.size > 0,
  );

/** All neighbors meet. */
export const meetings = (places: readonly Place[]): readonly Choice[] =>
  places.flatMap(({ links }, router) =>
    links.map((link, i) => ({
      name: `Hello of R${router} on ${link}`,
      acts: [helloOf(router, i + 1)],
    })),
  );

/** What of a tree model can be chosen. */
export interface TreeModelOptions {
  readonly name: string;
  readonly topology: Topology;
  /** These are ACTIVE while nothing has failed, the others not. */
  readonly active: readonly number[];
  /** A router fails at any time; these are ACTIVE afterwards, the others not. null: none fails. */
  readonly failure: { readonly of: number; readonly active: readonly number[] } | null;
  /** Topology b: after the failure the route of router 4 moves. */
  readonly reroutes: boolean;
  readonly authors: Model["authors"];
}

/** Who is not ACTIVE is INACTIVE, unless a neighbor that is no nearer to the source is UPSTREAM. */
function expectedState(router: number, active: readonly number[]): readonly TreeState[] {
  if (active.includes(router)) return ["ACTIVE"];
  return active.length === 0 ? ["INACTIVE"] : ["INACTIVE", "UNSURE"];
}

function brokenTree(
  rest: Rest,
  { topology, active, failure }: TreeModelOptions,
): readonly string[] {
  const everybody = [...TOPOLOGIES[topology].keys()];
  const failed = everybody.some((router) => rest.memory(router) === null) ? failure : null;
  const activeNow = rest.happened("source") ? (failed?.active ?? active) : [];
  return everybody.flatMap((router) => {
    if (router === failed?.of) return [];
    const state = stateAt(rest, router);
    const expected = expectedState(router, activeNow);
    return [
      expected.includes(state) ? null : `R${router} is ${state}, not ${expected.join(" or ")}`,
      outstandingAt(rest, router) ? `R${router} still awaits an Ack` : null,
    ].filter((line) => line !== null);
  });
}

/** A tree model. */
export function treeModel(options: TreeModelOptions): Model {
  const { name, topology, failure, reroutes, authors } = options;
  const places = TOPOLOGIES[topology];
  const failing =
    failure === null ? [] : [failureOf(failure.of), ...detections(places, failure.of)];
  const event = failure === null ? "nothing fails" : `router ${failure.of} fails`;
  return {
    name,
    about: `Topology ${topology}, ${event}${reroutes ? ", router 4 has another route then" : ""}.`,
    routers: places.map((place, router) => routerOf(router, place)),
    prelude: meetings(places),
    incidents: [SOURCE, ...failing, ...(reroutes ? [REROUTE] : [])],
    broken: (rest) => brokenTree(rest, options),
    authors,
  };
}
