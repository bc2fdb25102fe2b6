// Before data are let on to a link of several neighbors, the engine hears what these have said meanwhile.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Address, ip } from "../../src/base/address.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { withProtocol } from "../../src/daemon/configuration.ts";
import type { EngineOptions } from "../../src/daemon/engine-options.ts";
import type { HostEvent, Link } from "../../src/daemon/host.ts";
import { recorded } from "../../src/daemon/recording/recorded.ts";
import { encodeIgmp } from "../../src/wire/igmp.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import { replayed } from "../sim/replay-rig.ts";
import type { Rig } from "./engine-rig.ts";
import {
  arriving,
  ETH1,
  ETH2,
  GROUP,
  hello,
  on,
  rig,
  SOURCE,
  tellRoutes,
  upcallOf,
} from "./engine-rig.ts";
import { link } from "./observed-machine.ts";

const ETH3 = link(3);
const NEIGHBORS = ["10.0.2.2", "10.0.2.3"].map(ip);
const HOLD_SECONDS = 120;

/** HPIM-DM on some interfaces, and IGMP on those that have listeners. */
const configured = (...names: readonly string[]): Configuration =>
  names.reduce(
    (configuration, name) => withProtocol(configuration, name, "igmp", name !== "eth1"),
    on("hpim", ...names),
  );

/** A host on a link listens to the group. */
const report = (place: Link): Extract<HostEvent, { kind: "datagram" }> => ({
  kind: "datagram",
  interface: place.index,
  bytes: encodeIpv4({
    ...{ source: ip(`10.0.${place.index}.9`), destination: GROUP, ttl: 1, tos: 0xc0, protocol: 2 },
    ...{ routerAlert: true, payload: encodeIgmp({ kind: "report", version: 2, group: GROUP }) },
  }),
});

/** A router that knows `neighbors` on eth2, and a listener there; its source is on eth1. */
function knowing(
  neighbors: readonly Address[],
  made?: (options: EngineOptions) => EngineOptions,
): Rig {
  const router = rig(configured("eth1", "eth2", "eth3"), [ETH1, ETH2, ETH3], made);
  tellRoutes(router);
  for (const source of neighbors) router.engine.handle(arriving(hello(HOLD_SECONDS), { source }));
  router.engine.handle(report(ETH2));
  router.host.calls.length = 0;
  return router;
}

const flow = ({ engine }: Rig): void =>
  engine.handle({ kind: "upcalls", upcalls: [upcallOf(SOURCE)] });

const callsOf = ({ host }: Rig, ...names: readonly string[]): readonly string[] =>
  host.calls.filter((call) => names.includes(call.split(" ")[0] ?? ""));

/** Somebody listens on eth3 when neighbors are heard. */
function joinWhenHeard({ engine, host }: Rig): void {
  host.onHear = () => {
    engine.handle(report(ETH3));
    return 1;
  };
}

test("between what is said and the entry, the neighbors on a link of several are heard", () => {
  const router = knowing(NEIGHBORS);
  flow(router);
  assert.deepEqual(callsOf(router, "send", "hearNeighbors", "writeEntry").slice(-4), [
    "send 2 hpim",
    "send 3 hpim",
    "hearNeighbors 2",
    "writeEntry 1 2",
  ]);
});

test("what can wait is done after that: nothing of the log is lost", () => {
  const sentences = [NEIGHBORS, NEIGHBORS.slice(1)].map((neighbors) => {
    const router = knowing(neighbors);
    router.notices.length = 0;
    flow(router);
    return router.sentences();
  });
  assert.notDeepEqual(sentences[0], []);
  assert.deepEqual(sentences[0], sentences[1]);
});

test("nobody is heard where a link has one neighbor", () => {
  const router = knowing(NEIGHBORS.slice(1));
  flow(router);
  assert.deepEqual(callsOf(router, "hearNeighbors", "writeEntry"), ["writeEntry 1 2"]);
});

test("what was heard is handled before the entry is written, which is so written once", () => {
  const router = knowing(NEIGHBORS);
  joinWhenHeard(router);
  flow(router);
  assert.deepEqual(callsOf(router, "hearNeighbors", "writeEntry"), [
    "hearNeighbors 2",
    "writeEntry 1 2,3",
  ]);
});

test("no entry names an interface whose VIF is given back, although neighbors are to be heard", () => {
  const router = knowing(NEIGHBORS);
  router.engine.handle(report(ETH3));
  flow(router);
  router.host.calls.length = 0;
  router.engine.handle({ kind: "configure", configuration: configured("eth1", "eth2") });
  assert.deepEqual(callsOf(router, "writeEntry", "stopInterface"), [
    "writeEntry 1 2",
    "stopInterface 3",
  ]);
});

test("a router that stops hears nobody, and leaves no entry", () => {
  const router = knowing(NEIGHBORS);
  flow(router);
  router.host.calls.length = 0;
  router.engine.stop();
  assert.deepEqual(callsOf(router, "hearNeighbors"), []);
  assert.equal(router.host.entries.size, 0);
});

test("a replay goes through what was heard", () => {
  const lines: string[] = [];
  const about = { program: "test", time: "2000-01-01T00:00:00.000Z" };
  const router = knowing(NEIGHBORS, (options) =>
    recorded(options, about, (line) => lines.push(line)),
  );
  joinWhenHeard(router);
  flow(router);
  const heard = lines.filter((line) => line.includes("hearNeighbors"));
  assert.deepEqual(heard, ['{"call":{"kind":"hearNeighbors","interfaces":[2]},"returned":1}']);
  assert.equal(replayed(lines).kind, "same");
});
