// An attacker whom the routers of a link have to believe, as it has their key, or they have none: it may disturb that
// link, but not fill anybody's memory, nor reach beyond the link; and when it has gone, all is right again (P7).
import assert from "node:assert/strict";
import type { Address } from "../../src/base/address.ts";
import { formatAddress, ip } from "../../src/base/address.ts";
import { Random } from "../../src/base/random.ts";
import { bootTime, millis, seconds } from "../../src/base/units.ts";
import type { TreeId } from "../../src/core/messages.ts";
import { happens, pick } from "../../tools/campaign/generate.ts";
import type { World } from "../../tools/campaign/world.ts";
import { anyIgmp } from "../fuzz/any-message.ts";
import { rightDestination } from "../membership/lan.ts";
import { Attacker } from "./attacker.ts";
import {
  ADDRESSES,
  ATTACKED,
  BESIEGED,
  expectBounds,
  expectEachOnce,
  expectRest,
  fortress,
  GROUP,
  KEY,
  livesAt,
  SOURCE,
} from "./fortress.ts";
import { data, igmp } from "./packets.ts";

/** How an attacker goes about it. */
export interface Attack {
  readonly seed: number;
  /** The routers have a key, and the attacker has it too. */
  readonly isKeyed: boolean;
  /** It also speaks in the name of the routers. */
  readonly isForging: boolean;
  readonly steps: number;
}

const OWN: readonly Address[] = ["10.0.2.2", "10.0.2.66", "10.0.2.77", "10.0.2.250"].map(ip);
const SETTLED = seconds(30);
/** More than any bound. */
const IN_A_FLOOD = 150;
/** No hold time is longer (§5.3); then memberships and synchronisations end. */
const FORGOTTEN = seconds(3_600 + 100);
const TRAVEL_TIME = seconds(1.9);
const HIGHEST = 0xffff_ffff;

/** A burst of messages of one kind. `from`: who says them, to `to`. */
type Flood = (attacker: Attacker, from: Address, to: Address) => void;

const times = (say: (n: number) => void): void => {
  for (let n = 0; n < IN_A_FLOOD; n++) say(n);
};

const newTree = (attacker: Attacker, n: number): TreeId => ({
  source: attacker.anyTree().source,
  group: ip(`239.7.${attacker.options.random.below(256)}.${n}`),
});

const rpc = { preference: 0, metric: 0 };

function offer(attacker: Attacker, from: Address, to: Address, tree: TreeId): void {
  const head = { bootTime: attacker.bootTimeOf(from), sn: attacker.nextSn(from), ...tree };
  attacker.say(from, to, { kind: "iamUpstream", ...head, rpc });
}

const FLOODS: readonly Flood[] = [
  // Neighbors that nobody has heard of, of the longest life.
  (attacker, _, to) =>
    times(() =>
      attacker.say(attacker.anyNewcomer(), to, {
        ...{ kind: "hello", bootTime: bootTime(pick(attacker.options.random, [1, HIGHEST])) },
        options: { holdTimeSeconds: 0xffff, holdTimeMillis: HIGHEST },
      }),
    ),
  // One that begins a new life with each message.
  (attacker, from, to) =>
    times((n) => {
      const life = bootTime(attacker.bootTimeOf(from) + n);
      attacker.say(from, to, {
        ...{ kind: "hello", bootTime: life, options: { holdTimeSeconds: 100 } },
      });
    }),
  (attacker, from, to) => times((n) => offer(attacker, from, to, newTree(attacker, n))),
  // Trees that come and go, and of which the neighbor says that they may be forgotten (§15).
  (attacker, from, to) =>
    times((n) => {
      const tree = newTree(attacker, n);
      offer(attacker, from, to, tree);
      const head = { bootTime: attacker.bootTimeOf(from) };
      const checkpointSn = attacker.nextSn(from);
      attacker.say(from, to, { kind: "iamNoLongerUpstream", ...head, ...tree, sn: checkpointSn });
      const options = { holdTimeSeconds: 100, checkpointSn };
      attacker.say(from, to, { kind: "hello", ...head, options });
    }),
  (attacker, from, to) =>
    times((n) => {
      const head = { bootTime: attacker.bootTimeOf(from), sn: attacker.nextSn(from) };
      attacker.say(from, to, { kind: "interest", ...head, ...newTree(attacker, n) });
    }),
  (attacker, from, to) => times(() => attacker.say(from, to, attacker.anyMessage(from, to))),
  (attacker) =>
    times(() => {
      const message = anyIgmp(attacker.options.random);
      const destination = formatAddress(rightDestination(message));
      const source = formatAddress(attacker.anyNewcomer());
      if (destination.startsWith("2"))
        attacker.send(igmp(message, { from: source, to: destination }));
    }),
  (attacker) => times((n) => attacker.send(data({ from: "203.0.113.9", to: `239.9.9.${n}` }))),
  (attacker) => times(() => attacker.send(pick(attacker.options.random, attacker.heard))),
];

function act(attacker: Attacker, { isForging }: Attack): void {
  const { random } = attacker.options;
  const to = pick(random, ADDRESSES);
  const isInTheirName = isForging && happens(random, 50);
  const from = isInTheirName ? pick(random, ADDRESSES) : attacker.anyNewcomer();
  attacker.cooperates = happens(random, 80);
  if (happens(random, 40)) pick(random, FLOODS)(attacker, from, to);
  else attacker.say(from, to, attacker.anyMessage(from, to));
}

/** What somebody says in a neighbor's name stands until that neighbor speaks of it again: so all begin anew. */
function restart(world: World): void {
  for (const router of BESIEGED) {
    for (const kind of ["kill", "start"] as const) {
      world.play({ pause: seconds(1), lag: seconds(0), what: { kind, router } });
    }
  }
}

/** Plays an attack. Throws if a promise is broken. */
export function playInsider(attack: Attack): void {
  const random = new Random(attack.seed);
  const key = attack.isKeyed ? KEY : null;
  const world = fortress(key, attack.seed);
  const link = world.network.link(ATTACKED);
  const tree = { source: SOURCE, group: GROUP };
  const attacker = new Attacker({ link, random, routers: ADDRESSES, own: OWN, tree, key });
  world.run(SETTLED);
  const begin = world.network.now;
  const lives = livesAt(world, "r4");
  for (let step = 0; step < attack.steps; step++) {
    act(attacker, attack);
    world.run(millis(random.below(pick(random, [1, 50, 1_000, 5_000]))));
    expectBounds(world);
  }
  attacker.cooperates = false;
  world.run(TRAVEL_TIME);
  assert.deepEqual(livesAt(world, "r4"), lives, "neighbors on other links live on");
  expectEachOnce(world, "c4", begin);
  world.run(FORGOTTEN);
  if (attack.isForging) restart(world);
  expectRest(world);
  expectBounds(world);
}
