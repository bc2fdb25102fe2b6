// Boundaries and TTL thresholds put on interfaces of whole routers, under traffic, and taken away (§2.4, §9).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL_TREES } from "../../src/base/tree-filter.ts";
import { seconds } from "../../src/base/units.ts";
import type { Configuration, InterfaceConfiguration } from "../../src/daemon/configuration.ts";
import {
  type ScenarioSettings,
  stateOf,
  treeLines,
  untilStates,
  untilSynced,
} from "../scenarios/scenario-network.ts";
import { configurationOfSettings } from "../scenarios/settings.ts";
import { FORMED, GROUP, NEIGHBORS, PACKET_INTERVAL_MILLIS } from "../scenarios/seven-routers.ts";
import { SimNetwork, simulate } from "../scenarios/sim-network.ts";
import { answerOf } from "../support/answers.ts";
import { withInterface } from "../support/configured.ts";
import { denying } from "../support/filters.ts";

const OTHER = "224.12.12.13";
const GROUPS = [GROUP, OTHER];
const DENIED = { filter: denying({ groups: [`${GROUP}/32`] }) };
const LOST = { winner: false, reason: "the lists of this interface do not allow the tree" };
const ALLOWED = { filter: ALL_TREES };
/** Hosts answer a query soon, and what is unknown soon counts as not interested (§7.1). */
const SETTINGS: ScenarioSettings = {
  hpim: { initialFloodTime: "1s" },
  igmp: { queryResponseInterval: "500ms" },
};
const CONFIGURATION = configurationOfSettings(SETTINGS);
const ROUTERS = Object.keys(NEIGHBORS);
const REST = seconds(4);
/** When no flood or blocking entry is left either (§13). */
const LONG_REST = seconds(70);

type Place = readonly [router: string, name: string];
type Change = Partial<InterfaceConfiguration>;

/** The seven routers, with listeners of two groups everywhere. */
class Site extends SimNetwork {
  constructor() {
    super(simulate("seven-routers"), SETTINGS);
  }

  /** Forms the trees of both groups; each router begins with its configuration. */
  static async formed(
    intervalMillis = PACKET_INTERVAL_MILLIS,
    configurationOf: (router: string) => Configuration = () => CONFIGURATION,
  ): Promise<Site> {
    const site = new Site();
    for (const router of ROUTERS) site.network.start(router, configurationOf(router));
    await untilSynced(site, NEIGHBORS);
    for (const client of ["Client0", "Client1"]) {
      for (const group of GROUPS) await site.join(client, group);
    }
    site.network.run(seconds(1));
    await site.send("Source", GROUPS, intervalMillis);
    site.network.run(REST);
    return site;
  }

  /** A packet of each group comes to a host with each number from the first to the last, once. */
  async expectAll(host: string, group: string): Promise<void> {
    const numbers = await this.received(host, group);
    assert.ok(numbers.length > 10, `${host} gets packets to ${group}`);
    const first = numbers[0] ?? 0;
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => first + GROUPS.length * i),
      `packets to ${group} that ${host} got`,
    );
  }

  /** Lets time pass, and then a while in which it is seen what comes. */
  async settle(): Promise<void> {
    this.network.run(REST);
    await this.mark();
    this.network.run(seconds(1));
  }
}

function configure({ network }: Site, [router, name]: Place, change: Change): void {
  const engine = network.machine(router).engine ?? assert.fail(`${router} runs`);
  const configuration = withInterface(engine.configuration, name, change);
  engine.handle({ kind: "configure", configuration });
}

async function expectFormed(site: Site, group: string): Promise<void> {
  for (const [router, lines] of Object.entries(FORMED)) {
    assert.deepEqual(await stateOf(site, router, group), lines, `${router}'s tree of ${group}`);
  }
}

/** The assert on an interface, of the tree that is denied somewhere. */
async function assertAt(site: Site, [router, name]: Place): Promise<object | undefined> {
  const tree = (await site.trees(router)).find(({ group }) => group === GROUP);
  return tree?.interfaces.find((at) => at.interface === name)?.nonRoot?.assert;
}

const reasonOf = async (site: Site, router: string): Promise<string | undefined> =>
  (await site.trees(router)).find(({ group }) => group === GROUP)?.reason;

test("§2.4: a client behind a boundary gets no more packets, and gets them again; others lose none meanwhile", async () => {
  const site = await Site.formed();
  await expectFormed(site, GROUP);
  await site.mark();
  configure(site, ["R2", "eth2"], DENIED);
  site.network.run(seconds(1));
  await site.expectAll("Client1", GROUP);
  for (const client of ["Client0", "Client1"]) await site.expectAll(client, OTHER);
  await expectFormed(site, OTHER);

  await site.settle();
  assert.deepEqual(await site.received("Client0", GROUP), []);
  await site.expectAll("Client1", GROUP);
  assert.deepEqual((await stateOf(site, "R2", GROUP)).at(-1), "eth2 AL pruned");
  assert.deepEqual(await assertAt(site, ["R2", "eth2"]), { ...LOST, winnerAddress: null });
  assert.equal((await stateOf(site, "R7", GROUP))[0], "UNSURE");

  await site.mark();
  configure(site, ["R2", "eth2"], ALLOWED);
  await site.until(async () => {
    assert.ok((await site.received("Client0", GROUP)).length > 10);
  });
  for (const client of ["Client0", "Client1"]) {
    for (const group of GROUPS) await site.expectAll(client, group);
  }
  site.network.run(REST);
  await expectFormed(site, GROUP);
  await expectFormed(site, OTHER);
});

test("§2.4: a router whose root interface does not allow the tree tells its upstream neighbor, and does not draw it", async () => {
  const site = await Site.formed();
  await site.stopSending("Source");
  await site.send("Source", [GROUP], PACKET_INTERVAL_MILLIS);
  await site.mark();
  configure(site, ["R7", "eth2"], DENIED);
  site.network.run(seconds(1));
  assert.deepEqual(await treeLines(site, "I"), ["10.9.9.7 NoInterest 10.9.9.2"]);
  assert.deepEqual(await treeLines(site, "H"), ["10.8.8.7 IamNoLongerUpstream"]);
  await site.settle();
  assert.equal(await site.data("I"), 0);
  assert.deepEqual(await site.received("Client0", GROUP), []);
  assert.equal(
    await reasonOf(site, "R7"),
    "the lists of the interface of the route to the source do not allow the tree; 10.6.6.5 offers 11/30 on eth0",
  );
  await site.mark();
  configure(site, ["R7", "eth2"], ALLOWED);
  await untilStates(site, { R7: FORMED.R7 });
  assert.deepEqual(await treeLines(site, "H"), ["10.8.8.7 IamUpstream 11/30"]);
  await site.settle();
  assert.ok((await site.received("Client0", GROUP)).length > 10);
});

test("§2.4: on the source's link, it ends the tree everywhere; lifted, the next packet starts it anew", async () => {
  const site = await Site.formed();
  configure(site, ["R1", "eth0"], DENIED);
  await site.settle();
  for (const router of ROUTERS) {
    const expected = router === "R1" ? "INACTIVE" : undefined;
    assert.equal((await stateOf(site, router, GROUP))[0], expected, router);
  }
  for (const client of ["Client0", "Client1"]) {
    assert.deepEqual(await site.received(client, GROUP), []);
    await site.expectAll(client, OTHER);
  }
  assert.deepEqual(
    answerOf("counters", site.network.machine("R1").engine ?? assert.fail("R1 runs"))
      .counters.flatMap(({ dropped }) => dropped)
      .filter(({ protocol }) => protocol === "data"),
    [{ protocol: "data", reason: "tree not allowed", count: 1 }],
  );
  configure(site, ["R1", "eth0"], ALLOWED);
  await site.settle();
  await expectFormed(site, GROUP);
  for (const client of ["Client0", "Client1"]) await site.expectAll(client, GROUP);
});

test("§2.4, §12: on a client's link, its reports count no more; lifted, it is asked and gets packets soon", async () => {
  const site = await Site.formed();
  configure(site, ["R7", "eth1"], DENIED);
  await site.settle();
  assert.deepEqual(await site.received("Client0", GROUP), []);
  await site.expectAll("Client0", OTHER);
  assert.deepEqual(
    (await site.groups("R7")).map(({ group }) => group),
    [OTHER],
  );
  await site.mark();
  configure(site, ["R7", "eth1"], ALLOWED);
  site.network.run(seconds(1));
  await site.expectAll("Client0", GROUP);
});

test("§9 TtlThreshold: packets leave only with a greater TTL, at once after a change, and show mroute sees no difference", async () => {
  const site = await Site.formed();
  const { network } = site;
  const last = (host: string): number => network.host(host).arrivals.length;
  // Packets that R2 forwards were sent with a TTL of 12, and R1 has forwarded them before.
  for (const [ttlThreshold, gets] of [
    [11, false],
    [10, true],
    [254, false],
    [1, true],
  ] as const) {
    configure(site, ["R2", "eth2"], { ttlThreshold });
    network.run(seconds(0.1));
    await site.mark();
    const before = last("Client0");
    network.run(seconds(1));
    assert.equal(last("Client0") > before, gets, `with a threshold of ${ttlThreshold}`);
    for (const group of GROUPS) await site.expectAll("Client1", group);
    const { entries } = answerOf("mroute", network.machine("R2").engine ?? assert.fail("R2 runs"));
    assert.deepEqual(
      entries.map(({ outgoing, difference }) => [outgoing, difference]),
      GROUPS.map(() => [["eth2"], null]),
    );
    await expectFormed(site, GROUP);
  }
});

/** Of all routers, at rest, the states of both trees, and the kernel's entries. */
async function picture(site: Site): Promise<unknown> {
  site.network.run(LONG_REST);
  const routers = ROUTERS.map(async (router) => ({
    router,
    states: await Promise.all(GROUPS.map((group) => stateOf(site, router, group))),
    entries: site.network
      .machine(router)
      .readEntries()
      .map(({ group, incoming, outgoing }) => ({ group, incoming, outgoing })),
  }));
  return Promise.all(routers);
}

const SLOW_MILLIS = 500;
const PLACES: readonly Place[] = [
  ["R1", "eth0"],
  ["R2", "eth2"],
  ["R4", "eth1"],
  ["R6", "eth0"],
  ["R7", "eth1"],
];

test("P8: with a boundary anywhere the network is as if it had been there from the start, and as before when it goes", async () => {
  const site = await Site.formed(SLOW_MILLIS);
  const before = await picture(site);
  for (const place of PLACES) {
    const bounded = withInterface(CONFIGURATION, place[1], DENIED);
    const fresh = await Site.formed(SLOW_MILLIS, (router) =>
      router === place[0] ? bounded : CONFIGURATION,
    );
    configure(site, place, DENIED);
    assert.deepEqual(await picture(site), await picture(fresh), `denied at ${place.join(".")}`);
    configure(site, place, ALLOWED);
    assert.deepEqual(await picture(site), before, `allowed again at ${place.join(".")}`);
  }
});

test("§2.4, P4: another router wins the assert on a link where the winner does not allow the tree", async () => {
  const site = await Site.formed();
  configure(site, ["R4", "eth1"], DENIED);
  await site.settle();
  assert.equal((await stateOf(site, "R3", GROUP)).at(-1), "eth1 AW DI forwarding");
  assert.deepEqual(await assertAt(site, ["R4", "eth1"]), { ...LOST, winnerAddress: "10.5.5.3" });
  for (const group of GROUPS) await site.expectAll("Client1", group);
});
