// What happens to a random network, for a seed: a scene, a configuration, and a list of events that can be shortened.
import { formatAddress } from "../../src/base/address.ts";
import { Random } from "../../src/base/random.ts";
import { millis, seconds } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { EMPTY_CONFIGURATION } from "../../src/daemon/configuration.ts";
import type { Router, RouterInterface } from "../../src/topology/topology.ts";
import { addressOn, freeNumber, GROUPS, happens, pick, randomScene } from "./generate.ts";
import type { Happening, Scene, StoryEvent, Weather } from "./scene.ts";
import { happeningText, sceneAfter } from "./scene.ts";
import { GOOD_WEATHER } from "./world.ts";

const FEWEST_EVENTS = 10;
const MOST_EVENTS = 40;
const AFTERSHOCKS = 3;
const KINDS: readonly Message["kind"][] = [
  "sync",
  "iamUpstream",
  "iamNoLongerUpstream",
  "interest",
  "noInterest",
  "ack",
];

/** A story. */
export interface Story {
  readonly seed: number;
  readonly configuration: Configuration;
  readonly scene: Scene;
  readonly events: readonly StoryEvent[];
}

function randomConfiguration(random: Random, breaksPremises: boolean): Configuration {
  const { router, defaults } = EMPTY_CONFIGURATION;
  const most = router.sequenceNumberLimit;
  const limit = pick(random, [20, 60, 150, most]);
  return {
    ...EMPTY_CONFIGURATION,
    router: {
      ...router,
      sourceActiveTime: seconds(30),
      floodInitialData: happens(random, 75),
      // Who is not heard takes a number for each attempt to synchronise: with few of them it would never rest.
      sequenceNumberLimit: breaksPremises ? most : limit,
    },
    defaults: {
      hpim: {
        ...defaults.hpim,
        treesPerSync: happens(random, 50) ? null : 1 + random.below(2),
        holdForwarding: happens(random, 75),
      },
      igmp: {
        ...defaults.igmp,
        queryInterval: seconds(20),
        queryResponseInterval: seconds(4),
        startupQueryInterval: seconds(5),
      },
    },
  };
}

interface Place {
  readonly router: string;
  readonly port: RouterInterface;
}

function randomPlace(random: Random, { topology }: Scene): Place {
  const router = pick(random, [...topology.routers.values()]);
  return { router: router.name, port: pick(random, router.interfaces) };
}

function randomWeather(random: Random): Weather {
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

function lifeAtRandom(random: Random, { topology, running }: Scene): Happening {
  const router = pick(random, [...topology.routers.keys()]);
  if (!running.has(router)) return { kind: "start", router };
  return { kind: pick(random, ["stop", "kill"] as const), router };
}

function wishAtRandom(random: Random, scene: Scene): Happening {
  const isFlow = happens(random, 40);
  const list = isFlow ? scene.flows : scene.members;
  const names = [...scene.topology.hosts.keys()].filter((name) => name.startsWith("s") === isFlow);
  const wish = { host: pick(random, names), group: pick(random, GROUPS) };
  const on = !list.some(({ host, group }) => host === wish.host && group === wish.group);
  return { kind: isFlow ? "flow" : "member", wish, on };
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

function breachAtRandom(random: Random, scene: Scene): readonly Happening[] {
  const { topology } = scene;
  const { router, port } = randomPlace(random, scene);
  const others = [...topology.routers.values()].flatMap(({ name, interfaces }) =>
    interfaces.filter((at) => at.link === port.link && name !== router).map((at) => ({ name, at })),
  );
  if (others.length === 0) return [];
  const other = pick(random, others);
  if (happens(random, 50)) {
    const ends = [`${router}.${port.name}`, `${other.name}.${other.at.name}`] as const;
    return deafnessAtRandom(random, scene, ends);
  }
  const senders = [...topology.hosts.values()].filter(({ name }) => name.startsWith("s"));
  const destination = topology.links.get(pick(random, senders).link)?.subnet;
  if (destination === undefined) return [];
  const nextHops = [{ via: other.at.address, interface: port.name }];
  const routes = [{ destination, nextHops, metric: random.below(8) }];
  return [{ kind: "routes", router, routes }];
}

function eventsAtRandom(
  random: Random,
  scene: Scene,
  breaksPremises: boolean,
): readonly Happening[] {
  const what = random.below(100);
  if (breaksPremises && what < 15) return breachAtRandom(random, scene);
  if (what < 45) return [changeAtRandom(random, scene, breaksPremises ? 0 : 1)];
  if (what < 60) return [lifeAtRandom(random, scene)];
  if (what < 78) return [wishAtRandom(random, scene)];
  const router = pick(random, [...scene.topology.routers.keys()]);
  if (what < 82) return [{ kind: "clock", router, seconds: random.below(200) - 100 }];
  if (what < 90) return [{ kind: "blink", router, span: millis(1 + random.below(900)) }];
  return [{ kind: "weather", weather: randomWeather(random) }];
}

/** Little things, one at a time: nothing starts afresh that would put right what they did. */
function aftershock(random: Random, scene: Scene): readonly Happening[] {
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

/** What makes every router run HPIM-DM and IGMP everywhere again. */
function repairs({ topology, running }: Scene): readonly Happening[] {
  const routers = [...topology.routers.values()];
  const starts = routers
    .filter(({ name }) => !running.has(name))
    .map(({ name }): Happening => ({ kind: "start", router: name }));
  const repairsOf = ({ name: router, interfaces }: Router): readonly Happening[] =>
    interfaces
      .filter(({ hpim, igmp }) => !hpim || !igmp)
      .map(({ name }) => ({ kind: "interface", router, name, change: { hpim: true, igmp: true } }));
  return [...starts, ...routers.flatMap(repairsOf)];
}

/** The story of a seed. */
export function storyOf(seed: number): Story {
  const random = new Random(seed);
  const breaksPremises = happens(random, 25);
  const configuration = randomConfiguration(random, breaksPremises);
  const scene = randomScene(random, { breaksPremises });
  const events: StoryEvent[] = [];
  let present = scene;
  const add = (what: Happening): void => {
    const pause = millis(random.below(pick(random, [1, 200, 3_000, 12_000])));
    const lag = millis(pick(random, [0, 0, 40, 1_500]));
    events.push({ pause, lag, what });
    present = sceneAfter(present, what);
  };
  add({ kind: "weather", weather: randomWeather(random) });
  const count = FEWEST_EVENTS + random.below(MOST_EVENTS - FEWEST_EVENTS);
  while (events.length < count) eventsAtRandom(random, present, breaksPremises).forEach(add);
  if (happens(random, 60)) for (const what of repairs(present)) add(what);
  for (let n = 0; n < AFTERSHOCKS; n++) aftershock(random, present).forEach(add);
  return { seed, configuration, scene, events };
}

function sceneLines({ topology, members, flows, running }: Scene): readonly string[] {
  const routers = [...topology.routers.values()].map(({ name, interfaces }) => {
    const ports = interfaces.map(
      (at) => `${at.name} ${formatAddress(at.address)} cost ${at.cost}${at.up ? "" : " down"}`,
    );
    return `${name}${running.has(name) ? "" : " (not running)"}: ${ports.join(", ")}`;
  });
  const wishes = (list: Scene["members"], host: string): string =>
    list
      .filter((wish) => wish.host === host)
      .map(({ group }) => formatAddress(group))
      .join(", ");
  const hosts = [...topology.hosts.values()].map(({ name, address }) => {
    const does = name.startsWith("s") ? "sends to" : "wants";
    const what = wishes(name.startsWith("s") ? flows : members, name);
    return `${name} ${formatAddress(address)} ${does} ${what === "" ? "nothing" : what}`;
  });
  return [...routers, ...hosts];
}

/** A story to read. */
export function storyLines({ seed, scene, configuration, events }: Story): readonly string[] {
  const { router, defaults } = configuration;
  const settings = [
    `floodInitialData ${router.floodInitialData}`,
    `sequenceNumberLimit ${router.sequenceNumberLimit}`,
    `treesPerSync ${defaults.hpim.treesPerSync}`,
    `holdForwarding ${defaults.hpim.holdForwarding}`,
  ];
  const told = events.map(({ pause, lag, what }) => {
    const late = lag === 0 ? "" : ` (routes within ${lag} ms)`;
    return `+${(pause / 1000).toFixed(3)} s ${happeningText(what)}${late}`;
  });
  return [`seed ${seed}`, settings.join(", "), ...sceneLines(scene), ...told];
}
