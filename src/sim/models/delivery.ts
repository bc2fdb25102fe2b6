// T11: members join and leave at any time. An assert winner forwards if, and only if, somebody behind the link wants it; a
// packet crosses each link that leads to a listener once, and no other (P4, P5). Interest that is unknown does not count
// here, and nothing is held: both are a matter of time (§7.1, §14).
import { interfaceIndex } from "../../base/units.ts";
import type { RouterEvent } from "../../core/events.ts";
import type { SettledInterface } from "../../core/settled.ts";
import { treeKey } from "../../core/tree-id.ts";
import { DataPlane } from "../explorer/data-plane.ts";
import type { Act, Incident, Model, Rest } from "../explorer/model.ts";
import { brokenLinks, costChange } from "./links.ts";
import {
  detections,
  failureOf,
  meetings,
  type Place,
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
  news: { readonly name: string; readonly wanted: boolean },
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
  const hearJoin = told(places, link, { name: joins(link), wanted: true });
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
    ...told(places, link, { name: leave, wanted: false }),
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

interface DeliveryModelOptions {
  readonly name: string;
  readonly about: string;
  /** Where members join and leave. */
  readonly members: readonly string[];
  readonly stable: boolean;
  readonly incidents: readonly Incident[];
}

const A = TOPOLOGIES.a;

function deliveryModel({ name, about, members, stable, incidents }: DeliveryModelOptions): Model {
  const routers = A.map(timelessRouter);
  const plane = new DataPlane(routers);
  const served = { places: A, members };
  const changes = [...members.flatMap((link) => memberOn(A, link)), ...incidents];
  return {
    name,
    about: `Topology a, members on ${members.join(" and ")}${about}.`,
    routers,
    prelude: [...meetings(A), ...(stable ? SOURCE.choices : [])],
    incidents: stable ? changes : [SOURCE, ...changes],
    broken: (rest) => [...brokenLinks(rest, A), ...brokenDelivery(rest, served, plane)],
    authors: null,
  };
}

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
