// What a diagnosis finds of a tree and of a machine, by what the core, the counters and the machine say.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding, FindingKind } from "../../src/api/diagnosis.ts";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { EMPTY_CONFIGURATION, withProtocol } from "../../src/daemon/configuration.ts";
import { Counters } from "../../src/daemon/counters.ts";
import { bareMachineFindings } from "../../src/daemon/diagnosis/bare-machine.ts";
import { dataFindings } from "../../src/daemon/diagnosis/data-findings.ts";
import { doctorFindings } from "../../src/daemon/diagnosis/doctor.ts";
import { explain } from "../../src/daemon/diagnosis/explain.ts";
import type { Look } from "../../src/daemon/diagnosis/look.ts";
import { neighborFindings } from "../../src/daemon/diagnosis/neighbor-findings.ts";
import { outputFindings } from "../../src/daemon/diagnosis/output-findings.ts";
import { rootFindings } from "../../src/daemon/diagnosis/root-findings.ts";
import type { SeenData } from "../../src/daemon/diagnosis/tree-facts.ts";
import { treeFacts } from "../../src/daemon/diagnosis/tree-facts.ts";
import type { EngineReading } from "../../src/daemon/engine-view.ts";
import type { InstalledEntry, Link } from "../../src/daemon/host.ts";
import { newPort } from "../../src/daemon/port.ts";
import { IgmpRouter } from "../../src/membership/igmp-router.ts";
import { PlayedRouter } from "../support/played-router.ts";
import { ON_SOURCE_LINK, TREE } from "../support/played-tree.ts";
import { surroundingsOf } from "../support/surroundings.ts";
import { link } from "./observed-machine.ts";

/** A router of the core, looked at as if it were a daemon's; its interfaces have VIFs. */
class Looked {
  readonly played = new PlayedRouter();
  readonly counters = new Counters(() => undefined);
  configuration: Configuration = withProtocol(EMPTY_CONFIGURATION, "eth2", "hpim", true);
  files: Readonly<Record<string, string>> = {};
  /** What is different of all links. */
  link: Partial<Link> = {};
  /** A packet more is counted at each reading. */
  entry: InstalledEntry | null = null;
  #packets = 0;

  get look(): Look {
    const { played, counters, configuration, files } = this;
    const ports = played.router.interfaces().map(({ index }) => ({
      ...newPort({ ...link(index), ...this.link }),
      vif: 0 as never,
    }));
    const engine: EngineReading = {
      now: () => played.now,
      configuration,
      ports: () => ports,
      port: (index) => ports.find((port) => port.index === index),
      nameOf: (index) => `eth${index}`,
      router: played.router,
      membership: new IgmpRouter(),
      counters,
      readEntries: () => [],
      readEntry: () => this.entry && { ...this.entry, packets: ++this.#packets },
      readVifCounters: () => null,
    };
    return { engine, readText: surroundingsOf(files).readText };
  }

  rootFindings(tree = TREE): readonly Finding[] {
    return rootFindings(this.look, treeFacts(this.look, tree));
  }

  dataFindings(data: Partial<SeenData>): readonly Finding[] {
    const { look } = this;
    const whole = {
      millis: 1000,
      flows: [],
      counted: { right: 0, wrong: 0 },
      entry: null,
      ...data,
    };
    return dataFindings(look, treeFacts(look, TREE), whole);
  }

  outputFindings(only: number | null): readonly Finding[] {
    const { look } = this;
    const index = only === null ? null : interfaceIndex(only);
    return outputFindings(look, treeFacts(look, TREE), index);
  }
}

const kinds = (findings: Iterable<Finding | undefined>): readonly FindingKind[] =>
  [...findings].flatMap((one) => one?.kind ?? []);

const flow = (index: number, maxTtl = 12, packets = 5) => ({
  ...{ interface: interfaceIndex(index), ...TREE, packets, minTtl: maxTtl, maxTtl },
});

/** Interfaces 1 and 2, the way to the source by 1. */
function router(gateway: string | null = "10.0.1.1"): Looked {
  const looked = new Looked();
  looked.played.interface(1);
  looked.played.interface(2);
  looked.played.route(20, 1, gateway);
  return looked;
}

function originator(): Looked {
  const looked = new Looked();
  looked.played.interface(2);
  looked.played.interface(9, ON_SOURCE_LINK);
  looked.played.route(0, 9, null, 2);
  return looked;
}

test("root: nothing is found where the tree is ACTIVE, or where the source is on our link", () => {
  const looked = router();
  looked.played.neighbor(1, 1, "11/10");
  assert.deepEqual(looked.rootFindings(), []);
  assert.deepEqual(originator().rootFindings(), []);
});

test("root: a group of the link, no route, a root without HPIM-DM, and one that is not allowed", () => {
  const looked = router();
  assert.deepEqual(kinds(looked.rootFindings({ ...TREE, group: ip("224.0.0.5") })), [
    "excluded-tree",
  ]);
  const none = new Looked();
  none.played.interface(1);
  assert.deepEqual(kinds(none.rootFindings()), ["no-route"]);
  looked.played.interface(1, { protocol: null });
  assert.deepEqual(kinds(looked.rootFindings()), ["route-without-hpim"]);
  const denied = router();
  const all = { groups: [{ address: ip("224.0.0.0"), length: 4 }], sources: [] };
  denied.played.interface(1, { filter: { allow: { groups: [], sources: [] }, deny: all } });
  assert.deepEqual(kinds(denied.rootFindings()), ["root-not-allowed"]);
});

for (const [offer, kind] of [
  ["11/20", "equal-costs"],
  ["12/5", "costs-do-not-compare"],
  ["11/30", "upstream-is-farther"],
] as const) {
  test(`§9.1 root: a neighbor offers ${offer}, we have 11/20: ${kind}`, () => {
    const looked = router();
    looked.played.neighbor(1, 1, offer);
    const [found] = looked.rootFindings();
    assert.equal(found?.kind, kind);
    assert.equal(found?.interface, "eth1");
    assert.match(found?.sentence ?? "", new RegExp(`10.0.1.1 offers the tree with cost ${offer}`));
  });
}

test("root: the next router is silent, or has no tree; without a gateway, whoever is on the link", () => {
  assert.deepEqual(kinds(router().rootFindings()), ["next-router-silent"]);
  assert.deepEqual(kinds(router(null).rootFindings()), ["next-router-silent"]);
  for (const gateway of ["10.0.1.1", null]) {
    const looked = router(gateway);
    looked.played.neighbor(1, 1);
    const [found] = looked.rootFindings();
    assert.equal(found?.kind, "next-router-without-tree");
    assert.match(found?.mend ?? "", /^On 10\.0\.1\.1: hpim-dm explain 10\./);
  }
});

test("data: the source is silent; it sends on another link; its packets have TTL 1", () => {
  const looked = originator();
  assert.deepEqual(kinds(looked.dataFindings({})), ["source-silent"]);
  assert.deepEqual(kinds(looked.dataFindings({ flows: [flow(2)] })), ["arrives-elsewhere"]);
  const counted = { right: 5, wrong: 0 };
  const entry = entryOf(9, [2]);
  assert.deepEqual(kinds(looked.dataFindings({ flows: [flow(9, 1)], counted, entry })), [
    "ttl-too-low",
  ]);
  assert.deepEqual(looked.dataFindings({ flows: [flow(9)], counted, entry }), []);
});

const entryOf = (incoming: number, outgoing: readonly number[]): InstalledEntry => ({
  ...TREE,
  incoming: interfaceIndex(incoming),
  outgoing: outgoing.map(interfaceIndex),
  ...{ packets: 5, bytes: 500, wrongInterface: 0, unresolved: false },
});

test("explain: packets below the threshold of an output go out by the others", async () => {
  const looked = originator();
  looked.played.interface(3);
  for (const index of [2, 3]) looked.played.listener(index);
  looked.played.missing(9);
  const eth2 = withProtocol(EMPTY_CONFIGURATION, "eth2", "hpim", true);
  const [section] = eth2.interfaces.values();
  assert.ok(section !== undefined);
  const interfaces = new Map([["eth2", { ...section, ttlThreshold: 16 }]]);
  looked.configuration = { ...eth2, interfaces };
  looked.entry = entryOf(9, [2, 3]);
  const ask = async (only: number | null, ttl: number) => {
    const index = only === null ? null : interfaceIndex(only);
    const question = { tree: TREE, interface: index };
    const answer = await explain(looked.look, question, async () => [flow(9, ttl)]);
    return [answer.forwarding, answer.conclusion.replace(/^\(.*\) /, ""), ...kinds(answer.causes)];
  };
  const low = ["ttl-too-low"];
  assert.deepEqual(await ask(null, 16), [true, "is forwarded from eth9 to eth3.", ...low]);
  assert.deepEqual(await ask(2, 16), [false, "is not forwarded to eth2.", ...low]);
  assert.deepEqual(await ask(3, 16), [true, "is forwarded from eth9 to eth3."]);
  assert.deepEqual(await ask(null, 17), [true, "is forwarded from eth9 to eth2, eth3."]);
});

test("data: packets arrive and are not counted: rp_filter, mc_forwarding, or something else", () => {
  const looked = originator();
  const data = { flows: [flow(9)] };
  assert.deepEqual(kinds(looked.dataFindings(data)), ["kernel-drops"]);
  looked.files = { "/proc/sys/net/ipv4/conf/all/rp_filter": "2" };
  assert.deepEqual(kinds(doctorFindings(looked.look, [])), []);
  const [found] = looked.dataFindings(data);
  assert.equal(found?.kind, "reverse-path-filter");
  assert.match(found?.sentence ?? "", /to whose sender the kernel has no route: rp_filter is 2\.$/);
  looked.files = { "/proc/sys/net/ipv4/conf/eth9/mc_forwarding": "0" };
  assert.deepEqual(kinds(looked.dataFindings(data)), ["multicast-forwarding-off"]);
});

test("data: an upstream neighbor sends nothing, to whoever is interested", () => {
  const looked = router();
  looked.played.neighbor(1, 1, "11/10");
  assert.deepEqual(looked.dataFindings({}), []);
  looked.played.listener(2);
  const [found] = looked.dataFindings({});
  assert.equal(found?.kind, "upstream-sends-nothing");
  assert.match(found?.mend ?? "", /^On 10\.0\.1\.1: /);
});

test("output: nobody wants it, the assert is lost, both; nothing where it goes out", () => {
  const looked = router();
  looked.played.neighbor(1, 1, "11/10");
  assert.deepEqual(kinds(looked.outputFindings(2)), ["nobody-wants-it"]);
  assert.deepEqual(kinds(looked.outputFindings(null)), ["nobody-wants-it"]);
  assert.deepEqual(kinds(looked.outputFindings(1)), ["root-interface"]);
  looked.played.neighbor(2, 1, "11/15");
  assert.deepEqual(kinds(looked.outputFindings(2)), ["assert-loser", "nobody-wants-it"]);
  looked.played.listener(2);
  looked.played.run(5_000);
  const [found] = looked.outputFindings(2);
  assert.equal(found?.kind, "assert-loser");
  assert.equal(found?.mend, null);
  const winner = router();
  winner.played.neighbor(1, 1, "11/10");
  winner.played.listener(2);
  assert.deepEqual([winner.outputFindings(2), winner.outputFindings(null)], [[], []]);
});

test("output: an interface that neither protocol runs on, or that is not as it should be", () => {
  const looked = router();
  looked.played.interface(3, { protocol: null, membership: false });
  assert.deepEqual(kinds(looked.outputFindings(3)), ["interface-not-used"]);
  looked.configuration = withProtocol(EMPTY_CONFIGURATION, "eth3", "igmp", true);
  assert.deepEqual(kinds(looked.outputFindings(3)), ["interface-does-not-run"]);
});

test("output: neighbors tell the winner alone what they want, so that a loser does not know", () => {
  const looked = router();
  looked.played.neighbor(1, 1, "11/10");
  looked.played.neighbor(2, 1, "11/15");
  looked.played.neighbor(2, 2);
  looked.played.run(60_000);
  assert.deepEqual(kinds(looked.outputFindings(2)), ["assert-loser"]);
  assert.deepEqual(kinds(looked.outputFindings(null)), ["assert-loser"]);
});

test("output: a loopback interface, and one that is down", () => {
  const looked = router();
  looked.played.interface(3, { protocol: null, membership: false });
  looked.link = { loopback: true };
  const [loopback] = looked.outputFindings(3);
  assert.equal(loopback?.sentence, "Nothing runs on eth3: it is a loopback interface.");
  looked.link = { up: false };
  looked.configuration = withProtocol(EMPTY_CONFIGURATION, "eth3", "igmp", true);
  const [down] = looked.outputFindings(3);
  assert.deepEqual(
    [down?.sentence, down?.mend],
    ["eth3 is down.", "ip link set eth3 up, or look at its cable."],
  );
});

test("doctor: nothing is configured", () => {
  const looked = router();
  looked.configuration = EMPTY_CONFIGURATION;
  assert.deepEqual(kinds(doctorFindings(looked.look, [])), ["nothing-runs", "next-router-silent"]);
});

test("neighbors: one that does not answer, and what is dropped for its signature until it is mended", () => {
  const looked = router();
  const { played, counters } = looked;
  const index = interfaceIndex(1);
  const view = () => {
    const found = played.router.interfaces().find((one) => one.index === index);
    assert.ok(found !== undefined);
    return neighborFindings(looked.look, found);
  };
  counters.begin(index);
  const sender = ip("10.0.1.7");
  const failed = { kind: "neighborFailed", interface: index } as const;
  counters.noticed({ ...failed, why: "no synchronisation", neighbor: sender }, played.now);
  assert.deepEqual(kinds(view()), ["one-way-neighbor"]);
  const drop = { interface: index, protocol: "HPIM-DM", reason: "not signed", sender } as const;
  counters.dropped(drop, played.now);
  assert.deepEqual(kinds(view()), ["wrong-signature"]);
  played.run(100);
  played.neighbor(1, 7);
  assert.deepEqual(view(), []);
  counters.noticed({ ...failed, why: "silent", neighbor: ip("10.0.1.8") }, played.now);
  assert.deepEqual(view(), []);
});

test("doctor: a bridge that snoops and that nobody asks on, two interfaces on one subnet, forwarding off", () => {
  const looked = router();
  looked.played.neighbor(1, 1, "11/10");
  assert.deepEqual(kinds(doctorFindings(looked.look, [])), []);
  looked.files = {
    "/proc/sys/net/ipv4/ip_forward": "0",
    "/sys/class/net/eth2/bridge/multicast_snooping": "1",
    "/sys/class/net/eth2/bridge/multicast_querier": "0",
  };
  assert.deepEqual(kinds(doctorFindings(looked.look, [])), [
    "forwarding-off",
    "snooping-without-querier",
  ]);
  looked.files = {
    "/sys/class/net/eth2/bridge/multicast_snooping": "1",
    "/sys/class/net/eth2/bridge/multicast_querier": "1",
  };
  assert.deepEqual(kinds(doctorFindings(looked.look, [])), []);
});

test("doctor: of many trees with one cause three are named; data with TTL 1, and a silent gateway", () => {
  const looked = router();
  looked.played.neighbor(1, 1);
  for (let n = 1; n <= 5; n++) looked.played.missing(2, { ...TREE, group: ip(`239.1.1.${n}`) });
  assert.deepEqual(kinds(doctorFindings(looked.look, [flow(2, 1)])), [
    "ttl-too-low",
    ...["next-router-without-tree", "next-router-without-tree", "next-router-without-tree"],
  ]);
  const silent = router();
  assert.deepEqual(kinds(doctorFindings(silent.look, [])), ["next-router-silent"]);
});

test("explain: a tree that nobody knows, whole", async () => {
  const looked = router();
  looked.played.neighbor(1, 1);
  const question = { tree: TREE, interface: null };
  const answer = await explain(looked.look, question, surroundingsOf().observe);
  assert.equal(answer.forwarding, false);
  assert.equal(answer.tree.known, false);
  assert.deepEqual(answer.route, {
    ...{ interface: "eth1", gateway: "10.0.1.1", protocol: "zebra" },
    rpc: { preference: 11, metric: 20 },
  });
  assert.deepEqual(kinds(answer.causes), ["next-router-without-tree", "nobody-wants-it"]);
  assert.deepEqual(
    answer.interfaces.map(({ interface: name, state }) => [name, state]),
    [
      ["eth1", "root"],
      ["eth2", "pruned"],
    ],
  );
});

test("doctor without a daemon: rights, another daemon, options of the kernel", () => {
  const machine = { effective: 0n, others: ["process 7: pimd"], kernel: "6.1" };
  const files = { "/boot/config-6.1": "\nCONFIG_IP_MULTICAST=y\nCONFIG_IP_MROUTE=y\n" };
  const { readText } = surroundingsOf(files);
  assert.deepEqual(kinds(bareMachineFindings({ ...machine, readText }, "/run/hpim-dm")), [
    ...["no-daemon", "no-rights", "other-daemon", "kernel-option"],
  ]);
  const bare = { effective: 0x3000n, others: [], kernel: "6.1" };
  const { readText: nothing } = surroundingsOf({ "/proc/net/ip_mr_vif": "" });
  assert.deepEqual(kinds(bareMachineFindings({ ...bare, readText: nothing }, "/run")), [
    "no-daemon",
  ]);
});
