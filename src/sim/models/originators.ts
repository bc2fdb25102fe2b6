// T15: originators become others and originators again, interfaces go and come, sources fall silent (§9.1). The end is that
// of a network that has just started in the same configuration (P8).
import { EVERY_SOURCE } from "../../base/source-filter.ts";
import { interfaceIndex } from "../../base/units.ts";
import type { RouterEvent } from "../../core/events.ts";
import { treeKey } from "../../core/tree-id.ts";
import type {
  Act,
  Choice,
  Incident,
  Model,
  ModelRouter,
  Rest,
  TakenStep,
} from "../explorer/model.ts";
import { FreshStarts } from "./history.ts";
import {
  HOLDS_NOTHING,
  helloOf,
  interfaceOf,
  livenessEnds,
  RETRANSMISSIONS,
  routeOf,
  TIMELESS,
} from "./parts.ts";
import { SOURCE_LINK, TREE } from "./trees.ts";

const SUBNET = `${SOURCE_LINK}.0/24`;
const SHARED = "10.1.0";
const LISTENERS = "10.2.0";

/** Of routers 0, 1 and 2: two originators, and one behind both. */
const ADDRESSES: readonly (readonly [string, string])[] = [
  [`${SOURCE_LINK}.1`, `${SHARED}.1`],
  [`${SOURCE_LINK}.2`, `${SHARED}.2`],
  [`${SHARED}.3`, `${LISTENERS}.3`],
];

const facts = (router: number, index: number, lastBootTime: number) => ({
  ...interfaceOf(index, `${ADDRESSES[router]?.[index - 1]}/24`, {
    lastBootTime,
    protocol: HOLDS_NOTHING,
  }),
  membership: true,
});

const ROUTES: readonly RouterEvent[] = [
  routeOf(SUBNET, 0, 1, null),
  routeOf(SUBNET, 0, 1, null),
  routeOf(SUBNET, 10, 1, `${SHARED}.2`),
];

/** Router 0 reaches the source through router 1. */
const DETOUR: RouterEvent = routeOf(SUBNET, 5, 2, `${SHARED}.2`);

const LISTENER: RouterEvent = {
  kind: "listeners",
  interface: interfaceIndex(2),
  group: TREE.group,
  wanted: EVERY_SOURCE,
};

const ROUTERS: readonly ModelRouter[] = ROUTES.map((route, router) => ({
  settings: TIMELESS,
  interfaces: [facts(router, 1, 0), facts(router, 2, 0)],
  events: router === 2 ? [route, LISTENER] : [route],
}));

type Acts = Choice["acts"];

const at = (router: number, ...events: readonly RouterEvent[]): Acts =>
  events.map((event) => ({ router, act: { kind: "event", event } }));

const incident = (
  name: string,
  acts: Acts,
  given: { readonly after?: readonly string[]; readonly must?: boolean } = {},
): Incident => ({
  name,
  choices: [{ name, acts }],
  after: given.after ?? [],
  drained: null,
  must: given.must ?? false,
});

const PACKET: Choice = {
  name: "a packet of the source",
  acts: [],
  packet: { ...TREE, subnet: SUBNET, ttl: 12 },
};

const packet = (name: string, after: readonly string[], must: boolean): Incident => ({
  name,
  choices: [{ ...PACKET, name }],
  after,
  drained: null,
  must,
});

const gone = (index: number): RouterEvent => ({
  kind: "interfaceGone",
  interface: interfaceIndex(index),
});

const MEETINGS: readonly Choice[] = ADDRESSES.flatMap((_, router) =>
  [1, 2].map((index) => ({ name: `Hello of R${router}`, acts: [helloOf(router, index)] })),
);

/** SourceActiveTimer ends at a router, and the last reading has no more packets. */
const silent = (router: number): Acts => {
  const key = treeKey(TREE);
  const timer: Act = { kind: "expire", timer: { kind: "sourceActive", tree: key } };
  const readings = [{ ...TREE, packets: 0, wrongInterface: 0 }];
  return [{ router, act: timer }, ...at(router, { kind: "counters", readings })];
};

const LEAVES = incident("R0 leaves the source's link", at(0, gone(1), DETOUR));

const joins = (after: readonly string[], lastBootTime: number): Incident =>
  incident(
    "R0 joins the source's link",
    [
      ...at(
        0,
        { kind: "interface", facts: facts(0, 1, lastBootTime) },
        routeOf(SUBNET, 0, 1, null),
      ),
      helloOf(0, 1),
    ],
    { after },
  );

/** §9.1: SourceActiveTimer runs at originators only, and at once where an ACTIVE router becomes one: its tree does not dip. */
function wrongTimer({ router, before, after }: TakenStep): readonly string[] {
  const [was, is] = [before, after].map((memory) => memory?.trees.get(treeKey(TREE)));
  if (is === undefined) return [];
  const { rpf, state } = is.settled;
  const takesOver =
    was?.settled.state === "ACTIVE" && !was.settled.rpf.originator && rpf.originator;
  return [
    rpf.originator || is.sourceActiveSince === null
      ? null
      : `SourceActiveTimer runs at R${router}, which is no originator`,
    takesOver && state !== "ACTIVE" ? `R${router} is ${state} when it becomes originator` : null,
  ].filter((line) => line !== null);
}

interface OriginatorModelOptions {
  readonly name: string;
  readonly about: string;
  /** Before the routers meet. */
  readonly prelude: readonly Choice[];
  /** The source sends from the beginning. */
  readonly sends: boolean;
  readonly incidents: readonly Incident[];
  /** Whether the source sends at the end. */
  readonly endsSending: (rest: Rest) => boolean;
}

function originatorModel(options: OriginatorModelOptions): Model {
  const { name, about, prelude, sends, incidents, endsSending } = options;
  const fresh = new FreshStarts(ROUTERS, PACKET);
  return {
    name,
    about: `Two originators and a router behind them, ${about}.`,
    routers: ROUTERS,
    prelude: [...prelude, ...MEETINGS, ...(sends ? [PACKET, ...MEETINGS] : [])],
    incidents,
    broken: (rest) => fresh.broken(rest, endsSending(rest)),
    wrong: wrongTimer,
    clock: RETRANSMISSIONS,
    authors: null,
  };
}

const linkOf = (address: string): string => address.slice(0, address.lastIndexOf("."));

/** The neighbors on the link take the router for dead; if it is back by then, they meet again. */
const detections = (router: number, index: number, goes: string): readonly Incident[] => {
  const address = ADDRESSES[router]?.[index - 1] ?? "";
  return ADDRESSES.flatMap((addresses, other) => {
    const i = addresses.findIndex((own) => linkOf(own) === linkOf(address));
    if (other === router || i < 0) return [];
    const acts = [livenessEnds(other, i + 1, address)];
    return incident(`R${other} takes ${address} for dead`, acts, { after: [goes], must: true });
  });
};

/** An interface goes from a router, and comes back. */
const portModel = (router: number, index: number): Model => {
  const goes = `interface ${index} of R${router} goes`;
  const comes = `interface ${index} of R${router} comes`;
  const event: RouterEvent = { kind: "interface", facts: facts(router, index, 1) };
  const again = router === 2 || index === 2 ? [] : [packet("another packet", [comes], true)];
  return originatorModel({
    name: `T15-port-${router}-${index}`,
    about: `${goes}, and comes back`,
    prelude: [],
    sends: true,
    incidents: [
      incident(goes, at(router, gone(index))),
      incident(
        comes,
        [
          ...at(router, event, ...(router === 2 && index === 2 ? [LISTENER] : [])),
          helloOf(router, index),
        ],
        {
          after: [goes],
        },
      ),
      ...detections(router, index, goes),
      ...again,
    ],
    endsSending: () => true,
  });
};

/** T15. */
export const ORIGINATOR_MODELS: readonly Model[] = [
  originatorModel({
    name: "T15-return",
    about: "one leaves the source's link and comes back, while the source begins to send",
    prelude: [],
    sends: false,
    incidents: [
      packet("first packet", [], true),
      LEAVES,
      joins([LEAVES.name], 1),
      packet("later packet", ["R0 joins the source's link"], true),
    ],
    endsSending: () => true,
  }),
  originatorModel({
    name: "T15-silence",
    about: "the source falls silent and sends again, while one leaves its link",
    prelude: [],
    sends: true,
    incidents: [
      incident("silence", []),
      ...[0, 1].map((router) =>
        incident(`SourceActiveTimer of R${router} ends`, silent(router), {
          after: ["silence"],
          must: true,
        }),
      ),
      LEAVES,
      packet(
        "packet again",
        [0, 1].map((router) => `SourceActiveTimer of R${router} ends`),
        false,
      ),
    ],
    endsSending: (rest) => !rest.happened("silence") || rest.happened("packet again"),
  }),
  originatorModel({
    name: "T15-takeover",
    about: "one joins the source's link, and the source falls silent",
    prelude: [{ name: "R0 is not on the source's link", acts: LEAVES.choices[0]?.acts ?? [] }],
    sends: true,
    incidents: [
      joins([], 1),
      packet("packet", ["R0 joins the source's link"], true),
      incident("silence", [], { after: ["packet"] }),
      ...[0, 1].map((router) =>
        incident(`SourceActiveTimer of R${router} ends`, silent(router), {
          after: ["silence"],
          must: true,
        }),
      ),
    ],
    endsSending: (rest) => !rest.happened("silence"),
  }),
  portModel(0, 1),
  portModel(0, 2),
  portModel(1, 1),
  portModel(1, 2),
  portModel(2, 1),
  portModel(2, 2),
];
