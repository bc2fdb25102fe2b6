// A random network, for a seed: routers in a tree of links with loops, parallel links and LANs, sources and listeners.
import type { Address } from "../../src/base/address.ts";
import { ip, prefixOf } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type { Random } from "../../src/base/random.ts";
import type { Host, Link, Router, RouterInterface, Topology } from "../../src/topology/topology.ts";
import type { PortKeys } from "./keys.ts";
import { quietScene, type Scene, type Wish } from "./scene.ts";

/** Sizes of networks, from and to, and how many of six are of each. */
const SIZES = [
  { least: 4, most: 12, ofSix: 3 },
  { least: 13, most: 30, ofSix: 2 },
  { least: 31, most: 60, ofSix: 1 },
] as const;
/** A packet may pass all routers of a small network, and go round in it; in a larger one it reaches every corner. */
const LEAST_TTL = 12;
/** The groups that are sent to. */
export const GROUPS: readonly Address[] = [ip("239.1.1.1"), ip("239.1.1.2")];
const SUBNET_LENGTH = 24;
/** Addresses of routers on a link are below, those of hosts from here on. */
const FIRST_HOST_NUMBER = 140;
/** Addresses of routers that are on another link are from here on, by the router's place among all. */
const FIRST_STRANGER_NUMBER = 190;

/** One of `list`. */
export const pick = <T>(random: Random, list: readonly T[]): T =>
  known(list[random.below(list.length)], "there is something to pick from");

/** Whether something happens that does so `percent` times of a hundred. */
export const happens = (random: Random, percent: number): boolean => random.below(100) < percent;

/** The address of number `number` on a link, "l7". */
export const addressOn = (link: string, number: number): Address =>
  ip(`10.0.${link.slice(1)}.${number}`);

/** A number for a router's address that is free on the link. */
export function freeNumber(
  random: Random,
  topology: Pick<Topology, "routers">,
  link: string,
): number {
  const taken = new Set(
    [...topology.routers.values()].flatMap(({ interfaces }) =>
      interfaces.filter((at) => at.link === link).map(({ address }) => address),
    ),
  );
  for (;;) {
    const number = 1 + random.below(FIRST_HOST_NUMBER - 1);
    if (!taken.has(addressOn(link, number))) return number;
  }
}

/** The address of a router on a link that none of its interfaces is on. */
export const strangerOn = ({ routers }: Topology, link: string, router: string): Address =>
  addressOn(link, FIRST_STRANGER_NUMBER + [...routers.keys()].indexOf(router));

/** A network that is being laid. */
class Ground {
  readonly links = new Map<string, Link>();
  readonly routers = new Map<string, Router>();
  readonly hosts = new Map<string, Host>();
  readonly #random: Random;
  /** A cost of 0 makes equal metrics. */
  readonly #leastCost: number;

  constructor(random: Random, leastCost: number) {
    this.#random = random;
    this.#leastCost = leastCost;
  }

  link(): string {
    const name = `l${this.links.size}`;
    const subnet = prefixOf(addressOn(name, 0), SUBNET_LENGTH);
    this.links.set(name, { name, subnet, snooping: false });
    return name;
  }

  router(): string {
    const name = `r${this.routers.size}`;
    this.routers.set(name, { name, interfaces: [], routes: [] });
    return name;
  }

  plug(name: string, link: string): void {
    const router = known(this.routers.get(name), `router ${name} is laid`);
    const port: RouterInterface = {
      name: `eth${router.interfaces.length}`,
      link,
      address: addressOn(link, freeNumber(this.#random, this, link)),
      cost: this.#leastCost + this.#random.below(4),
      up: true,
      hpim: true,
      igmp: true,
    };
    this.routers.set(name, { ...router, interfaces: [...router.interfaces, port] });
  }

  host(name: string, link: string): string {
    const address = addressOn(link, FIRST_HOST_NUMBER + this.hosts.size);
    this.hosts.set(name, { name, link, address });
    return name;
  }

  isOn(name: string, link: string): boolean {
    return this.routers.get(name)?.interfaces.some((at) => at.link === link) ?? false;
  }
}

function layTree(ground: Ground, random: Random, count: number): void {
  for (let i = 0; i < count; i++) {
    const earlier = [...ground.routers.keys()];
    const links = [...ground.links.keys()];
    const name = ground.router();
    if (links.length > 0 && happens(random, 45)) ground.plug(name, pick(random, links));
    else {
      const link = ground.link();
      if (earlier.length > 0) ground.plug(pick(random, earlier), link);
      ground.plug(name, link);
    }
  }
}

function layLoops(ground: Ground, random: Random, count: number): void {
  const names = [...ground.routers.keys()];
  for (let i = 0; i < count; i++) {
    const [a, b] = [pick(random, names), pick(random, names)];
    if (a === b) continue;
    const link = happens(random, 60) ? ground.link() : pick(random, [...ground.links.keys()]);
    for (const name of [a, b]) if (!ground.isOn(name, link)) ground.plug(name, link);
  }
}

/** A second link beside one that joins two routers. */
function layParallel(ground: Ground, random: Random): void {
  const names = [...ground.routers.keys()];
  const first = pick(random, names);
  const links = ground.routers.get(first)?.interfaces.map((at) => at.link) ?? [];
  const second = names.find((name) => name !== first && links.some((at) => ground.isOn(name, at)));
  if (second === undefined) return;
  const parallel = ground.link();
  for (const name of [first, second]) ground.plug(name, parallel);
}

/** A stub link of one router, sometimes of two, or any link that there is. */
function hostLink(ground: Ground, random: Random): string {
  if (happens(random, 35)) return pick(random, [...ground.links.keys()]);
  const names = [...ground.routers.keys()];
  const link = ground.link();
  ground.plug(pick(random, names), link);
  const second = pick(random, names);
  if (happens(random, 40) && !ground.isOn(second, link)) ground.plug(second, link);
  return link;
}

function topologyOf(ground: Ground, igmpVersion: 2 | 3): Topology {
  const { links, routers, hosts } = ground;
  return { name: "random", igmpVersion, links, routers, hosts, flows: [] };
}

/** How much a network may break the premises of §17. */
export interface Manners {
  /** Interfaces of one router may be on one link, costs may be 0. */
  readonly breaksPremises: boolean;
}

/** The ends of routers on a link. */
export const endsOn = (topology: Pick<Topology, "routers">, link: string): readonly string[] =>
  [...topology.routers.values()].flatMap(({ name, interfaces }) =>
    interfaces.filter((at) => at.link === link).map((at) => `${name}.${at.name}`),
  );

/** Some networks have keys on all links, some on some. */
function randomKeys(random: Random, topology: Topology): ReadonlyMap<string, PortKeys> {
  const percent = pick(random, [0, 0, 30, 100]);
  const keyed = [...topology.links.keys()].filter(() => happens(random, percent));
  return new Map(
    keyed.flatMap((link) =>
      endsOn(topology, link).map((end) => [end, { identifiers: [1], sendWith: null }] as const),
    ),
  );
}

/** A random scene: all routers run HPIM-DM and IGMP on all interfaces. */
export function randomScene(random: Random, { breaksPremises }: Manners): Scene {
  const ground = new Ground(random, breaksPremises && happens(random, 50) ? 0 : 1);
  const { least, most } = pick(
    random,
    SIZES.flatMap((size) => Array.from({ length: size.ofSix }, () => size)),
  );
  const count = least + random.below(most - least + 1);
  layTree(ground, random, count);
  layLoops(ground, random, 1 + random.below(Math.ceil(count / 2)));
  if (happens(random, 30)) layParallel(ground, random);
  const sources = Array.from({ length: 1 + random.below(3) }, () => hostLink(ground, random));
  // A second interface on the source's link is no breach (§17).
  const [first] = sources;
  const atSource = [...ground.routers.keys()].find((name) => first && ground.isOn(name, first));
  if (first && atSource && happens(random, 15)) ground.plug(atSource, first);
  if (breaksPremises && happens(random, 40)) {
    const names = [...ground.routers.keys()];
    ground.plug(pick(random, names), pick(random, [...ground.links.keys()]));
  }
  const senders = sources.map((link, i) => ground.host(`s${i}`, link));
  const listenerCount = 2 + random.below(4 + Math.floor(count / 10));
  const listeners = Array.from({ length: listenerCount }, (_, i) =>
    ground.host(`h${i}`, hostLink(ground, random)),
  );
  const topology = topologyOf(ground, happens(random, 50) ? 2 : 3);
  const wishes = (hosts: readonly string[], percent: number): readonly Wish[] =>
    hosts.flatMap((host) =>
      GROUPS.filter(() => happens(random, percent)).map((group) => ({ host, group })),
    );
  return {
    ...quietScene(topology, Math.max(LEAST_TTL, count + 1)),
    members: wishes(listeners, 60),
    flows: wishes(senders, 75),
    keys: randomKeys(random, topology),
  };
}
