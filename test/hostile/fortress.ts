// A network with a link that an attacker is on: routers r1, r2 and r3 on a LAN, which the flow to c2 and c3 crosses, and
// r4 behind another link, with a listener of its own. Its bounds are low, so that they are soon met (P7).
import assert from "node:assert/strict";
import type { Address } from "../../src/base/address.ts";
import { formatAddress, ip } from "../../src/base/address.ts";
import { invariant, known } from "../../src/base/invariant.ts";
import type { Millis } from "../../src/base/units.ts";
import { seconds } from "../../src/base/units.ts";
import type { RouterMemory } from "../../src/core/memory.ts";
import { Router } from "../../src/core/router.ts";
import type { NeighborView } from "../../src/core/view.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import type { Engine } from "../../src/daemon/engine.ts";
import { restOf } from "../../src/oracle/rest.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import { compareStates } from "../../tools/campaign/compare.ts";
import { compareDeliveries } from "../../tools/campaign/deliveries.ts";
import { describe } from "../../tools/campaign/describe.ts";
import { look } from "../../tools/campaign/look.ts";
import { quietScene, type Scene } from "../../tools/campaign/scene.ts";
import { World } from "../../tools/campaign/world.ts";
import { configurationOfSettings } from "../scenarios/settings.ts";
import type { OpenKey } from "../support/hmac.ts";

const TOPOLOGY = `
name: fortress
links:
  a: { subnet: 10.0.1.0/24 }
  lan: { subnet: 10.0.2.0/24 }
  b: { subnet: 10.0.3.0/24 }
  c: { subnet: 10.0.4.0/24 }
  d: { subnet: 10.0.5.0/24 }
  e: { subnet: 10.0.6.0/24 }
routers:
  r1:
    interfaces:
      eth0: { link: a, address: 10.0.1.1 }
      eth1: { link: lan, address: 10.0.2.11 }
      eth2: { link: d, address: 10.0.5.1 }
  r2: { interfaces: { eth0: { link: lan, address: 10.0.2.12 }, eth1: { link: b, address: 10.0.3.2 } } }
  r3: { interfaces: { eth0: { link: lan, address: 10.0.2.13 }, eth1: { link: c, address: 10.0.4.3 } } }
  r4: { interfaces: { eth0: { link: d, address: 10.0.5.4 }, eth1: { link: e, address: 10.0.6.4 } } }
hosts:
  s1: { link: a, address: 10.0.1.100 }
  c2: { link: b, address: 10.0.3.100 }
  c3: { link: c, address: 10.0.4.100 }
  c4: { link: e, address: 10.0.6.100 }
`;

/** Bounds of every router. */
export const LIMITS = {
  ...{ neighborLimit: 8, treesPerNeighborLimit: 20, treeLimit: 40, dataEntryLimit: 10 },
  groupLimit: 12,
} as const;

/** The key of all routers, where they have one. */
export const KEY: OpenKey = { identifier: 7, algorithm: "sha256", secret: "of the routers" };

/** The link that the attacker is on, and the routers there. */
export const ATTACKED = "lan";
export const BESIEGED: readonly string[] = ["r1", "r2", "r3"];
export const ADDRESSES: readonly Address[] = ["10.0.2.11", "10.0.2.12", "10.0.2.13"].map(ip);
/** Of its packets. */
const TTL = 8;

/** Of the tree that runs. */
export const SOURCE: Address = ip("10.0.1.100");
export const GROUP: Address = ip("239.1.1.1");

function sceneOf(): Scene {
  const parsed = parseTopology(TOPOLOGY);
  assert.ok(parsed.kind === "topology", JSON.stringify(parsed));
  const { topology } = parsed;
  return {
    ...quietScene(topology, TTL),
    members: ["c2", "c3", "c4"].map((host) => ({ host, group: GROUP })),
    flows: [{ host: "s1", group: GROUP }],
  };
}

type Limits = Readonly<Record<keyof typeof LIMITS, number>>;

function configurationWith(key: OpenKey | null, limits: Limits): Configuration {
  const { groupLimit, neighborLimit, ...ofTrees } = limits;
  return configurationOfSettings({
    hpim: { ...ofTrees, neighborLimit, sourceActiveTime: 30 },
    igmp: { groupLimit, queryInterval: "20s", queryResponseInterval: "4s" },
    ...(key !== null && { security: { keys: [key] } }),
  });
}

/** The network, whose routers have the key, or none. */
export const fortress = (key: OpenKey | null, seed: number, limits: Limits = LIMITS): World =>
  new World(sceneOf(), { configuration: configurationWith(key, limits), seed });

/** The daemon of a router. */
export const engineAt = (world: World, router: string): Engine =>
  known(world.network.machine(router).engine, `${router} runs`);

/** All that the core of a router remembers. */
export function memoryAt(world: World, router: string): RouterMemory {
  const engine = engineAt(world, router);
  invariant(engine.router instanceof Router, "an engine has a router");
  return engine.router.save(engine.now());
}

/** Who is whose neighbor on which life: what a new synchronisation changes. */
export const livesAt = (world: World, router: string): readonly string[] =>
  engineAt(world, router)
    .router.interfaces()
    .flatMap(({ name, running }) => (running?.neighbors ?? []).map((one) => lifeText(name, one)))
    .sort();

const lifeText = (name: string, neighbor: NeighborView): string => {
  const { address, state, bootTime, mySsn, neighborSsn } = neighbor;
  return `${name} ${formatAddress(address)} ${state} ${bootTime} ${mySsn} ${neighborSsn}`;
};

function expectAtMost(count: number, most: number, what: string): void {
  if (count > most) assert.fail(`${count} ${what}, more than ${most}`);
}

/** What follows from one stored thing: a timer, a message to each neighbor and one to all. */
const OF_EACH_TREE = LIMITS.neighborLimit + 1;

function expectBoundsOfMemory(router: string, memory: RouterMemory): void {
  const { treeLimit, neighborLimit, treesPerNeighborLimit, groupLimit, dataEntryLimit } = LIMITS;
  const check = (count: number, most: number, what: string): void =>
    expectAtMost(count, most, `${what} at ${router}`);
  check(memory.trees.size, treeLimit, "trees");
  check(memory.sources.length, memory.trees.size, "sources");
  check(memory.treesByGroup.size, memory.trees.size, "groups of trees");
  check(memory.standIns.size, dataEntryLimit, "flood and blocking entries");
  let awaited = 0;
  for (const { running } of memory.interfaces.values()) {
    check(running?.neighbors.size ?? 0, neighborLimit, "neighbors");
    for (const { trees } of running?.neighbors.values() ?? []) {
      check(trees.size, treesPerNeighborLimit, "trees of a neighbor");
    }
    const messages = [...(running?.outstanding.values() ?? [])];
    check(messages.length, 2 * treeLimit, "trees of messages that await Acks");
    for (const ofTree of messages) check(ofTree.length, OF_EACH_TREE, "messages of one tree");
    awaited += messages.flat().length;
  }
  for (const groups of memory.listeners.values()) check(groups.size, groupLimit, "listened groups");
  const ofInterfaces = memory.interfaces.size * (2 * neighborLimit + 4);
  const ofTrees = memory.trees.size * (3 * memory.interfaces.size + 4);
  check(memory.timers.length, ofInterfaces + ofTrees + awaited + 4, "timers");
}

/** P7: fails unless what the routers store is within bounds. */
export function expectBounds(world: World): void {
  for (const router of world.scene.running) {
    const memory = memoryAt(world, router);
    expectBoundsOfMemory(router, memory);
    const { membership } = engineAt(world, router).view();
    const perInterface = new Map<number, number>();
    for (const { interface: index } of membership.groups) {
      perInterface.set(index, (perInterface.get(index) ?? 0) + 1);
    }
    expectAtMost(Math.max(0, ...perInterface.values()), LIMITS.groupLimit, `groups at ${router}`);
    const entries = world.entries(router).filter(({ incoming }) => incoming !== null);
    expectAtMost(entries.length, LIMITS.treeLimit, `kernel entries at ${router}`);
  }
}

/** Fails unless the host has got each packet exactly once that the source has sent since `begin`, but for one under way. */
export function expectEachOnce(world: World, host: string, begin: Millis): void {
  const sent = world.sent.filter(({ at }) => at >= begin && at < world.network.now - 1);
  const { arrivals } = world.network.host(host);
  const got = new Map<number, number>();
  for (const { source, group, number } of arrivals) {
    if (source === SOURCE && group === GROUP) got.set(number, (got.get(number) ?? 0) + 1);
  }
  assert.ok(sent.length > 0, "something was sent");
  for (const { number } of sent) {
    assert.equal(got.get(number), 1, `copies of packet ${number} at ${host}`);
  }
}

const LOOK_PERIOD = seconds(10);
const LOOKS = 20;
const WATCH = seconds(20);
const TRAVEL_TIME = seconds(1.9);

/** Fails unless everything comes to be as the oracle says, and then each packet goes where it should. */
export function expectRest(world: World): void {
  const rest = restOf(describe(world.scene), [GROUP]);
  let differences = compareStates(look(world), rest);
  for (let n = 0; n < LOOKS && differences.length > 0; n++) {
    world.run(LOOK_PERIOD);
    differences = compareStates(look(world), rest);
  }
  assert.deepEqual(differences, []);
  const begin = world.network.now;
  world.run(WATCH);
  const sent = world.sent.filter(({ at }) => at >= begin);
  world.run(TRAVEL_TIME);
  assert.deepEqual(compareDeliveries(world, rest, sent), []);
}
