// T16: packets while a tree forms or routers reboot, in networks with loops (P9). A packet is faster than any message; each
// link counts its copies. Listeners everywhere, and what is flooded (§13), draw the data all around.
import { interfaceIndex } from "../../base/units.ts";
import type { RouterEvent } from "../../core/events.ts";
import type { Choice, Faults, Incident, Model, ModelRouter } from "../explorer/model.ts";
import { helloOf } from "./parts.ts";
import { meetings, type Place, routerOf, SOURCE_LINK, TOPOLOGIES, TREE } from "./trees.ts";

/** Two routers on two links, in opposite directions: the way of router 1 to the source is the loop of router 2. */
const OPPOSITE: readonly Place[] = [
  { links: [SOURCE_LINK, "10.1.0"], rpc: 0, via: null },
  { links: ["10.1.0", "10.2.0"], rpc: 10, via: 0 },
  { links: ["10.2.0", "10.1.0"], rpc: 20, via: 1 },
];

/** The same where the router that leads back is UNSURE: it takes itself for nearer than its upstream neighbor. */
const WRONG: readonly Place[] = [
  ...OPPOSITE.slice(0, 2),
  { links: ["10.2.0", "10.1.0"], rpc: 5, via: 1 },
];

/** OPPOSITE with two routers that lead back. */
const FAN: readonly Place[] = [...OPPOSITE, { links: ["10.2.0", "10.1.0"], rpc: 20, via: 1 }];

function drawingRouter(place: Place, router: number): ModelRouter {
  const plain = routerOf(router, place);
  const listeners = place.links.map(
    (_, i): RouterEvent => ({
      kind: "listeners",
      interface: interfaceIndex(i + 1),
      group: TREE.group,
      wanted: true,
    }),
  );
  const interfaces = plain.interfaces.map((facts) => ({ ...facts, membership: true }));
  return { ...plain, interfaces, events: [...plain.events, ...listeners] };
}

const PACKET: Choice = {
  name: "a packet of the source",
  acts: [],
  packet: { ...TREE, subnet: `${SOURCE_LINK}.0/24`, ttl: 12 },
};

/** So many packets, one after the other. */
const packets = (count: number): readonly Incident[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `packet ${i + 1}`,
    choices: [{ ...PACKET, name: `packet ${i + 1}` }],
    after: i === 0 ? [] : [`packet ${i}`],
    drained: null,
    must: i === 0,
  }));

/** A router reboots, and says Hello. */
const rebootOf = (router: number, { links }: Place): Incident => ({
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

interface StormModelOptions {
  readonly name: string;
  readonly about: string;
  readonly places: readonly Place[];
  /** The tree has formed before. */
  readonly formed: boolean;
  readonly packets: number;
  /** The most copies of a packet that a link carries with a TTL of 12. */
  readonly mostCopies: number;
  readonly incidents: readonly Incident[];
  readonly faults?: Faults;
}

function stormModel(options: StormModelOptions): Model {
  const { name, about, places, formed, mostCopies, incidents, faults } = options;
  return {
    name,
    about,
    mostCopies,
    routers: places.map(drawingRouter),
    prelude: [...meetings(places), ...(formed ? [PACKET] : [])],
    incidents: [...packets(options.packets), ...incidents],
    broken: () => [],
    ...(faults === undefined ? {} : { faults }),
    authors: null,
  };
}

const C = TOPOLOGIES.c;

const ONE_LOSS: Faults = {
  losses: 1,
  duplications: 0,
  overtakings: 0,
  hit: ({ kind }) => kind === "iamUpstream",
};

/** T16. */
export const STORM_MODELS: readonly Model[] = [
  stormModel({
    name: "T16-forming",
    about: "Topology c, packets while the tree forms.",
    places: C,
    formed: false,
    packets: 3,
    mostCopies: 4,
    incidents: [],
  }),
  stormModel({
    name: "T16-loss",
    about: "Topology c, packets while the tree forms, and an IamUpstream is lost.",
    places: C,
    formed: false,
    packets: 2,
    mostCopies: 4,
    incidents: [],
    faults: ONE_LOSS,
  }),
  ...[1, 2, 4].map((router) =>
    stormModel({
      name: `T16-boot-${router}`,
      about: `Topology c, a packet while router ${router} reboots.`,
      places: C,
      formed: true,
      packets: 1,
      mostCopies: 4,
      incidents: [rebootOf(router, C[router] as Place)],
    }),
  ),
  stormModel({
    name: "T16-opposite-forming",
    about: "Two routers on two links in opposite directions, packets while the tree forms.",
    places: OPPOSITE,
    formed: false,
    packets: 3,
    mostCopies: 6,
    incidents: [],
  }),
  stormModel({
    name: "T16-unsure",
    about:
      "Two routers on two links in opposite directions, one UNSURE, packets while the tree forms.",
    places: WRONG,
    formed: false,
    packets: 3,
    mostCopies: 1,
    incidents: [],
  }),
  ...[1, 2].map((router) =>
    stormModel({
      name: `T16-opposite-${router}`,
      about: `Two routers on two links in opposite directions, a packet while router ${router} reboots.`,
      places: OPPOSITE,
      formed: true,
      packets: 1,
      mostCopies: 6,
      incidents: [rebootOf(router, OPPOSITE[router] as Place)],
    }),
  ),
  stormModel({
    name: "T16-fan-forming",
    about:
      "Two routers lead back to where another gets its data from, packets while the tree forms.",
    places: FAN,
    formed: false,
    packets: 2,
    mostCopies: 63,
    incidents: [],
  }),
  stormModel({
    name: "T16-fan-both",
    about: "Two routers lead back to where another gets its data from, a packet while both reboot.",
    places: FAN,
    formed: true,
    packets: 1,
    mostCopies: 63,
    incidents: [2, 3].map((router) => rebootOf(router, FAN[router] as Place)),
  }),
  stormModel({
    name: "T16-opposite-both",
    about: "Two routers on two links in opposite directions, a packet while both reboot.",
    places: OPPOSITE,
    formed: true,
    packets: 1,
    mostCopies: 6,
    incidents: [1, 2].map((router) => rebootOf(router, OPPOSITE[router] as Place)),
  }),
];
