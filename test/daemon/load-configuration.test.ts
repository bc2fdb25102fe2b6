// A configuration file made whole, or refused with all of its problems.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblem } from "../../src/api/file-problem.ts";
import { DEFAULT_INTERFACE_SETTINGS, DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { logLevels, NOT_CONFIGURED } from "../../src/daemon/configuration.ts";
import { loadConfiguration } from "../../src/daemon/load-configuration.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../../src/membership/settings.ts";

function loaded(text: string): Configuration {
  const result = loadConfiguration(text);
  assert.equal(result.kind, "configuration", JSON.stringify(result));
  return result.kind === "configuration" ? result.configuration : assert.fail();
}

function problems(text: string): string[] {
  const result = loadConfiguration(text);
  return result.kind === "problems"
    ? result.problems.map((problem) => formatProblem("f", problem))
    : [];
}

test("§1: RPCs are looked up in the main table unless another is set", () => {
  assert.equal(loaded("").routingTable, 254);
  assert.equal(loaded("hpim: { routingTable: 100 }").routingTable, 100);
  assert.equal(loadConfiguration("hpim: { routingTable: 0 }").kind, "problems");
});

test("§16: an empty file gives the defaults, and nothing runs", () => {
  assert.deepEqual(loaded(""), {
    routingTable: 254,
    router: DEFAULT_ROUTER_SETTINGS,
    defaults: { hpim: DEFAULT_INTERFACE_SETTINGS, igmp: DEFAULT_MEMBERSHIP_SETTINGS },
    interfaces: new Map(),
    log: logLevels("info"),
    metrics: { listen: null, trees: 100 },
  });
});

test("a subsystem's own level goes before that of the log", () => {
  const { log } = loaded("log: {level: warn, subsystems: {messages: debug, kernel: error}}");
  assert.deepEqual(log, logLevels("warn", { messages: "debug", kernel: "error" }));
  assert.deepEqual([log.subsystems.messages, log.subsystems.trees], ["debug", "warn"]);
});

test("an interface's own setting goes before the router-wide one, that before the default", () => {
  const { interfaces, defaults } = loaded(`
hpim: {helloPeriod: 5, retransmissionTime: 1s}
interfaces:
  eth0: {hpim: {helloPeriod: 100ms}, igmp: true}
  eth1: {hpim: true, igmp: false}
  eth2: {hpim: false}
  eth3: {}
`);
  const eth0 = interfaces.get("eth0");
  assert.equal(eth0?.hpim?.helloPeriod, 100);
  assert.equal(eth0?.hpim?.retransmissionTime, 1_000);
  assert.equal(eth0?.hpim?.syncHoldTime, 12_000);
  assert.deepEqual(eth0?.igmp, DEFAULT_MEMBERSHIP_SETTINGS);
  assert.equal(interfaces.get("eth1")?.hpim?.helloPeriod, 5_000);
  assert.equal(interfaces.get("eth1")?.igmp, null);
  assert.deepEqual(interfaces.get("eth2"), NOT_CONFIGURED);
  assert.deepEqual(interfaces.get("eth3"), NOT_CONFIGURED);
  assert.equal(defaults.hpim.helloPeriod, 5_000);
});

test("§16: every setting of the protocol can be set", () => {
  const { router, defaults } = loaded(`
hpim:
  helloPeriod: 50ms
  triggeredHelloDelay: 0
  syncRetransmissionTime: 1
  syncHoldTime: 2
  retransmissionTime: 3
  ackFailureThreshold: 4
  holdForwarding: false
  holdForwardingTime: 5
  treesPerSync: 6
  neighborLimit: 7
  sourceActiveTime: 8
  floodInitialData: false
  initialFloodTime: 9
  preferences: {ospf: 110, 11: 5}
  treesPerNeighborLimit: 10
  treeLimit: 11
  dataEntryLimit: 12
  sequenceNumberLimit: 16
  windowLimit: 13
`);
  assert.deepEqual(defaults.hpim, {
    ...{ helloPeriod: 50, triggeredHelloDelay: 0, syncRetransmissionTime: 1_000 },
    ...{ syncHoldTime: 2_000, retransmissionTime: 3_000, ackFailureThreshold: 4 },
    ...{ holdForwarding: false, holdForwardingTime: 5_000, treesPerSync: 6, neighborLimit: 7 },
  });
  assert.deepEqual(router, {
    ...{ sourceActiveTime: 8_000, floodInitialData: false, initialFloodTime: 9_000 },
    preferences: new Map([
      [11, 5],
      [188, 110],
    ]),
    ...{ treesPerNeighborLimit: 10, treeLimit: 11, dataEntryLimit: 12 },
    sequenceNumberLimit: 16,
    windowLimit: 13,
  });
});

test("RFC 2236 §8.6, §8.7, §8.10: startup interval and counts follow from other settings", () => {
  const { igmp } = loaded("igmp: {queryInterval: 60, robustnessVariable: 3}").defaults;
  assert.equal(igmp.startupQueryInterval, 15_000);
  assert.equal(igmp.startupQueryCount, 3);
  assert.equal(igmp.lastMemberQueryCount, 3);
  assert.equal(loaded("igmp: {startupQueryCount: 5}").defaults.igmp.startupQueryCount, 5);
});

test("RFC 2236 §8.3: the response interval is below the query interval, also after merging", () => {
  const found = problems(
    "igmp: {queryResponseInterval: 20}\ninterfaces:\n  e: {igmp: {queryInterval: 15}}",
  );
  assert.deepEqual(found, [
    "f:3:7: interfaces.e.igmp: expected queryResponseInterval, 20s here, below queryInterval, 15s here",
  ]);
});

test("all problems are listed at once, with line, column and path, in the order of the file", () => {
  const found = problems(`interfaces:
  eth0:
    hpim: {helloPeriod: 49ms}
    igmp: maybe
  an-interface-name-too-long: {}
hpim:
  helo: 3
  preferences: {nonsense: 1}
igmp:
  queryResponseInterval: 25.6
  lastMemberQueryInterval: 150ms
mld: true
`);
  const places = found.map((line) => line.split(": ").slice(0, 2).join(": "));
  assert.deepEqual(places, [
    "f:3:12: interfaces.eth0.hpim.helloPeriod",
    "f:4:5: interfaces.eth0.igmp",
    "f:5:3: interfaces.an-interface-name-too-long",
    "f:7:3: hpim.helo",
    "f:8:17: hpim.preferences.nonsense",
    "f:10:3: igmp.queryResponseInterval",
    "f:11:3: igmp.lastMemberQueryInterval",
    "f:12:1: mld",
  ]);
  for (const line of found) assert.match(line, /expected|known here/);
});

for (const [title, text] of [
  ["a list that does not end", "hpim: [1"],
  ["a key that is there twice", "hpim: {}\nhpim: {}"],
  ["an alias without an anchor", "hpim: *nothing"],
  ["a number in place of the file", "3"],
] as const) {
  test(`not a configuration: ${title}`, () => assert.equal(problems(text).length, 1));
}

test("§5.2: four HelloPeriods fit the hold time that receivers allow", () => {
  assert.equal(problems("hpim: {helloPeriod: 900}").length, 0);
  assert.equal(problems("hpim: {helloPeriod: 901}").length, 1);
});
