// Whatever arrives, the engine throws nothing, accounts for every datagram, and keeps no more than its bounds (P6, P7).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ip } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { withProtocol } from "../../src/daemon/configuration.ts";
import type { InterfaceCounters } from "../../src/daemon/counters.ts";
import { encodeMessage } from "../../src/wire/hpim.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import { anyPacket } from "../hostile/any-packets.ts";
import { UNREAD_REASONS } from "../hostile/reasons.ts";
import { configurationOfSettings } from "../scenarios/settings.ts";
import { answerOf } from "../support/answers.ts";
import type { Rig } from "./engine-rig.ts";
import { ETH1, ETH2, pass, rig } from "./engine-rig.ts";

const LIMITS = { neighbors: 2, trees: 3, treesPerNeighbor: 1, groups: 1 };
const ON_ETH2 = {
  address: ip("10.0.2.1"),
  bootTime: bootTime(1_700_000_000),
  neighbors: ["10.0.2.2", "10.0.2.3", "10.0.2.4"].map(ip),
  sources: ["10.0.1.9", "10.0.2.9", "172.16.0.1", "127.0.0.1"].map(ip),
};

const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);

const countersOn = ({ engine }: Rig): InterfaceCounters => engine.counters.of(ETH2.index);

/** Datagrams that were understood, and those that were not. */
function accountedFor({ received, receivedIgmp, dropped }: InterfaceCounters): number {
  const undecoded = dropped.filter(({ reason }) => UNREAD_REASONS.has(reason));
  return (
    sum(received.values()) + sum(receivedIgmp.values()) + sum(undecoded.map(({ count }) => count))
  );
}

function configuration(): Configuration {
  const settings = {
    hpim: { treeLimit: LIMITS.trees, treesPerNeighborLimit: LIMITS.treesPerNeighbor },
    igmp: { groupLimit: LIMITS.groups },
  };
  const hpim = { ...settings.hpim, neighborLimit: LIMITS.neighbors };
  let made = configurationOfSettings({ ...settings, hpim });
  for (const name of ["eth1", "eth2"]) made = withProtocol(made, name, "hpim", true);
  return withProtocol(made, "eth2", "igmp", true);
}

function network(): Rig {
  const made = rig(configuration(), [ETH1, ETH2]);
  const nextHops = [{ interface: ETH1.index, gateway: null }];
  const prefix = { address: ip("10.0.1.0"), length: 24 };
  const change = { prefix, routes: [{ protocol: 2, metric: 0, nextHops }] };
  made.engine.handle({ kind: "routes", changes: [change] });
  made.engine.handle({
    kind: "upcalls",
    upcalls: [
      {
        reason: "missingEntry",
        interface: ETH1.index,
        ...{ source: ip("10.0.1.9"), group: ip("239.1.1.1") },
      },
    ],
  });
  synchronise(made);
  return made;
}

/** The first neighbor leads, and is SYNCED. */
function synchronise(made: Rig): void {
  for (const syncSn of [0, 1, 2]) {
    const [us] = neighborsOf(made);
    const payload = encodeMessage(
      {
        kind: "sync",
        ...{ bootTime: bootTime(1), mySsn: sequenceNumber(1) },
        ...{ neighborSsn: us?.mySsn ?? sequenceNumber(0), neighborBootTime: ON_ETH2.bootTime },
        ...{ leader: true, syncSn, part: { more: false, options: { holdTimeSeconds: 40 } } },
      },
      null,
    );
    const about = { source: ip("10.0.2.2"), destination: ON_ETH2.address, ttl: 1, tos: 0 };
    const bytes = encodeIpv4({ ...about, protocol: 103, routerAlert: false, payload });
    if (us?.state !== "SYNCED") {
      made.engine.handle({ kind: "datagram", interface: ETH2.index, bytes });
    }
  }
  assert.equal(neighborsOf(made)[0]?.state, "SYNCED");
}

const neighborsOf = ({ engine }: Rig) =>
  engine.view().router.interfaces.flatMap(({ running }) => running?.neighbors ?? []);

function expectBounds(made: Rig): void {
  const { router, membership } = made.engine.view();
  for (const { running } of router.interfaces) {
    const neighbors = running?.neighbors ?? [];
    assert.ok(neighbors.length <= LIMITS.neighbors);
    for (const one of neighbors) assert.ok(one.upstreamTrees <= LIMITS.treesPerNeighbor);
  }
  assert.ok(router.trees.length <= LIMITS.trees);
  assert.ok(membership.groups.length <= LIMITS.groups);
  answerOf("counters", made.engine);
}

/** A datagram, or, null, the passing of time up to the next deadline. */
const anyStep = fc.option(anyPacket(ON_ETH2), { freq: 6 });

test("P6, P7: whatever arrives, nothing is thrown, every datagram is accounted for, and bounds hold", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 20, maxLength: 60, size: "max" }), (steps) => {
      const made = network();
      const before = accountedFor(countersOn(made));
      let sent = 0;
      for (const bytes of steps) {
        if (bytes === null) pass(made);
        else made.engine.handle({ kind: "datagram", interface: ETH2.index, bytes });
        if (bytes !== null) sent++;
      }
      expectBounds(made);
      const counters = countersOn(made);
      assert.equal(accountedFor(counters) - before, sent);
      for (const { protocol, reason } of counters.dropped) seen.add(`${protocol} ${reason}`);
      for (const { state } of neighborsOf(made)) seen.add(state);
    }),
    { numRuns: 300 },
  );
  // The packets are such that they get somewhere: to neighbors in every state, and to bounds.
  for (const what of [
    ...["MASTER", "SLAVE", "SYNCED", "HPIM-DM too many neighbors", "HPIM-DM excluded tree"],
    ...["HPIM-DM too many trees of a neighbor", "IGMP too many groups", "HPIM-DM stale BootTime"],
  ]) {
    assert.ok(seen.has(what), `${what} came up: ${[...seen].sort().join(", ")}`);
  }
});
