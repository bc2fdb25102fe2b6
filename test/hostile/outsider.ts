// An attacker without the key of the routers' link (P6). What it forges changes nothing but counters: two networks, of
// which one is attacked, remember the same to the bit. What it replays changes no tree, ends no neighborhood, costs no
// packet, and leaves nothing behind after SyncHoldTime.
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Address } from "../../src/base/address.ts";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { Random } from "../../src/base/random.ts";
import { millis, seconds } from "../../src/base/units.ts";
import type { DropReason } from "../../src/daemon/drops.ts";
import { happens, pick } from "../../tools/campaign/generate.ts";
import type { World } from "../../tools/campaign/world.ts";
import { answerOf } from "../support/answers.ts";
import { signed } from "../support/hmac.ts";
import type { AttackerOptions } from "./attacker.ts";
import { Attacker } from "./attacker.ts";
import {
  ADDRESSES,
  ATTACKED,
  BESIEGED,
  engineAt,
  expectEachOnce,
  expectRest,
  fortress,
  GROUP,
  KEY,
  livesAt,
  memoryAt,
  SOURCE,
} from "./fortress.ts";

/** How an attacker goes about it. */
export interface Raid {
  readonly seed: number;
  readonly steps: number;
}

const OWN: readonly Address[] = ["10.0.2.2", "10.0.2.66"].map(ip);
const SETTLED = seconds(30);
/** §16: SyncHoldTime, and a moment. */
const SYNC_HOLD_TIME = millis(12_100);
const TREE = { source: SOURCE, group: GROUP };
const OF_SIGNATURES: readonly DropReason[] = [
  ...(["not signed", "unknown key identifier", "wrong signature"] as const),
];
const WRONG_KEYS = [
  { ...KEY, secret: "of the router" },
  { ...KEY, identifier: 8 },
  { ...KEY, algorithm: "sha3_256" },
] as const;

function attackerIn(world: World, seed: number): Attacker {
  const options: AttackerOptions = {
    ...{ link: world.network.link(ATTACKED), random: new Random(seed) },
    ...{ routers: ADDRESSES, own: OWN, tree: TREE, key: null },
  };
  return new Attacker(options);
}

/** Any message in anybody's name, unsigned or signed as somebody would who has not the key. */
function forge(attacker: Attacker): void {
  const { random } = attacker.options;
  const to = pick(random, ADDRESSES);
  const from = happens(random, 70) ? pick(random, ADDRESSES) : attacker.anyNewcomer();
  const bare = attacker.written(from, to, attacker.anyMessage(from, to));
  const isBare = happens(random, 30);
  attacker.send(isBare ? bare : signed(bare, pick(random, WRONG_KEYS)));
}

function drops(world: World): number {
  const rows = [...world.scene.running].flatMap(
    (router) => answerOf("counters", engineAt(world, router)).counters,
  );
  const dropped = rows.flatMap((row) => row.dropped);
  const forged = dropped.filter(({ reason }) => OF_SIGNATURES.some((one) => one === reason));
  return forged.reduce((sum, { count }) => sum + count, 0);
}

/** All that a network is, but for what its routers have dropped. */
const essence = (world: World): unknown => [
  ...[...world.scene.running].map((router) => [
    memoryAt(world, router),
    engineAt(world, router).view().membership,
    world.entries(router),
  ]),
  world.network.notices.filter(({ notice }) => notice.kind !== "dropped"),
  [...world.scene.topology.hosts.keys()].map((host) => world.network.host(host).arrivals),
];

function expectTwins(attacked: World, twin: World): void {
  const [one, other] = [essence(attacked), essence(twin)];
  if (!isDeepStrictEqual(one, other)) assert.deepEqual(one, other);
}

/** What forgeries may meet: somebody joins and leaves, and routers end in good order, die, and soon begin again. */
function happenings(world: World, random: Random): void {
  const [pause, lag] = [seconds(0), seconds(0)];
  const down = BESIEGED.filter((router) => !world.scene.running.has(router));
  if (down.length > 0 && happens(random, 60)) {
    world.play({ pause, lag, what: { kind: "start", router: pick(random, down) } });
  } else if (happens(random, 60)) {
    const wish = { host: pick(random, ["c2", "c3"]), group: GROUP };
    const on = !world.scene.members.some(({ host }) => host === wish.host);
    world.play({ pause, lag, what: { kind: "member", wish, on } });
  } else {
    const kind = pick(random, ["stop", "kill"] as const);
    world.play({ pause, lag, what: { kind, router: pick(random, BESIEGED) } });
  }
}

/** P6: forgeries, while all that happens in a network happens. */
export function playForgeries({ seed, steps }: Raid): void {
  const [attacked, twin] = [fortress(KEY, seed), fortress(KEY, seed)];
  const attacker = attackerIn(attacked, seed);
  const random = new Random(seed + 1);
  let arrived = false;
  for (let step = 0; step < steps; step++) {
    for (let n = random.below(5); n >= 0; n--) forge(attacker);
    if (happens(random, 10)) {
      const { state } = random;
      for (const world of [attacked, twin]) happenings(world, new Random(state));
    }
    const span = millis(random.below(pick(random, [2, 100, 4_000])));
    for (const world of [attacked, twin]) world.run(span);
    expectTwins(attacked, twin);
    arrived ||= drops(attacked) > 0;
  }
  assert.ok(arrived, "forgeries have arrived");
}

/** Of all routers that run: their trees, but for times, and their neighbors. */
const state = (world: World): unknown =>
  [...world.scene.running].map((router) => [
    livesAt(world, router),
    treesAt(world, router),
    world.entries(router).map(({ source, group, incoming, outgoing }) => ({
      ...{ source, group, incoming, outgoing },
    })),
  ]);

/** Trees, but for times, and what neighbors have said of them. */
function treesAt(world: World, name: string): unknown {
  const { router } = engineAt(world, name);
  const { now } = world.network;
  return [...router.treeKeys()]
    .filter((key) => key !== undefined)
    .map((key) => {
      const { sourceActiveDue: _, ...tree } = known(
        router.tree(key, now),
        "a tree of this instant",
      );
      return [tree, router.neighborTrees(key, now)];
    });
}

/** Those behind one of the routers leave, and join again. */
function leaveAndJoin(world: World): void {
  for (const host of ["c2", "c3"]) {
    for (const on of [false, true]) {
      const what = { kind: "member", wish: { host, group: GROUP }, on } as const;
      world.play({ pause: seconds(1.5), lag: seconds(0), what });
      world.run(seconds(on ? 0.5 : 4));
    }
  }
}

/** Lives of many kinds, all recorded; the last of all of them are full of news. */
function live(world: World, random: Random): void {
  world.run(SETTLED);
  leaveAndJoin(world);
  for (const kind of ["stop", "kill"] as const) {
    const router = pick(random, BESIEGED);
    for (const what of [
      { kind, router },
      { kind: "start", router },
    ] as const) {
      world.play({ pause: seconds(4), lag: seconds(0), what });
    }
    world.run(SETTLED);
  }
  leaveAndJoin(world);
}

const NEWS = 60;

/** What was said last, no Hello since, is old because of its number alone (§7.3); after Hellos, for other reasons (§15). */
function expectOldNews(world: World, attacker: Attacker): void {
  const news = attacker.heard.slice(-NEWS).reverse();
  const before = state(world);
  for (const datagram of news) {
    attacker.send(datagram);
    world.run(millis(1));
    assert.deepEqual(state(world), before);
  }
  // Until interest that is unknown has ended.
  world.run(SETTLED);
}

/** Replays some of what was recorded, in any order, at any pace; `check` is called again and again. */
function replay(attacker: Attacker, world: World, steps: number, check: () => void): void {
  const { random } = attacker.options;
  const recorded = [...attacker.heard];
  const inOrder = happens(random, 50);
  const first = random.below(recorded.length);
  for (let step = 0; step < steps; step++) {
    for (let n = 0; n < 10; n++) {
      const next = recorded[(first + 10 * step + n) % recorded.length];
      attacker.send(inOrder && next !== undefined ? next : pick(random, recorded));
    }
    world.run(millis(random.below(pick(random, [2, 100, 1_000]))));
    check();
  }
}

/** P6: replays, while all routers live, and when one has left. */
export function playReplays({ seed, steps }: Raid): void {
  const random = new Random(seed);
  const world = fortress(KEY, seed);
  const attacker = attackerIn(world, seed);
  live(world, random);
  expectOldNews(world, attacker);
  const begin = world.network.now;
  const before = state(world);
  replay(attacker, world, steps, () => assert.deepEqual(state(world), before));
  world.run(SYNC_HOLD_TIME);
  assert.deepEqual(state(world), before);
  for (const host of ["c2", "c3", "c4"]) expectEachOnce(world, host, begin);
  expectGhostForgotten(world, attacker, steps);
  expectNothingHeldUp(world, attacker, steps);
}

/** While routers end, die, begin and synchronise, what is replayed holds up nothing for long. */
function expectNothingHeldUp(world: World, attacker: Attacker, steps: number): void {
  replay(attacker, world, steps, () => {
    if (happens(attacker.options.random, 20)) happenings(world, attacker.options.random);
  });
  for (const router of BESIEGED) {
    const isRunning = world.scene.running.has(router);
    if (!isRunning)
      world.play({ pause: seconds(0), lag: seconds(0), what: { kind: "start", router } });
  }
  world.run(SETTLED);
  expectRest(world);
}

function expectGhostForgotten(world: World, attacker: Attacker, steps: number): void {
  const router = pick(attacker.options.random, ["r2", "r3"]);
  world.play({ pause: seconds(1), lag: seconds(0), what: { kind: "stop", router } });
  world.run(SETTLED);
  const others = [...world.scene.running];
  const trees = others.map((one) => treesAt(world, one));
  const lives = others.map((one) => livesAt(world, one));
  const present = new Set(lives.flat());
  let ghosts = 0;
  replay(attacker, world, steps, () => {
    assert.deepEqual(
      others.map((one) => treesAt(world, one)),
      trees,
      "trees are as they were",
    );
    const now = others.flatMap((one) => livesAt(world, one));
    for (const one of present) assert.ok(now.includes(one), `${one} lives on`);
    const strange = now.filter((one) => !present.has(one));
    assert.ok(!strange.some((one) => one.includes("SYNCED")), "no ghost is believed");
    ghosts = Math.max(ghosts, strange.length);
  });
  assert.ok(ghosts > 0, "a ghost was known for a while");
  world.run(SYNC_HOLD_TIME);
  assert.deepEqual(
    others.map((one) => livesAt(world, one)),
    lives,
    "and is forgotten",
  );
}
