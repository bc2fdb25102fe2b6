// T10 and T13: what the routers of a link think of each other, after any one event, or routes that change at two routers at
// once. P4, and that nothing is advertised that is not so any more (§18, "new RPC only").
import { formatAddress, ip } from "../../base/address.ts";
import { orderedEntries, orderedValues } from "../../base/ordered.ts";
import { type InterfaceIndex, interfaceIndex } from "../../base/units.ts";
import type { InterfaceFacts, RouterEvent } from "../../core/events.ts";
import type { RouterMemory } from "../../core/memory.ts";
import type { Message } from "../../core/messages.ts";
import type { OutstandingMessages } from "../../core/reliable.ts";
import { compareRpc, isSameRpc } from "../../core/rpc.ts";
import type { SettledInterface } from "../../core/settled.ts";
import { treeKey } from "../../core/tree-id.ts";
import type { Choice, Incident, Model, Rest, TakenStep } from "../explorer/model.ts";
import { FreshStarts } from "./history.ts";
import { helloOf, interfaceOf, routeOf } from "./parts.ts";
import {
  addressOf,
  detections,
  failureOf,
  meetings,
  outstandingAt,
  type Place,
  SOURCE,
  SOURCE_LINK,
  TOPOLOGIES,
  type Topology,
  TREE,
  timelessRouter,
} from "./trees.ts";

/** An interface on which HPIM-DM runs. */
interface End {
  readonly router: number;
  readonly index: InterfaceIndex;
  readonly address: string;
  /** The tree there; undefined: the router does not know it. */
  readonly at: SettledInterface | undefined;
  readonly isActive: boolean;
}

function endsOf(rest: Rest, places: readonly Place[], link: string): readonly End[] {
  return places.flatMap(({ links }, router) => {
    const memory = rest.memory(router);
    const index = interfaceIndex(links.indexOf(link) + 1);
    if (memory?.interfaces.get(index)?.running == null) return [];
    const settled = memory.trees.get(treeKey(TREE))?.settled;
    const isActive = settled?.state === "ACTIVE";
    const address = addressOf(router, link);
    return { router, index, address, at: settled?.interfaces.get(index), isActive };
  });
}

const lastByte = ({ address }: End): number => Number(address.split(".").at(-1));

/** Who offers most, of those that advertise (§1, BUN): the lowest RPC, then the highest address. */
function bestOf(ends: readonly End[]): End | undefined {
  const offers = ends.flatMap((end) => {
    const rpc = end.at?.advertised ?? null;
    return rpc === null ? [] : [{ end, rpc }];
  });
  offers.sort((a, b) => compareRpc(a.rpc, b.rpc) || lastByte(b.end) - lastByte(a.end));
  return offers[0]?.end;
}

function brokenLink(ends: readonly End[], link: string): readonly string[] {
  const wrong = ends.flatMap((end) => {
    const best = bestOf(ends.filter((other) => other !== end))?.address ?? "nobody";
    const bun = end.at?.bun == null ? "nobody" : formatAddress(end.at.bun.neighbor);
    return bun === best ? [] : [`R${end.router}'s best upstream neighbor is ${bun}, not ${best}`];
  });
  const candidates = ends.filter(({ isActive, at }) => isActive && at?.role === "non-root");
  const winners = candidates.filter(({ at }) => at?.winner === true).map(({ router }) => router);
  const due = candidates.length === 0 ? [] : [bestOf(ends)?.router];
  const who = winners.length === 0 ? "nobody" : winners.join(" and ");
  const elected =
    winners.join() === due.join() ? [] : [`assert winner: ${who}, not ${due.join() || "nobody"}`];
  return [...wrong, ...elected].map((line) => `${link}: ${line}`);
}

/** What a router has told its best upstream neighbor is what that remembers, as long as it advertises. */
function brokenInterest(rest: Rest, ends: readonly End[], link: string): readonly string[] {
  return ends.flatMap(({ router, address, at }) => {
    const told = at?.told ?? null;
    if (told === null) return [];
    const hearer = ends.find((end) => end.address === formatAddress(told.neighbor));
    if (hearer?.at?.advertised == null) return [];
    const known = rest
      .memory(hearer.router)
      ?.interfaces.get(hearer.index)
      ?.running?.neighbors.get(ip(address))
      ?.trees.get(treeKey(TREE))?.interest;
    return known === (told.interested ? "interested" : "not interested")
      ? []
      : [`${link}: R${hearer.router} takes R${router} for ${known}`];
  });
}

/** T10: each link with an ACTIVE non-root router has one assert winner, and all know who offers most. */
export function brokenLinks(rest: Rest, places: readonly Place[]): readonly string[] {
  const links = new Set(places.flatMap((place) => place.links));
  links.delete(SOURCE_LINK);
  const waiting = places.flatMap((_, router) =>
    outstandingAt(rest, router) ? [`R${router} still awaits an Ack`] : [],
  );
  return [
    ...waiting,
    ...[...links].flatMap((link) => {
      const ends = endsOf(rest, places, link);
      return [...brokenLink(ends, link), ...brokenInterest(rest, ends, link)];
    }),
  ];
}

/** The RPC of the route to the source that a router has. */
const metricOf = (memory: RouterMemory): number | undefined =>
  memory.routes.flatMap(([, routes]) => routes.map(({ metric }) => metric))[0];

interface Said {
  readonly index: InterfaceIndex;
  readonly message: Message;
}

const sentIn = ({ actions }: TakenStep): readonly Said[] =>
  actions.flatMap((action) =>
    action.kind === "send" ? [{ index: action.interface, message: action.message }] : [],
  );

/** What will be sent again. */
const outstandingIn = (memory: RouterMemory): readonly Said[] =>
  orderedEntries(memory.interfaces).flatMap(([index, { running }]) =>
    orderedValues(running?.outstanding ?? new Map<string, OutstandingMessages>())
      .flat()
      .map(({ message }) => ({ index, message })),
  );

/** T13: what a router advertises, says and will say again is the RPC that it has now. */
export function staleRpcs(taken: TakenStep): readonly string[] {
  const { after, router } = taken;
  if (after === null) return [];
  const metric = metricOf(after);
  const at = after.trees.get(treeKey(TREE))?.settled.interfaces ?? new Map<never, never>();
  const advertised = orderedValues(at).flatMap((on) =>
    on.advertised === null || on.advertised.metric === metric ? [] : [on.advertised.metric],
  );
  const said = [...sentIn(taken), ...outstandingIn(after)].flatMap(({ index, message }) => {
    if (message.kind !== "iamUpstream") return [];
    const isSo = isSameRpc(at.get(index)?.advertised ?? null, message.rpc);
    return isSo && message.rpc.metric === metric ? [] : [message.rpc.metric];
  });
  return [
    ...advertised.map((rpc) => `R${router} advertises RPC ${rpc}, and has ${metric}`),
    ...said.map((rpc) => `R${router} says RPC ${rpc}, and has ${metric}`),
  ];
}

const routeWith = ({ links, via }: Place, rpc: number): RouterEvent => {
  const gateway = via === null ? null : addressOf(via, links[0] ?? "");
  return routeOf(`${SOURCE_LINK}.0/24`, rpc, 1, gateway);
};

/** The route of a router gets one of these RPCs. */
export const costChange = (router: number, place: Place, rpcs: readonly number[]): Incident => ({
  name: `cost of R${router}`,
  choices: rpcs.map((rpc) => ({
    name: `R${router}: RPC ${rpc}`,
    acts: [{ router, act: { kind: "event", event: routeWith(place, rpc) } }],
  })),
  after: [],
  drained: null,
  must: false,
});

/** HPIM-DM ends on an interface, and later begins again there. */
function offAndOn(router: number, link: string, places: readonly Place[]): readonly Incident[] {
  const index = (places[router]?.links.indexOf(link) ?? -1) + 1;
  const address = `${addressOf(router, link)}/24`;
  const name = `HPIM-DM of R${router} on ${link}`;
  const off = { ...interfaceOf(index, address), protocol: null };
  const on = interfaceOf(index, address, { lastBootTime: 1 });
  const told = (facts: InterfaceFacts): Choice["acts"][number] => ({
    router,
    act: { kind: "event", event: { kind: "interface", facts } },
  });
  const rest = { drained: null, must: false };
  return [
    {
      name: `${name} ends`,
      choices: [{ name: `${name} ends`, acts: [told(off)] }],
      after: [],
      ...rest,
    },
    {
      name: `${name} begins`,
      choices: [{ name: `${name} begins; its Hello`, acts: [told(on), helloOf(router, index)] }],
      after: [`${name} ends`],
      ...rest,
    },
  ];
}

interface LinkModelOptions {
  readonly name: string;
  readonly about: string;
  readonly topology: Topology;
  /** The source sends from the beginning, and the tree has formed; else it may form meanwhile. */
  readonly stable: boolean;
  readonly incidents: readonly Incident[];
}

function linkModel({ name, about, topology, stable, incidents }: LinkModelOptions): Model {
  const places = TOPOLOGIES[topology];
  const routers = places.map(timelessRouter);
  const fresh = new FreshStarts(routers, SOURCE.choices[0] as Choice);
  return {
    name,
    about,
    routers,
    prelude: [...meetings(places), ...(stable ? SOURCE.choices : [])],
    incidents: stable ? incidents : [SOURCE, ...incidents],
    broken: (rest) => [
      ...brokenLinks(rest, places),
      ...fresh.broken(rest, stable || rest.happened("source")),
    ],
    wrong: staleRpcs,
    authors: null,
  };
}

const A = TOPOLOGIES.a;

const costModel = (router: number, rpcs: readonly number[]): Model =>
  linkModel({
    name: `T10-cost-${router}`,
    about: `Topology a, RPC of router ${router} becomes ${rpcs.join(" or ")}.`,
    topology: "a",
    stable: false,
    incidents: [costChange(router, A[router] as Place, rpcs)],
  });

const failModel = (router: number): Model =>
  linkModel({
    name: `T10-fail-${router}`,
    about: `Topology a, router ${router} fails.`,
    topology: "a",
    stable: false,
    incidents: [failureOf(router), ...detections(A, router)],
  });

const portModel = (router: number, link: string): Model =>
  linkModel({
    name: `T10-port-${router}-${link}`,
    about: `Topology a, HPIM-DM of router ${router} ends on ${link}, and begins again.`,
    topology: "a",
    stable: true,
    incidents: offAndOn(router, link, A),
  });

const twoCosts = (
  name: string,
  a: { readonly router: number; readonly rpcs: readonly number[] },
  b: { readonly router: number; readonly rpcs: readonly number[] },
): Model =>
  linkModel({
    name,
    about: `Topology a, RPCs change at once: of router ${a.router} to ${a.rpcs.join(" or ")}, of ${b.router} to ${b.rpcs.join(" or ")}.`,
    topology: "a",
    stable: true,
    incidents: [a, b].map(({ router, rpcs }) => costChange(router, A[router] as Place, rpcs)),
  });

/** T10: any one event; T13: two at once. */
export const LINK_MODELS: readonly Model[] = [
  costModel(1, [5, 15]),
  costModel(2, [5, 15]),
  costModel(3, [10, 12, 40]),
  ...[0, 1, 2, 3, 4].map(failModel),
  portModel(0, "10.2.0"),
  portModel(1, "10.3.0"),
  portModel(2, "10.2.0"),
  portModel(2, "10.3.0"),
  portModel(3, "10.3.0"),
  portModel(3, "10.4.0"),
  twoCosts("T13-12", { router: 1, rpcs: [5, 15] }, { router: 2, rpcs: [5, 15] }),
  twoCosts("T13-23", { router: 2, rpcs: [15, 25] }, { router: 3, rpcs: [12, 40] }),
];
