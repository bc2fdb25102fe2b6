// What happens to a random network, one step after another.
import { known } from "../../src/base/invariant.ts";
import type { Random } from "../../src/base/random.ts";
import { millis } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import type { Router, RouterInterface, Topology } from "../../src/topology/topology.ts";
import { HOST_INTERFACE } from "../../src/topology/topology.ts";
import { addressOn, endsOn, freeNumber, GROUPS, happens, pick } from "./generate.ts";
import type { PortKeys } from "./keys.ts";
import { NO_KEYS } from "./keys.ts";
import type { Happening, Scene, Weather } from "./scene.ts";
import { GOOD_WEATHER } from "./scene.ts";

const KINDS: readonly Message["kind"][] = [
  "sync",
  "iamUpstream",
  "iamNoLongerUpstream",
  "interest",
  "noInterest",
  "ack",
];

/** An identifier that only an interface has that is given a wrong key. */
const WRONG_KEY = 60_000;
const WRONG_KEYS: PortKeys = { identifiers: [WRONG_KEY], sendWith: null };

interface Place {
  readonly router: string;
  readonly port: RouterInterface;
}

function randomPlace(random: Random, { topology }: Scene): Place {
  const router = pick(random, [...topology.routers.values()]);
  return { router: router.name, port: pick(random, router.interfaces) };
}

/** Faults of links, for a while. */
export function randomWeather(random: Random): Weather {
  if (happens(random, 30)) return GOOD_WEATHER;
  const only = happens(random, 35) ? pick(random, KINDS) : null;
  return {
    lost: random.below(only === null ? 301 : 601),
    duplicated: random.below(201),
    delayed: random.below(501),
    delay: millis(pick(random, [5, 100, 1_000, 7_000])),
    only,
  };
}

function changeAtRandom(random: Random, scene: Scene, leastCost: number): Happening {
  const { router, port } = randomPlace(random, scene);
  const at = { kind: "interface", router, name: port.name } as const;
  const what = random.below(100);
  if (what < 5) return { kind: "vanish", router, name: port.name };
  if (what < 40) return { ...at, change: { up: !port.up } };
  if (what < 70) return { ...at, change: { cost: leastCost + random.below(6) } };
  if (what < 80) {
    const number = freeNumber(random, scene.topology, port.link);
    return { ...at, change: { address: addressOn(port.link, number) } };
  }
  if (what < 92) return { ...at, change: { hpim: !port.hpim } };
  return { ...at, change: { igmp: !port.igmp } };
}

function lifeAtRandom(random: Random, { topology, running }: Scene): readonly Happening[] {
  const router = pick(random, [...topology.routers.keys()]);
  if (!running.has(router)) return [{ kind: "start", router }];
  const ends: Happening = { kind: pick(random, ["stop", "kill"] as const), router };
  return happens(random, 50) ? [ends, { kind: "start", router }] : [ends];
}

function wishAtRandom(random: Random, scene: Scene): Happening {
  const isFlow = happens(random, 40);
  const list = isFlow ? scene.flows : scene.members;
  const names = [...scene.topology.hosts.keys()].filter((name) => name.startsWith("s") === isFlow);
  const wish = { host: pick(random, names), group: pick(random, GROUPS) };
  const on = !list.some(({ host, group }) => host === wish.host && group === wish.group);
  return { kind: isFlow ? "flow" : "member", wish, on };
}

const keysEvent = (end: string, keys: PortKeys): Happening => {
  const [router = "", name = ""] = end.split(".");
  return { kind: "keys", router, name, keys };
};

/** Some of the ends on a link, with its hosts: not none, nor all of the routers. */
function partitionAtRandom(random: Random, { topology, parts }: Scene): readonly Happening[] {
  const [broken] = parts.keys();
  if (broken !== undefined && happens(random, 60)) {
    return [{ kind: "partition", link: broken, away: [] }];
  }
  const links = [...topology.links.keys()].filter((name) => endsOn(topology, name).length > 1);
  const link = pick(random, links);
  const ends = endsOn(topology, link);
  const first = random.below(ends.length);
  const routers = ends.filter((_, i) => i === first || happens(random, 30)).slice(0, -1);
  const hosts = [...topology.hosts.values()]
    .filter((host) => host.link === link && happens(random, 50))
    .map(({ name }) => `${name}.${HOST_INTERFACE}`);
  const away = routers.length === 0 ? ends.slice(0, 1) : routers;
  return [{ kind: "partition", link, away: [...away, ...hosts] }];
}

const newestKey = ({ identifiers }: PortKeys): number => identifiers.at(-1) ?? 0;

/** §3: all get the new key, then all sign with it, then all forget the old one. */
function rollover(ends: readonly string[], old: number): readonly Happening[] {
  const steps: readonly PortKeys[] = [
    { identifiers: [old, old + 1], sendWith: old },
    { identifiers: [old, old + 1], sendWith: null },
    { identifiers: [old + 1], sendWith: null },
  ];
  return steps.flatMap((keys) => ends.map((end) => keysEvent(end, keys)));
}

/** Links whose interfaces do not have the same keys. */
const quarrels = ({ topology, keys }: Scene): readonly string[] =>
  [...topology.links.keys()].filter((link) => {
    const texts = endsOn(topology, link).map((end) => JSON.stringify(keys.get(end) ?? NO_KEYS));
    return new Set(texts).size > 1;
  });

/** All interfaces on the link get the keys of the first whose key is not wrong. */
function agree({ topology, keys }: Scene, link: string): readonly Happening[] {
  const ends = endsOn(topology, link);
  const all = ends.map((end) => keys.get(end) ?? NO_KEYS);
  const right = all.find((own) => newestKey(own) !== WRONG_KEY) ?? NO_KEYS;
  return ends
    .filter((end) => JSON.stringify(keys.get(end) ?? NO_KEYS) !== JSON.stringify(right))
    .map((end) => keysEvent(end, right));
}

function keysAtRandom(random: Random, scene: Scene): readonly Happening[] {
  const { topology, keys } = scene;
  const quarrelling = quarrels(scene);
  if (quarrelling.length > 0 && happens(random, 60)) return agree(scene, pick(random, quarrelling));
  const ends = endsOn(topology, randomPlace(random, scene).port.link);
  const own = keys.get(known(ends[0], "somebody is on the link")) ?? NO_KEYS;
  const isRollover = own.identifiers.length > 0 && happens(random, 60);
  return isRollover ? rollover(ends, newestKey(own)) : [keysEvent(pick(random, ends), WRONG_KEYS)];
}

/** An interface, most often of a router on the source's link, gets an address on the source's subnet, or loses it. */
function subnetAtRandom(random: Random, { topology, extra }: Scene): readonly Happening[] {
  const [given] = extra.keys();
  if (given !== undefined && happens(random, 60)) return [subnetEvent(given, null)];
  const sources = [...topology.hosts.values()].filter(({ name }) => name.startsWith("s"));
  const source = pick(random, sources);
  const routers = [...topology.routers.values()];
  const near = routers.filter((one) => one.interfaces.some((port) => port.link === source.link));
  const router = pick(random, happens(random, 60) ? near : routers);
  const ends = router.interfaces
    .filter((port) => port.link !== source.link)
    .map((port) => `${router.name}.${port.name}`);
  const hasOne = [...extra.keys()].some((other) => other.startsWith(`${router.name}.`));
  // The first one leads to the rest of the network, as it was laid, and is the kernel's choice of equal routes.
  const end = happens(random, 70) ? ends[0] : ends[random.below(ends.length)];
  if (hasOne || end === undefined) return [];
  const join = subnetEvent(end, source.name);
  return happens(random, 50) ? [join, subnetEvent(end, null)] : [join];
}

/** All interfaces are on their own subnets alone. */
export const allGoHome = ({ extra }: Scene): readonly Happening[] =>
  [...extra.keys()].map((end) => subnetEvent(end, null));

function subnetEvent(end: string, source: string | null): Happening {
  const [router = "", name = ""] = end.split(".");
  return { kind: "subnet", router, name, source };
}

/** Deafness of two ends to each other, or of one. */
function deafnessAtRandom(
  random: Random,
  scene: Scene,
  ends: readonly [string, string],
): readonly Happening[] {
  const [from, to] = ends;
  const pairs = happens(random, 60)
    ? [
        { from, to },
        { from: to, to: from },
      ]
    : [{ from, to }];
  const on = !scene.deaf.some((pair) => pair.from === from && pair.to === to);
  return pairs.map((pair) => ({ kind: "oneWay", pair, on }));
}

function otherPlaces(topology: Topology, { router, port }: Place): readonly Place[] {
  return [...topology.routers.values()].flatMap(({ name, interfaces }) =>
    interfaces
      .filter((at) => at.link === port.link && name !== router)
      .map((at) => ({ router: name, port: at })),
  );
}

function breachAtRandom(random: Random, scene: Scene): readonly Happening[] {
  const { topology } = scene;
  const place = randomPlace(random, scene);
  const others = otherPlaces(topology, place);
  if (others.length === 0) return [];
  const other = pick(random, others);
  const { router, port } = place;
  if (happens(random, 50)) {
    const ends = [`${router}.${port.name}`, `${other.router}.${other.port.name}`] as const;
    return deafnessAtRandom(random, scene, ends);
  }
  const senders = [...topology.hosts.values()].filter(({ name }) => name.startsWith("s"));
  const destination = topology.links.get(pick(random, senders).link)?.subnet;
  if (destination === undefined) return [];
  const own = topology.routers.get(router)?.interfaces.find((at) => at.link === port.link);
  const nextHops = [{ via: other.port.address, interface: (own ?? port).name }];
  const routes = [{ destination, nextHops, metric: random.below(8) }];
  return [{ kind: "routes", router, routes }];
}

/** What happens next. `breaksPremises`: of §17. */
export function eventsAtRandom(
  random: Random,
  scene: Scene,
  breaksPremises: boolean,
): readonly Happening[] {
  const what = random.below(100);
  if (breaksPremises && what < 15) return breachAtRandom(random, scene);
  if (what < 39) return [changeAtRandom(random, scene, breaksPremises ? 0 : 1)];
  if (what < 42) return subnetAtRandom(random, scene);
  if (what < 55) return lifeAtRandom(random, scene);
  if (what < 71) return [wishAtRandom(random, scene)];
  const router = pick(random, [...scene.topology.routers.keys()]);
  if (what < 74) return [{ kind: "clock", router, seconds: random.below(200) - 100 }];
  if (what < 80) return [{ kind: "blink", router, span: millis(1 + random.below(900)) }];
  if (what < 84) return keysAtRandom(random, scene);
  if (what < 90) return partitionAtRandom(random, scene);
  return [{ kind: "weather", weather: randomWeather(random) }];
}

/** Little things, one at a time: nothing starts afresh that would put right what they did. */
export function aftershock(random: Random, scene: Scene): readonly Happening[] {
  const router = pick(random, [...scene.topology.routers.keys()]);
  const { router: at, port } = randomPlace(random, scene);
  const cost = 1 + random.below(6);
  const shock: Happening = pick<Happening>(random, [
    { kind: "blink", router, span: millis(1 + random.below(900)) },
    { kind: "interface", router: at, name: port.name, change: { cost } },
    wishAtRandom(random, scene),
  ]);
  return [{ kind: "weather", weather: randomWeather(random) }, shock, { kind: "rest" }];
}

/** What makes every router run HPIM-DM and IGMP everywhere again, on links that are whole, with the same keys. */
export function repairs(scene: Scene): readonly Happening[] {
  const routers = [...scene.topology.routers.values()];
  const starts = routers
    .filter(({ name }) => !scene.running.has(name))
    .map(({ name }): Happening => ({ kind: "start", router: name }));
  const repairsOf = ({ name: router, interfaces }: Router): readonly Happening[] =>
    interfaces.flatMap(({ name, hpim, igmp }): readonly Happening[] => {
      const at = { kind: "interface", router, name } as const;
      return [
        ...(hpim ? [] : [{ ...at, change: { hpim: true } }]),
        ...(igmp ? [] : [{ ...at, change: { igmp: true } }]),
      ];
    });
  const heals = [...scene.parts.keys()].map(
    (link): Happening => ({ kind: "partition", link, away: [] }),
  );
  const keys = quarrels(scene).flatMap((link) => agree(scene, link));
  return [...starts, ...routers.flatMap(repairsOf), ...heals, ...keys];
}
