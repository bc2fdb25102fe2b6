// Settings that change while a tree carries data (§16), on whole engines: no neighbor fails, no packet is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { millis, seconds } from "../../src/base/units.ts";
import type { Network } from "../../src/sim/network.ts";
import type { ScenarioSettings } from "../scenarios/scenario-network.ts";
import { configurationOfSettings } from "../scenarios/settings.ts";
import { engineOf, reconfigure, simulate } from "../scenarios/sim-network.ts";

const GROUP = ip("224.12.12.12");
const UDP = 17;
/** In an IPv4 header. */
const PROTOCOL_OFFSET = 9;
const PACKET_INTERVAL = millis(100);

/** Source - R1 - R2 - Client, with these settings, while a tree carries data to the client. */
function carrying(settings: ScenarioSettings): Network {
  const network = simulate("pair");
  network.startAll(configurationOfSettings(settings));
  network.host("Client").join(GROUP);
  const sendOnce = (): void => {
    network.host("Source").send(GROUP);
    network.scheduler.in(PACKET_INTERVAL, sendOnce);
  };
  network.run(seconds(5));
  sendOnce();
  network.run(seconds(5));
  network.notices.splice(0);
  return network;
}

/** What was reported since, and how many packets the client has not got. */
function harm(network: Network): { readonly notices: readonly string[]; readonly lost: number } {
  network.run(millis(PACKET_INTERVAL / 2));
  const sent = network.frames.filter(
    ({ link, datagram }) => link === "A" && datagram[PROTOCOL_OFFSET] === UDP,
  ).length;
  return {
    notices: network.notices.map(({ router, notice }) => `${router} ${notice.kind}`),
    lost: sent - new Set(network.received("Client", GROUP)).size,
  };
}

const NONE = { notices: [], lost: 0 };

test("§16 HelloPeriod: from 1 s to 100 s and back on one of two routers, no neighbor fails", () => {
  const before = { hpim: { helloPeriod: 1 } };
  const network = carrying(before);
  reconfigure(network, "R1", { hpim: { helloPeriod: 100 } });
  network.run(seconds(110));
  reconfigure(network, "R1", before);
  network.run(seconds(10));
  reconfigure(network, "R1", { hpim: { helloPeriod: "100ms" } });
  network.run(seconds(2));
  reconfigure(network, "R1", { hpim: { helloPeriod: 50 } });
  network.run(seconds(60));
  assert.deepEqual(harm(network), NONE);
});

test("§16: a change of configuration reaches what runs before anything else happens", () => {
  const network = carrying({});
  network.run(seconds(60));
  const frames = network.frames.length;
  reconfigure(network, "R2", { hpim: { helloPeriod: 1 }, igmp: { queryInterval: 20 } });
  network.run(millis(0));
  const said = network.frames
    .slice(frames)
    .map(({ link, from, datagram }) => `${from} ${link} ${datagram[PROTOCOL_OFFSET]}`);
  // R1 asks on B.
  assert.deepEqual(said.sort(), ["R2.eth0 B 103", "R2.eth1 C 103", "R2.eth1 C 2"]);
});

const LONG: ScenarioSettings = {
  hpim: {
    helloPeriod: 900,
    triggeredHelloDelay: 60,
    syncRetransmissionTime: 60,
    syncHoldTime: 300,
    retransmissionTime: 60,
    ackFailureThreshold: 100,
    holdForwarding: true,
    holdForwardingTime: 60,
    neighborLimit: 1000,
    sourceActiveTime: 3600,
    floodInitialData: true,
    initialFloodTime: 600,
    treesPerNeighborLimit: 100_000,
    treeLimit: 200_000,
    dataEntryLimit: 10_000,
  },
  igmp: {
    robustnessVariable: 5,
    queryInterval: 600,
    queryResponseInterval: 25,
    startupQueryInterval: 600,
    startupQueryCount: 9,
    lastMemberQueryInterval: 25,
    lastMemberQueryCount: 9,
    version1RouterPresentTimeout: 3600,
    groupLimit: 10_000,
  },
};

const SHORT: ScenarioSettings = {
  hpim: {
    helloPeriod: "50ms",
    triggeredHelloDelay: 0,
    syncRetransmissionTime: "10ms",
    syncHoldTime: "40ms",
    retransmissionTime: "10ms",
    ackFailureThreshold: 1,
    holdForwarding: false,
    holdForwardingTime: "10ms",
    neighborLimit: 1,
    sourceActiveTime: 1,
    floodInitialData: false,
    initialFloodTime: "100ms",
    treesPerNeighborLimit: 1,
    treeLimit: 1,
    dataEntryLimit: 1,
  },
  igmp: {
    robustnessVariable: 1,
    queryInterval: 2,
    queryResponseInterval: 1,
    startupQueryInterval: 1,
    startupQueryCount: 1,
    lastMemberQueryInterval: "100ms",
    lastMemberQueryCount: 1,
    version1RouterPresentTimeout: 1,
    groupLimit: 1,
  },
};

test("§16: all settings from long to short and back, again and again, end nothing by themselves", () => {
  const network = carrying({});
  for (let round = 0; round < 2; round++) {
    for (const settings of [LONG, SHORT]) {
      for (const router of ["R1", "R2"]) reconfigure(network, router, settings);
      network.run(millis(3_000 * round + 1_700));
    }
  }
  network.run(seconds(60));
  assert.deepEqual(harm(network), NONE);
});

test("§16: the same configuration once more says nothing and changes nothing", () => {
  const network = carrying({});
  network.run(seconds(3));
  const frames = network.frames.length;
  for (const router of ["R1", "R2"]) {
    const engine = engineOf(network, router);
    const before = engine.view();
    reconfigure(network, router, {});
    assert.deepEqual(engine.view().router, before.router);
    assert.deepEqual(engine.view().membership, before.membership);
  }
  network.run(millis(0));
  assert.deepEqual(network.frames.slice(frames), []);
  assert.deepEqual(harm(network), NONE);
});
