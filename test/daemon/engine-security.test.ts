// The keys of an interface as an engine uses them (§3): what is counted, what is signed, and how much room it leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { withProtocol } from "../../src/daemon/configuration.ts";
import { inboundOf } from "../../src/daemon/datagrams.ts";
import type { OutgoingDatagram } from "../../src/daemon/host.ts";
import type { Security } from "../../src/daemon/security.ts";
import { NO_SECURITY, signatureBytes } from "../../src/daemon/security.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import { keyed, type OpenKey, signed, withSecurity } from "../support/hmac.ts";
import {
  drops,
  ETH1,
  ETH2,
  hello,
  NEIGHBOR,
  on,
  pass,
  type Rig,
  rig,
  SOURCE,
} from "./engine-rig.ts";

const KEY: OpenKey = { identifier: 7, algorithm: "sha256", secret: "of eth2" };
const OTHER: OpenKey = { identifier: 8, algorithm: "sha512", secret: "of eth2, too" };

const secure = (security: Security, configuration: Configuration = on("hpim", "eth2")) =>
  withSecurity(configuration, "eth2", security);

/** A Hello of the neighbor as it arrives, without a signature. */
const HELLO = encodeIpv4({
  ...{ source: NEIGHBOR, destination: ip("224.0.0.13"), ttl: 1, tos: 0xc0, protocol: 103 },
  ...{ routerAlert: false, payload: hello(40) },
});

const arrive = ({ engine }: Rig, bytes: Uint8Array): void =>
  engine.handle({ kind: "datagram", interface: ETH2.index, bytes });

const neighborsOn = ({ engine }: Rig): number | undefined =>
  engine.view().router.interfaces.find(({ index }) => index === ETH2.index)?.running?.neighbors
    .length;

/** What was sent on eth2, judged by `security`: the kind of each message, or why it is dropped. */
const judged = ({ host }: Rig, security: Security): readonly string[] =>
  host.sent
    .filter((datagram) => datagram.interface === ETH2.index)
    .map(({ source, destination, payload }: OutgoingDatagram) => {
      const about = { source, destination, ttl: 1, tos: 0xc0, protocol: 103, routerAlert: false };
      const inbound = inboundOf(ETH2.index, encodeIpv4({ ...about, payload }), security);
      return inbound.kind === "hpim" ? inbound.event.message.kind : JSON.stringify(inbound);
    });

test("§3, P6: what carries no valid value changes nothing but a counter of its reason", () => {
  const made = rig(secure(keyed(KEY)), [ETH1, ETH2]);
  const guessed = { ...KEY, secret: "guessed" };
  const forgeries = [
    HELLO,
    signed(HELLO, { ...KEY, identifier: 8 }),
    signed(HELLO, { ...KEY, algorithm: "md5" }),
    signed(HELLO, guessed),
    signed(HELLO, guessed),
  ];
  for (const bytes of forgeries) arrive(made, bytes);
  assert.deepEqual(drops(made, ETH2), [
    "HPIM-DM: not signed: 1",
    "HPIM-DM: unknown key identifier: 1",
    "HPIM-DM: wrong signature: 2",
    "HPIM-DM: wrong signature length: 1",
  ]);
  assert.equal(neighborsOn(made), 0);
  assert.deepEqual(made.sentences().slice(-1), [
    "On eth2, one HPIM-DM message from 10.0.2.2 was dropped: wrong signature.",
  ]);
  arrive(made, signed(HELLO, KEY));
  assert.equal(neighborsOn(made), 1);
});

test("§3: keys are an interface's own, and judge what arrives there by the interface's present name", () => {
  const both = withSecurity(secure(keyed(KEY), on("hpim", "eth1", "eth2")), "eth9", keyed(OTHER));
  const made = rig(withProtocol(both, "eth9", "hpim", true), [ETH1, ETH2]);
  arrive(made, signed(HELLO, OTHER));
  assert.equal(neighborsOn(made), 0);
  made.engine.handle({ kind: "links", links: [ETH1, { ...ETH2, name: "eth9" }] });
  arrive(made, signed(HELLO, OTHER));
  assert.equal(neighborsOn(made), 1);
  const onEth1 = () => made.host.sent.filter((datagram) => datagram.interface === ETH1.index);
  while (onEth1().length === 0) pass(made);
  for (const { payload } of onEth1()) assert.equal(payload[7], 0, "eth1 has no keys");
});

test("§3: from the moment that keys are configured they sign and judge; no neighbor is restarted", () => {
  const made = rig(secure(keyed(KEY)), [ETH1, ETH2]);
  arrive(made, signed(HELLO, KEY));
  const running = () => made.engine.view().router.interfaces.map((at) => at.running);
  const steps: readonly (readonly [Security, OpenKey])[] = [
    [keyed(KEY, OTHER), OTHER],
    [{ ...keyed(KEY, OTHER), sendWith: 7 }, KEY],
    [keyed(OTHER), OTHER],
  ];
  for (const [security, signs] of steps) {
    const before = running();
    made.engine.handle({ kind: "configure", configuration: secure(security) });
    assert.deepEqual(running(), before);
    made.host.sent.length = 0;
    while (made.host.sent.length === 0) pass(made);
    for (const kind of judged(made, keyed(signs))) assert.match(kind, /^(hello|sync)$/);
  }
  arrive(made, signed(HELLO, KEY));
  assert.deepEqual(drops(made, ETH2), ["HPIM-DM: unknown key identifier: 1"]);
});

const ENDS: readonly (readonly [how: string, end: (made: Rig) => void])[] = [
  ["the daemon stops", ({ engine }) => engine.stop()],
  [
    "the interface is no longer configured",
    ({ engine }) => engine.handle({ kind: "configure", configuration: on("hpim") }),
  ],
  [
    "HPIM-DM is switched off, and the keys are others at once",
    ({ engine }) => {
      const configuration = withProtocol(secure(keyed(OTHER)), "eth2", "hpim", false);
      engine.handle({ kind: "configure", configuration });
    },
  ],
  [
    "the interface gets another name",
    ({ engine }) => engine.handle({ kind: "links", links: [{ ...ETH2, name: "eth9" }] }),
  ],
];

for (const [how, end] of ENDS) {
  test(`§3, §5.1: the goodbye is signed as what went before it when ${how}`, () => {
    const made = rig(secure(keyed(KEY)), [ETH2]);
    pass(made);
    made.host.sent.length = 0;
    end(made);
    assert.deepEqual(judged(made, keyed(KEY)), ["hello"]);
    // Nothing of the keys is kept where they are no longer configured.
    const keys = made.engine.ports().flatMap(({ security }) => security.keys);
    assert.equal(
      keys.some(({ identifier }) => identifier === KEY.identifier),
      false,
    );
  });
}

const TREES = 200;
const group = (n: number) => ip(`239.1.${n >> 8}.${n & 0xff}`);

const MD5: OpenKey = { ...KEY, algorithm: "md5" };
const ROOMS: readonly (readonly [security: Security, ofNeighbor: OpenKey | null])[] = [
  [NO_SECURITY, null],
  [keyed(MD5), MD5],
  [keyed(OTHER, KEY), OTHER],
  [keyed(KEY, OTHER), KEY],
  [{ ...keyed(KEY, OTHER), sendWith: 7 }, OTHER],
];

for (const [security, key] of ROOMS) {
  test(`§6.3: a Sync fills the MTU with trees and a signature of ${signatureBytes(security)} bytes, and no more`, () => {
    const made = rig(secure(security, on("hpim", "eth1", "eth2")), [ETH1, ETH2]);
    const nextHops = [{ interface: ETH1.index, gateway: null }];
    const prefix = { address: ip("10.0.1.0"), length: 24 };
    const routes = [{ protocol: 2, metric: 0, nextHops }];
    made.engine.handle({ kind: "routes", changes: [{ prefix, routes }] });
    const upcalls = Array.from({ length: TREES }, (_, n) => ({
      ...({ reason: "missingEntry", interface: ETH1.index } as const),
      ...{ source: SOURCE, group: group(n) },
    }));
    made.engine.handle({ kind: "upcalls", upcalls });
    arrive(made, key === null ? HELLO : signed(HELLO, key));
    const sync = made.host.sent.find(({ destination }) => destination === NEIGHBOR);
    const bytes = 20 + (sync?.payload.length ?? 0);
    assert.ok(bytes <= ETH2.mtu && ETH2.mtu < bytes + 16, `${bytes} bytes`);
  });
}
