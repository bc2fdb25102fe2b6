// T11: members join and leave at any time. An assert winner forwards if, and only if, somebody behind the link wants it; a
// packet crosses each link that leads to a listener once, and no other (P4, P5). Where time does not pass interest that is
// unknown does not count, and nothing is held (§7.1, §14).

import { orderedEntries, orderedValues } from "../../base/ordered.ts";
import type { SourceFilter } from "../../base/source-filter.ts";
import { EVERY_SOURCE, NO_SOURCE } from "../../base/source-filter.ts";
import { type InterfaceIndex, interfaceIndex } from "../../base/units.ts";
import type { RouterEvent } from "../../core/events.ts";
import type { RouterMemory } from "../../core/memory.ts";
import { UNHEARD } from "../../core/neighbor-tree.ts";
import type { SettledInterface } from "../../core/settled.ts";
import { treeKey } from "../../core/tree-id.ts";
import { DataPlane } from "../explorer/data-plane.ts";
import type {
  Act,
  Clock,
  Faults,
  Incident,
  Model,
  ModelRouter,
  Rest,
  TakenStep,
} from "../explorer/model.ts";
import { brokenLinks, costChange } from "./links.ts";
import { noRouteTo, routeOf } from "./parts.ts";
import {
  addressOf,
  detections,
  failureOf,
  meetings,
  type Place,
  routerOf,
  SOURCE,
  SOURCE_LINK,
  TOPOLOGIES,
  TREE,
  timelessRouter,
} from "./trees.ts";

const TTL = 12;

/** How many copies of a packet of the source each link carries by the entries of a state. */
export const copiesAt = (rest: Rest, plane: DataPlane): ReadonlyMap<string, number> =>
  plane.copiesOf(
    { ...TREE, subnet: `${SOURCE_LINK}.0/24`, ttl: TTL },
    { memory: rest.memory, tell: () => undefined },
  );

/** All routers of a link hear of it, each when it does. */
function told(
  places: readonly Place[],
  link: string,
  news: { readonly name: string; readonly wanted: SourceFilter },
): readonly Incident[] {
  return places.flatMap(({ links }, router) => {
    const index = links.indexOf(link) + 1;
    if (index === 0) return [];
    const { name, wanted } = news;
    const event: RouterEvent = {
      kind: "listeners",
      interface: interfaceIndex(index),
      group: TREE.group,
      wanted,
    };
    const act: Act = { kind: "event", event };
    const hears = `R${router} hears: ${name}`;
    const choices = [{ name: hears, acts: [{ router, act }] }];
    return { name: hears, choices, after: [name], drained: null, must: true };
  });
}

const joins = (link: string): string => `a member joins on ${link}`;
const leaves = (link: string): string => `the member leaves ${link}`;

/** A member joins on a link, and leaves it. */
function memberOn(places: readonly Place[], link: string): readonly Incident[] {
  const hearJoin = told(places, link, { name: joins(link), wanted: EVERY_SOURCE });
  const rest = { drained: null, must: false };
  const [join, leave] = [joins(link), leaves(link)];
  return [
    { name: join, choices: [{ name: join, acts: [] }], after: [], ...rest },
    ...hearJoin,
    {
      name: leave,
      choices: [{ name: leave, acts: [] }],
      after: hearJoin.map(({ name }) => name),
      ...rest,
    },
    ...told(places, link, { name: leave, wanted: NO_SOURCE }),
  ];
}

const hasMember = (rest: Rest, link: string): boolean =>
  rest.happened(joins(link)) && !rest.happened(leaves(link));

/** A network with members. */
interface Served {
  readonly places: readonly Place[];
  readonly members: readonly string[];
}

const settledAt = (
  rest: Rest,
  router: number,
  place: Place,
  link: string,
): SettledInterface | undefined => {
  const tree = rest.memory(router)?.trees.get(treeKey(TREE));
  return tree?.settled.interfaces.get(interfaceIndex(place.links.indexOf(link) + 1));
};

/** Whether somebody behind the link wants the tree: a member there, or behind one that routers on it win and have their root on this. */
function isWanted(rest: Rest, served: Served, link: string): boolean {
  if (served.members.includes(link) && hasMember(rest, link)) return true;
  return served.places.some((place, router) => {
    if (settledAt(rest, router, place, link)?.role !== "root") return false;
    return place.links.some(
      (other) =>
        other !== link &&
        settledAt(rest, router, place, other)?.winner === true &&
        isWanted(rest, served, other),
    );
  });
}

function brokenDelivery(rest: Rest, served: Served, plane: DataPlane): readonly string[] {
  const copies = copiesAt(rest, plane);
  const links = new Set(served.places.flatMap((place) => place.links));
  links.delete(SOURCE_LINK);
  return [...links].flatMap((link) => {
    const ends = served.places.flatMap((place, router) => {
      const at = settledAt(rest, router, place, link);
      return at === undefined ? [] : [{ router, at }];
    });
    const isServed = ends.some(({ at }) => at.role === "non-root" && at.advertised !== null);
    const due = isServed && isWanted(rest, served, link);
    const wrong = ends.flatMap(({ router, at }) =>
      at.forwarding === (due && at.winner)
        ? []
        : [`${link}: R${router} ${at.forwarding ? "forwards" : "does not forward"}`],
    );
    const count = copies.get(`${link}.0/24`) ?? 0;
    return count === (due ? 1 : 0) ? wrong : [...wrong, `${link} carries ${count} copies`];
  });
}

const advertisesAt = (memory: RouterMemory | null, index: InterfaceIndex): boolean =>
  (memory?.trees.get(treeKey(TREE))?.settled.interfaces.get(index)?.advertised ?? null) !== null;

/** What each neighbor is known to want, by interface and address; of UPSTREAM ones nothing. */
function interests(memory: RouterMemory | null) {
  return orderedEntries(memory?.interfaces ?? new Map<never, never>()).flatMap(
    ([index, { running }]) =>
      orderedValues(running?.neighbors ?? new Map<never, never>()).flatMap(({ address, trees }) => {
        const { upstream, interest } = trees.get(treeKey(TREE)) ?? UNHEARD;
        return upstream === null ? [{ index, address, interest }] : [];
      }),
  );
}

/**
 * §7.2, §11: nobody's interest is known where nothing is Advertised, and it is only forgotten when that ends. Neighbors
 * would say it again, so that at rest it does not show.
 */
export function misjudgedInterest({ router, act, before, after }: TakenStep): readonly string[] {
  const kept = interests(after)
    .filter(({ index, interest }) => interest !== "unknown" && !advertisesAt(after, index))
    .map(({ index, interest }) => `R${router} keeps ${interest} on interface ${index}`);
  if (act.kind === "event" && act.event.kind === "message") return kept;
  const forgotten = interests(after).filter(
    ({ index, address, interest }) =>
      interest === "unknown" &&
      advertisesAt(before, index) &&
      advertisesAt(after, index) &&
      interests(before).some(
        (was) => was.index === index && was.address === address && was.interest !== "unknown",
      ),
  );
  return [
    ...kept,
    ...forgotten.map(({ index }) => `R${router} forgets an interest on interface ${index}`),
  ];
}

interface DeliveryModelOptions {
  readonly name: string;
  readonly about: string;
  /** Where members join and leave. */
  readonly members: readonly string[];
  readonly stable: boolean;
  /** With the defaults of §16, while time passes; else nothing is a matter of time. */
  readonly timed?: boolean;
  readonly incidents: readonly Incident[];
  readonly faults?: Faults;
}

const A = TOPOLOGIES.a;

/** Messages are sent again, holding and floods end. */
const CLOCK: Clock = { timers: ["retransmission", "wake"], within: null };

function servingRouter(place: Place, router: number): ModelRouter {
  const plain = routerOf(router, place);
  return {
    ...plain,
    interfaces: plain.interfaces.map((facts) => ({ ...facts, membership: true })),
  };
}

function deliveryModel(options: DeliveryModelOptions): Model {
  const { name, about, members, stable, incidents, faults, timed = false } = options;
  const routers = A.map(timed ? servingRouter : timelessRouter);
  const plane = new DataPlane(routers);
  const served = { places: A, members };
  const changes = [...members.flatMap((link) => memberOn(A, link)), ...incidents];
  return {
    name,
    about: `Topology a, members on ${members.join(" and ")}${about}.`,
    routers,
    prelude: [...meetings(A), ...(stable ? [...SOURCE.choices, ...meetings(A)] : [])],
    incidents: stable ? changes : [SOURCE, ...changes],
    broken: (rest) => [...brokenLinks(rest, A), ...brokenDelivery(rest, served, plane)],
    wrong: misjudgedInterest,
    ...(timed ? { clock: CLOCK } : {}),
    ...(faults === undefined ? {} : { faults }),
    authors: null,
  };
}

/** The route of router 2 goes, and comes back. */
const DETOUR: readonly Incident[] = [
  { name: "route of R2 goes", event: noRouteTo(`${SOURCE_LINK}.0/24`), after: [] },
  {
    name: "route of R2 comes",
    event: routeOf(`${SOURCE_LINK}.0/24`, 10, 1, addressOf(0, "10.2.0")),
    after: ["route of R2 goes"],
  },
].map(({ name, event, after }) => ({
  name,
  choices: [{ name, acts: [{ router: 2, act: { kind: "event", event } }] }],
  after,
  drained: null,
  must: false,
}));

const BOTH = ["10.3.0", "10.4.0"] as const;

/** T11. */
export const DELIVERY_MODELS: readonly Model[] = [
  deliveryModel({
    name: "T11-forming",
    about: ", while the tree forms",
    members: BOTH,
    stable: false,
    incidents: [],
  }),
  ...[1, 2].map((router) =>
    deliveryModel({
      name: `T11-cost-${router}`,
      about: `, RPC of router ${router} becomes 5 or 15`,
      members: BOTH,
      stable: true,
      incidents: [costChange(router, A[router] as Place, [5, 15])],
    }),
  ),
  ...[1, 2].map((router) =>
    deliveryModel({
      name: `T11-timed-${router}`,
      about: `, RPC of router ${router} becomes 5 or 15, while time passes`,
      members: ["10.4.0"],
      stable: true,
      timed: true,
      incidents: [costChange(router, A[router] as Place, [5, 15])],
    }),
  ),
  deliveryModel({
    name: "T11-loss",
    about: ", router 2 stops to offer the tree for a while, and to say so is lost once",
    members: ["10.4.0"],
    stable: true,
    timed: true,
    incidents: DETOUR,
    faults: {
      losses: 1,
      duplications: 0,
      overtakings: 0,
      hit: ({ kind }) => kind === "iamNoLongerUpstream",
    },
  }),
  ...[1, 2, 3].map((router) =>
    deliveryModel({
      name: `T11-fail-${router}`,
      about: `, router ${router} fails`,
      members: BOTH,
      stable: true,
      incidents: [failureOf(router), ...detections(A, router)],
    }),
  ),
];
