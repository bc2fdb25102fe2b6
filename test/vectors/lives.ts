// What happened in each network while it was captured, beyond what its frames show. Captures that follow each other are
// one life of the network: its routers are replayed from the first frame to the last.
import type { Address } from "../../src/base/address.ts";
import { ip } from "../../src/base/address.ts";
import { FIG2, MANY_LINKS, PAIR, type PlannedRouter } from "./networks.ts";

/** Something that a router is told by its machine. */
export type Happening =
  /** Its route to the source's subnet has another metric. */
  | { readonly kind: "metric"; readonly metric: number }
  /** The source begins to send to the group, on the link of the router's first interface. */
  | { readonly kind: "source"; readonly group: Address }
  | {
      readonly kind: "listener";
      readonly on: Address;
      readonly group: Address;
      readonly wanted: boolean;
    };

/** A happening at one router. */
export interface Scheduled {
  readonly router: string;
  /** Before this situation's first frame, or so many seconds after it. */
  readonly situation: string;
  readonly seconds: number | "before";
  readonly what: Happening;
}

/** What a router has told a neighbor of the tree before the first frame. */
export interface ToldBefore {
  readonly from: Address;
  readonly to: Address;
  readonly interested: boolean;
}

/** A network from the first frame of some captures to the last. */
export interface Life {
  readonly routers: readonly PlannedRouter[];
  /** In their order; the files of a situation begin with its name. */
  readonly situations: readonly string[];
  /** Pairs of addresses that are SYNCED before the first frame. */
  readonly synced: readonly (readonly [Address, Address])[];
  /** The tree that stands before the first frame: its group, and who has told whom. */
  readonly tree: { readonly group: Address; readonly told: readonly ToldBefore[] } | null;
  readonly happenings: readonly Scheduled[];
  /** Routers whose interfaces have keys: they take signed messages alone, and others take unsigned ones alone (§3). */
  readonly keyed: readonly string[];
  /**
   * Where a router took messages of two links in another order than that of their arrival, as its Acks show. It has a
   * thread for each interface. It is told each of them when it acknowledged it.
   */
  readonly takenWhenAcknowledged: readonly {
    readonly situation: string;
    readonly router: string;
  }[];
}

const GROUP = ip("224.12.12.12");
const NOTHING = { synced: [], tree: null, happenings: [], keyed: [], takenWhenAcknowledged: [] };

const PAIR_LIFE: Life = { ...NOTHING, routers: PAIR, situations: ["a1", "a2", "a3"] };

const LAN_LIFE: Life = {
  ...NOTHING,
  routers: FIG2.filter(({ name }) => ["R2", "R3", "R4", "R5"].includes(name)),
  situations: ["a4"],
};

/** `count` groups from `first` on become trees of R1 before the first frame. */
const sources = (situation: string, first: string, count: number): readonly Scheduled[] =>
  Array.from({ length: count }, (_, i) => ({
    router: "R1",
    situation,
    seconds: "before",
    what: { kind: "source", group: ip(`${first}.${i}`) },
  }));

const FRAGMENTS_LIFE: Life = {
  ...NOTHING,
  routers: PAIR.map((router) => ({ ...router, treesPerSync: 5 })),
  situations: ["b1"],
  happenings: sources("b1", "224.12.12", 25),
};

const MTU_LIFE: Life = {
  ...NOTHING,
  routers: PAIR,
  situations: ["b3"],
  happenings: sources("b3", "224.12.0", 200),
};

/** A listener of R6 or R7, that has joined before the first frame. */
const member = (situation: string, router: string, on: string): Scheduled => ({
  router,
  situation,
  seconds: "before",
  what: { kind: "listener", on: ip(on), group: GROUP, wanted: true },
});

const FIG2_LIFE: Life = {
  ...NOTHING,
  routers: FIG2,
  situations: ["c1", "c2", "c3", "c4", "c5"],
  takenWhenAcknowledged: [{ situation: "c2", router: "R4" }],
  synced: [[ip("10.3.3.1"), ip("10.3.3.3")]],
  happenings: [
    member("c1", "R6", "10.7.7.6"),
    member("c1", "R7", "10.8.8.7"),
    { router: "R4", situation: "c5", seconds: 1.57, what: { kind: "metric", metric: 50 } },
    { router: "R4", situation: "c5", seconds: 8.6, what: { kind: "metric", metric: 20 } },
  ],
};

const pair = (a: string, b: string): readonly [Address, Address] => [ip(a), ip(b)];
const told = (from: string, to: string, interested: boolean): ToldBefore => ({
  from: ip(from),
  to: ip(to),
  interested,
});

/** The hosts of the switch's routers, R2 to R6. */
const SWITCH = [2, 3, 4, 5, 6];
const SWITCH_PAIRS = SWITCH.flatMap((a) =>
  SWITCH.filter((b) => a < b).map((b) => pair(`10.5.5.${a}`, `10.5.5.${b}`)),
);

const ROOT_REMOVED_LIFE: Life = {
  ...NOTHING,
  routers: FIG2,
  situations: ["c9"],
  synced: [
    pair("10.2.2.1", "10.2.2.2"),
    pair("10.3.3.1", "10.3.3.3"),
    pair("10.4.4.1", "10.4.4.4"),
    ...SWITCH_PAIRS,
    pair("10.6.6.5", "10.6.6.7"),
    pair("10.9.9.2", "10.9.9.7"),
  ],
  tree: {
    group: GROUP,
    told: [
      told("10.2.2.2", "10.2.2.1", true),
      told("10.3.3.3", "10.3.3.1", false),
      told("10.4.4.4", "10.4.4.1", true),
      told("10.5.5.5", "10.5.5.4", false),
      told("10.5.5.6", "10.5.5.4", true),
      told("10.9.9.7", "10.9.9.2", true),
    ],
  },
  happenings: [member("c9", "R6", "10.7.7.6"), member("c9", "R7", "10.8.8.7")],
};

/** R2's client is in both groups, until two seconds before R2's NoInterest; its link was not captured. */
const clientOfD1 = (group: string): readonly Scheduled[] =>
  (["before", 20.38] as const).map((seconds) => ({
    router: "R2",
    situation: "d1",
    seconds,
    what: {
      kind: "listener",
      on: ip("10.7.7.2"),
      group: ip(group),
      wanted: seconds === "before",
    },
  }));

const KEYS_LIFE: Life = {
  ...NOTHING,
  routers: MANY_LINKS,
  situations: ["d1"],
  happenings: [
    ...clientOfD1("224.12.12.12"),
    ...clientOfD1("224.12.12.13"),
    {
      router: "R1",
      situation: "d1",
      seconds: 12.47,
      what: { kind: "source", group: ip("224.12.12.12") },
    },
    {
      router: "R1",
      situation: "d1",
      seconds: 12.58,
      what: { kind: "source", group: ip("224.12.12.13") },
    },
  ],
  keyed: ["R1", "R2"],
};

const ONE_SIDED_LIFE: Life = {
  ...NOTHING,
  routers: PAIR,
  situations: ["d2"],
  keyed: ["R1"],
};

/** All that was captured. */
export const LIVES: readonly Life[] = [
  PAIR_LIFE,
  LAN_LIFE,
  FRAGMENTS_LIFE,
  MTU_LIFE,
  FIG2_LIFE,
  ROOT_REMOVED_LIFE,
  KEYS_LIFE,
  ONE_SIDED_LIFE,
];
