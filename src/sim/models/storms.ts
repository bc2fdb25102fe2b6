// T16: packets while a tree forms or routers reboot, in networks with loops (P9). A packet is faster than any message; each
// link counts its copies. Listeners everywhere, and what is flooded (§13), draw the data all around.
import type { Choice, Faults, Incident, Model, ModelRouter } from "../explorer/model.ts";
import { helloOf, interfaceOf } from "./parts.ts";
import {
  addressOf,
  drawingRouter,
  meetings,
  type Place,
  rebootOf,
  SOURCE_LINK,
  TOPOLOGIES,
  TREE,
} from "./trees.ts";

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

/** HPIM-DM begins on an interface only now; nothing was heard there before. */
const beginningOf = (router: number, index: number, address: string): Incident => ({
  name: "beginning",
  choices: [
    {
      name: `HPIM-DM of R${router} begins on interface ${index}; its Hello`,
      acts: [
        {
          router,
          act: {
            kind: "event",
            event: {
              kind: "interface",
              facts: { ...interfaceOf(index, `${address}/24`), membership: true },
            },
          },
        },
        helloOf(router, index),
      ],
    },
  ],
  after: [],
  drained: null,
  must: false,
});

const withoutInterface = (routers: readonly ModelRouter[], router: number, index: number) =>
  routers.map((model, i) => ({
    ...model,
    interfaces: model.interfaces.map((facts) =>
      i === router && facts.index === index
        ? { ...facts, protocol: null, membership: false }
        : facts,
    ),
  }));

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

/** A router that floods hears of what comes round only when HPIM-DM begins on the other link. */
function lateModel(): Model {
  const model = stormModel({
    name: "T16-late",
    about: "Two routers on two links in opposite directions, HPIM-DM begins late on one of them.",
    places: WRONG,
    formed: false,
    packets: 2,
    mostCopies: 1,
    incidents: [beginningOf(2, 2, addressOf(2, "10.1.0"))],
  });
  return { ...model, routers: withoutInterface(model.routers, 2, 2) };
}

/** Nobody has met on the link that leads to the source; both routers know each other on the other one. Its IamUpstream has them meet. */
function joiningModel(): Model {
  const model = stormModel({
    name: "T16-joining",
    about:
      "Two routers on two links in opposite directions join one of them while the source begins.",
    places: OPPOSITE,
    formed: false,
    packets: 2,
    mostCopies: 1,
    incidents: [],
  });
  const meeting: Choice = { name: "Hello of R1 on 10.2.0", acts: [helloOf(1, 2)] };
  return { ...model, prelude: [meeting] };
}

/** T16. */
export const STORM_MODELS: readonly Model[] = [
  stormModel({
    name: "T16-forming",
    about: "Topology c, packets while the tree forms.",
    places: C,
    formed: false,
    packets: 3,
    mostCopies: 1,
    incidents: [],
  }),
  stormModel({
    name: "T16-loss",
    about: "Topology c, packets while the tree forms, and an IamUpstream is lost.",
    places: C,
    formed: false,
    packets: 2,
    mostCopies: 1,
    incidents: [],
    faults: ONE_LOSS,
  }),
  stormModel({
    name: "T16-boot",
    about: "Topology c, two packets while router 4 reboots.",
    places: C,
    formed: true,
    packets: 2,
    mostCopies: 1,
    incidents: [rebootOf(4, C[4] as Place)],
  }),
  stormModel({
    name: "T16-opposite-forming",
    about: "Two routers on two links in opposite directions, packets while the tree forms.",
    places: OPPOSITE,
    formed: false,
    packets: 3,
    mostCopies: 1,
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
  lateModel(),
  stormModel({
    name: "T16-opposite-boot",
    about: "Two routers on two links in opposite directions, two packets while one reboots.",
    places: OPPOSITE,
    formed: true,
    packets: 2,
    mostCopies: 1,
    incidents: [rebootOf(2, OPPOSITE[2] as Place)],
  }),
  stormModel({
    name: "T16-fan-forming",
    about:
      "Two routers lead back to where another gets its data from, packets while the tree forms.",
    places: FAN,
    formed: false,
    packets: 2,
    mostCopies: 6,
    incidents: [],
  }),
  joiningModel(),
];
