// Routers with keys (§3): who understands whom, how keys are rolled over, and what retransmissions are signed with.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ALGORITHM_NAMES } from "../../src/api/algorithms.ts";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { millis, seconds } from "../../src/base/units.ts";
import { EMPTY_CONFIGURATION } from "../../src/daemon/configuration.ts";
import type { Engine } from "../../src/daemon/engine.ts";
import type { Security } from "../../src/daemon/security.ts";
import { NO_SECURITY } from "../../src/daemon/security.ts";
import type { Network } from "../../src/sim/network.ts";
import type { Ipv4Datagram } from "../../src/wire/ip.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { simulate } from "../scenarios/sim-network.ts";
import { answerOf } from "../support/answers.ts";
import { expectSigned, keyed, type OpenKey, withSecurity } from "../support/hmac.ts";

const OLD: OpenKey = { identifier: 7, algorithm: "sha256", secret: "of last year" };
const NEW: OpenKey = { identifier: 8, algorithm: "sha512", secret: "of this year" };
const GROUP = ip("224.12.12.12");
/** Of each router on the link between them. */
const DEVICES = { R1: "eth1", R2: "eth0" } as const;
const ROUTERS = ["R1", "R2"] as const;
type RouterName = (typeof ROUTERS)[number];

function pair(securities: Readonly<Record<RouterName, Security>>): Network {
  const network = simulate("pair");
  for (const router of ROUTERS) {
    const security = securities[router];
    network.start(router, withSecurity(EMPTY_CONFIGURATION, DEVICES[router], security));
  }
  return network;
}

const engineOf = (network: Network, router: RouterName): Engine =>
  known(network.machine(router).engine, "it runs");

function configure(network: Network, router: RouterName, security: Security): void {
  const engine = engineOf(network, router);
  const configuration = withSecurity(engine.configuration, DEVICES[router], security);
  engine.handle({ kind: "configure", configuration });
}

const neighborsOf = (network: Network, router: RouterName) =>
  answerOf("neighbors", engineOf(network, router)).neighbors;

/** Reasons for which a router has dropped messages of HPIM-DM. */
const dropsOf = (network: Network, router: RouterName): readonly string[] =>
  answerOf("counters", engineOf(network, router)).counters.flatMap(({ dropped }) =>
    dropped.flatMap(({ protocol, reason }) => (protocol === "HPIM-DM" ? [reason] : [])),
  );

const areSynced = (network: Network): boolean =>
  ROUTERS.every((router) => neighborsOf(network, router)[0]?.state === "SYNCED");

/** Data from the source to the client, who gets a packet every 100 ms. */
function startData(network: Network): void {
  const host = network.host("Source");
  const send = (): void => {
    host.send(GROUP);
    network.scheduler.in(millis(100), send);
  };
  network.host("Client").join(GROUP);
  send();
  assert.ok(network.runUntil(() => network.received("Client", GROUP).length > 0, seconds(5)));
}

/** The HPIM-DM messages that were sent on the link between the routers. */
const datagramsOf = (network: Network): readonly Ipv4Datagram[] =>
  network.frames.flatMap(({ link, datagram }) => {
    const decoded = decodeIpv4(datagram);
    assert.ok(!isMalformed(decoded));
    return link === "B" && decoded.protocol === 103 ? [decoded] : [];
  });

for (const algorithm of ALGORITHM_NAMES) {
  test(`§3: two routers with the same ${algorithm} key are SYNCED, and all that they say is signed`, () => {
    const key = { ...OLD, algorithm };
    const network = pair({ R1: keyed(key), R2: keyed(key) });
    assert.ok(network.runUntil(() => areSynced(network), seconds(5)));
    startData(network);
    const datagrams = datagramsOf(network);
    const types = new Set(datagrams.map(({ payload }) => (payload[4] ?? 0) & 0x0f));
    assert.deepEqual([...types].sort(), [0, 1, 2, 4, 6]);
    for (const datagram of datagrams) expectSigned(datagram, key);
    for (const router of ROUTERS) assert.deepEqual(dropsOf(network, router), []);
  });
}

test("§3: a retransmission is signed as the first copy was, and is accepted", () => {
  const network = pair({ R1: keyed(OLD), R2: keyed(OLD) });
  assert.ok(network.runUntil(() => areSynced(network), seconds(5)));
  const medium = network.link("B");
  const none = medium.faults;
  const all = { lost: 1000, duplicated: 0, delayed: 0, delay: millis(0) };
  const isAck = (datagram: Uint8Array): boolean => ((datagram[24] ?? 0) & 0x0f) === 6;
  medium.faults = (frame) => (isAck(frame.datagram) ? all : none(frame));
  startData(network);
  network.run(seconds(10));
  medium.faults = none;
  network.run(seconds(10));
  const copies = new Map<string, number>();
  for (const datagram of datagramsOf(network)) {
    expectSigned(datagram, OLD);
    const text = Buffer.from(datagram.payload).toString("hex");
    copies.set(text, (copies.get(text) ?? 0) + 1);
  }
  assert.ok(Math.max(...copies.values()) >= 4, "IamUpstream and Interest were sent again");
  assert.ok(areSynced(network));
  for (const router of ROUTERS) {
    const ofSignatures = dropsOf(network, router).filter((reason) => /sign|key/.test(reason));
    assert.deepEqual(ofSignatures, []);
  }
});

test("§3: keys are rolled over without losing a neighbor or a message", () => {
  const network = pair({ R1: keyed(OLD), R2: keyed(OLD) });
  assert.ok(network.runUntil(() => areSynced(network), seconds(5)));
  startData(network);
  const neighbors = () =>
    ROUTERS.map((router) =>
      neighborsOf(network, router).map(({ state, bootTime, mySsn, neighborSsn }) => ({
        ...{ state, bootTime, mySsn, neighborSsn },
      })),
    );
  const before = neighbors();
  const notices = network.notices.length;
  const both = keyed(OLD, NEW);
  const steps: readonly (readonly [RouterName, Security])[] = [
    ["R1", { ...both, sendWith: OLD.identifier }],
    ["R2", { ...both, sendWith: OLD.identifier }],
    ["R1", { ...both, sendWith: NEW.identifier }],
    ["R2", both],
    ["R1", keyed(NEW)],
    ["R2", keyed(NEW)],
  ];
  for (const [router, security] of steps) {
    configure(network, router, security);
    network.host("Client").leave(GROUP);
    network.run(seconds(10));
    network.host("Client").join(GROUP);
    network.run(seconds(50));
    assert.deepEqual(neighbors(), before);
  }
  const told = network.notices.slice(notices).map(({ notice }) => notice.kind);
  for (const kind of ["neighborState", "neighborFailed", "dropped"] as const) {
    assert.equal(told.includes(kind), false, kind);
  }
  assert.ok(told.includes("forwarding"), "interest was told meanwhile");
  for (const router of ROUTERS) assert.deepEqual(dropsOf(network, router), []);
  const last = datagramsOf(network).slice(-10);
  for (const datagram of last) expectSigned(datagram, NEW);
});

const STRANGERS: readonly (readonly [
  what: string,
  securities: Readonly<Record<RouterName, Security>>,
  drops: Readonly<Record<RouterName, readonly string[]>>,
])[] = [
  [
    "different secrets",
    { R1: keyed(OLD), R2: keyed({ ...OLD, secret: "of the year before" }) },
    { R1: ["wrong signature"], R2: ["wrong signature"] },
  ],
  [
    "a key on one side only",
    { R1: keyed(OLD), R2: NO_SECURITY },
    { R1: ["not signed"], R2: ["signed, but there are no keys"] },
  ],
  [
    "different algorithms",
    { R1: keyed(OLD), R2: keyed({ ...OLD, algorithm: "sha224" }) },
    { R1: ["wrong signature length"], R2: ["wrong signature length"] },
  ],
  [
    "different algorithms with digests as long",
    { R1: keyed(OLD), R2: keyed({ ...OLD, algorithm: "blake2s" }) },
    { R1: ["wrong signature"], R2: ["wrong signature"] },
  ],
  [
    "different identifiers",
    { R1: keyed(OLD), R2: keyed({ ...OLD, identifier: 6 }) },
    { R1: ["unknown key identifier"], R2: ["unknown key identifier"] },
  ],
  [
    "a new key that signs before the other side has it",
    { R1: keyed(OLD, NEW), R2: keyed(OLD) },
    { R1: [], R2: ["unknown key identifier"] },
  ],
];

for (const [what, securities, drops] of STRANGERS) {
  test(`§3: routers with ${what} are never SYNCED, and their counters say why`, () => {
    const network = pair(securities);
    network.run(seconds(120));
    const states = network.notices.flatMap(({ notice }) =>
      notice.kind === "neighborState" ? [notice.to] : [],
    );
    assert.equal(states.includes("SYNCED"), false);
    for (const router of ROUTERS) assert.deepEqual(dropsOf(network, router), drops[router]);
  });
}
