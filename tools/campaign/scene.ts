// What is plugged in, configured, running, wanted and sent in a network, and what a campaign does to it: plain values.
import type { Address } from "../../src/base/address.ts";
import type { Millis } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import type { Faults } from "../../src/sim/medium.ts";
import { NO_FAULTS } from "../../src/sim/medium.ts";
import type { Route, RouterInterface, Topology } from "../../src/topology/topology.ts";
import type { PortKeys } from "./keys.ts";
import type { Parts } from "./parts.ts";

/** A host and a group, which it sends to or wants. */
export interface Wish {
  readonly host: string;
  readonly group: Address;
}

/** What `from` sends does not reach `to`: ends of one link, "r1.eth0". */
export interface OneWay {
  readonly from: string;
  readonly to: string;
}

/** A network at an instant. */
export interface Scene {
  /** With the present costs, states, addresses and protocols of the interfaces. */
  readonly topology: Topology;
  /** Routers whose daemons run. */
  readonly running: ReadonlySet<string>;
  readonly members: readonly Wish[];
  readonly flows: readonly Wish[];
  readonly deaf: readonly OneWay[];
  /** Links that have fallen in two. */
  readonly parts: Parts;
  /** By end, "r1.eth0"; interfaces that are left out have none. */
  readonly keys: ReadonlyMap<string, PortKeys>;
  /** By end, the source whose subnet it has a second address on. */
  readonly extra: ReadonlyMap<string, string>;
  /** Of the packets of the sources. */
  readonly ttl: number;
}

/** All routers of a topology run, each end speaks without keys, and nobody wants or sends anything. `ttl`: of packets. */
export const quietScene = (topology: Topology, ttl: number): Scene => ({
  topology,
  running: new Set(topology.routers.keys()),
  members: [],
  flows: [],
  deaf: [],
  parts: new Map(),
  extra: new Map(),
  keys: new Map(),
  ttl,
});

/** What happens to control messages on all links. */
export interface Weather extends Faults {
  /** Messages of this kind only; null: all of HPIM-DM and IGMP. */
  readonly only: Message["kind"] | null;
}

/** A link that carries nothing. */
export const ALL_LOST: Weather = { ...NO_FAULTS, lost: 1_000, only: null };

/** Links without faults. */
export const GOOD_WEATHER: Weather = { ...NO_FAULTS, only: null };

/** What can happen. Doing what is done already changes nothing: any event can be left out of a story. */
export type Happening =
  | ({ readonly kind: "interface"; readonly router: string; readonly name: string } & {
      readonly change: Partial<Pick<RouterInterface, "up" | "cost" | "address" | "hpim" | "igmp">>;
    })
  /** The interface has gone from the machine, until it is up again. */
  | { readonly kind: "vanish"; readonly router: string; readonly name: string }
  | { readonly kind: "start" | "stop" | "kill"; readonly router: string }
  /** The router loses its routes for a moment. */
  | { readonly kind: "blink"; readonly router: string; readonly span: Millis }
  /** Routes of its own that stand instead of those that costs give. */
  | { readonly kind: "routes"; readonly router: string; readonly routes: readonly Route[] }
  /** The interface gets a second address, on the subnet of this source; null: it loses it. */
  | {
      readonly kind: "subnet";
      readonly router: string;
      readonly name: string;
      readonly source: string | null;
    }
  | { readonly kind: "clock"; readonly router: string; readonly seconds: number }
  | { readonly kind: "member" | "flow"; readonly wish: Wish; readonly on: boolean }
  | { readonly kind: "oneWay"; readonly pair: OneWay; readonly on: boolean }
  /** The link falls in two: these ends, "r1.eth0", are cut off from the others; none: it is whole again. */
  | { readonly kind: "partition"; readonly link: string; readonly away: readonly string[] }
  | {
      readonly kind: "keys";
      readonly router: string;
      readonly name: string;
      readonly keys: PortKeys;
    }
  | { readonly kind: "weather"; readonly weather: Weather }
  /** In fair weather routers come to rest, and are as the oracle says. */
  | { readonly kind: "rest" };

/** An event of a story. */
export interface StoryEvent {
  /** Time since the event before it. */
  readonly pause: Millis;
  /** Each router learns of new unicast routes within this time. */
  readonly lag: Millis;
  readonly what: Happening;
}

const isSameWish = (a: Wish, b: Wish): boolean => a.host === b.host && a.group === b.group;

function toggled<T>(
  list: readonly T[],
  item: T,
  on: boolean,
  isSame: (a: T, b: T) => boolean,
): readonly T[] {
  const rest = list.filter((other) => !isSame(other, item));
  return on ? [...rest, item] : rest;
}

function withInterface(
  topology: Topology,
  { router, name, change }: Omit<Extract<Happening, { kind: "interface" }>, "kind">,
): Topology {
  const before = topology.routers.get(router);
  if (before === undefined) return topology;
  const interfaces = before.interfaces.map((at) => (at.name === name ? { ...at, ...change } : at));
  return {
    ...topology,
    routers: new Map(topology.routers).set(router, { ...before, interfaces }),
  };
}

function withRoutes(topology: Topology, router: string, routes: readonly Route[]): Topology {
  const before = topology.routers.get(router);
  if (before === undefined) return topology;
  return { ...topology, routers: new Map(topology.routers).set(router, { ...before, routes }) };
}

/** `scene` after it. */
export function sceneAfter(scene: Scene, what: Happening): Scene {
  switch (what.kind) {
    case "interface":
      return { ...scene, topology: withInterface(scene.topology, what) };
    case "vanish":
      return {
        ...scene,
        topology: withInterface(scene.topology, { ...what, change: { up: false } }),
      };
    case "routes":
      return { ...scene, topology: withRoutes(scene.topology, what.router, what.routes) };
    case "start":
      return { ...scene, running: new Set(scene.running).add(what.router) };
    case "stop":
    case "kill":
      return { ...scene, running: new Set([...scene.running].filter((n) => n !== what.router)) };
    case "member":
      return { ...scene, members: toggled(scene.members, what.wish, what.on, isSameWish) };
    case "flow":
      return { ...scene, flows: toggled(scene.flows, what.wish, what.on, isSameWish) };
    case "oneWay": {
      const isSame = (a: OneWay, b: OneWay): boolean => a.from === b.from && a.to === b.to;
      return { ...scene, deaf: toggled(scene.deaf, what.pair, what.on, isSame) };
    }
    case "partition": {
      const parts = new Map(scene.parts);
      if (what.away.length === 0) parts.delete(what.link);
      else parts.set(what.link, new Set(what.away));
      return { ...scene, parts };
    }
    case "subnet": {
      const extra = new Map(scene.extra);
      if (what.source === null) extra.delete(`${what.router}.${what.name}`);
      else extra.set(`${what.router}.${what.name}`, what.source);
      return { ...scene, extra };
    }
    case "keys": {
      const keys = new Map(scene.keys).set(`${what.router}.${what.name}`, what.keys);
      return { ...scene, keys };
    }
    case "blink":
    case "clock":
    case "weather":
    case "rest":
      return scene;
  }
}
