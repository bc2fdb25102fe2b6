// What happens to a random network, for a seed: a scene, a configuration, and a list of events that can be shortened.
import { Random } from "../../src/base/random.ts";
import { millis, seconds } from "../../src/base/units.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { EMPTY_CONFIGURATION } from "../../src/daemon/configuration.ts";
import { endsOn, GROUPS, happens, pick, randomScene } from "./generate.ts";
import { aftershock, allGoHome, eventsAtRandom, randomWeather, repairs } from "./random-events.ts";
import type { Happening, Scene, StoryEvent } from "./scene.ts";
import { sceneAfter } from "./scene.ts";

const FEWEST_EVENTS = 10;
const MOST_EVENTS = 100;
const AFTERSHOCKS = 3;

/** A story. */
export interface Story {
  readonly seed: number;
  readonly configuration: Configuration;
  readonly scene: Scene;
  readonly events: readonly StoryEvent[];
}

/** As many as the format has. */
export const MANY_NUMBERS: number = EMPTY_CONFIGURATION.router.sequenceNumberLimit;

/** More than ever wait. */
export const WIDE_WINDOW: number = EMPTY_CONFIGURATION.router.windowLimit;

/** What differs between configurations of campaigns. */
export interface Settings {
  readonly floodInitialData: boolean;
  readonly holdForwarding: boolean;
  readonly treesPerSync: number | null;
  readonly sequenceNumberLimit: number;
  readonly windowLimit: number;
}

/** The configuration of all routers, but for their interfaces. Sources and listeners are forgotten soon. */
export function configurationWith(settings: Settings): Configuration {
  const { router, defaults } = EMPTY_CONFIGURATION;
  const { floodInitialData, holdForwarding, treesPerSync, sequenceNumberLimit } = settings;
  const { windowLimit } = settings;
  return {
    ...EMPTY_CONFIGURATION,
    router: {
      ...router,
      sourceActiveTime: seconds(30),
      ...{ floodInitialData, sequenceNumberLimit, windowLimit },
    },
    defaults: {
      hpim: { ...defaults.hpim, treesPerSync, holdForwarding },
      igmp: {
        ...defaults.igmp,
        queryInterval: seconds(20),
        queryResponseInterval: seconds(4),
        startupQueryInterval: seconds(5),
      },
    },
  };
}

/**
 * What a router may say on a link once all its neighbors there have begun anew: a snapshot for each, and something to each of
 * every tree. It says as much again when it begins anew itself. With fewer numbers than for both, routers would use them up
 * and begin anew for ever.
 */
function sayingsIn({ topology }: Scene): number {
  const sources = [...topology.hosts.keys()].filter((name) => name.startsWith("s")).length;
  const crowd = Math.max(
    ...[...topology.links.keys()].map((link) => endsOn(topology, link).length),
  );
  return crowd * (1 + sources * GROUPS.length);
}

function randomConfiguration(
  random: Random,
  sayings: number,
  breaksPremises: boolean,
): Configuration {
  const limit = pick(random, [2 * sayings, 4 * sayings, 12 * sayings, MANY_NUMBERS]);
  return configurationWith({
    floodInitialData: happens(random, 75),
    // Who is not heard takes a number for each attempt to synchronise: with few of them it would never rest.
    sequenceNumberLimit: breaksPremises ? MANY_NUMBERS : limit,
    treesPerSync: happens(random, 50) ? null : 1 + random.below(2),
    holdForwarding: happens(random, 75),
    windowLimit: happens(random, 50) ? WIDE_WINDOW : 1 + random.below(2),
  });
}

/** The story of a seed. */
export function storyOf(seed: number): Story {
  const random = new Random(seed);
  const breaksPremises = happens(random, 25);
  const scene = randomScene(random, { breaksPremises });
  const configuration = randomConfiguration(random, sayingsIn(scene), breaksPremises);
  const events: StoryEvent[] = [];
  let present = scene;
  const add = (what: Happening): void => {
    const pause = millis(random.below(pick(random, [1, 200, 3_000, 12_000])));
    const lag = millis(pick(random, [0, 0, 40, 1_500]));
    events.push({ pause, lag, what });
    present = sceneAfter(present, what);
  };
  add({ kind: "weather", weather: randomWeather(random) });
  const count = FEWEST_EVENTS + random.below(MOST_EVENTS - FEWEST_EVENTS + 1);
  while (events.length < count) eventsAtRandom(random, present, breaksPremises).forEach(add);
  if (happens(random, 60)) for (const what of repairs(present)) add(what);
  for (const what of allGoHome(present)) add(what);
  for (let n = 0; n < AFTERSHOCKS; n++) aftershock(random, present).forEach(add);
  return { seed, configuration, scene, events };
}
