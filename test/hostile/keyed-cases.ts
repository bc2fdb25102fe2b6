// What arrives where there are keys (§3, P6): everything of the table that has no room for a signature; the rest signed
// by somebody who has the key, and judged as without keys; and the most tempting messages of all types, forged.
import assert from "node:assert/strict";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { Random } from "../../src/base/random.ts";
import { sequenceNumber } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import type { DropReason } from "../../src/daemon/drops.ts";
import type { Ipv4Datagram } from "../../src/wire/ip.ts";
import { decodeIpv4, encodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { type OpenKey, signed, valuesOf, withValue } from "../support/hmac.ts";
import { type Battlefield, countersOf, runHostileCases, sceneOf } from "./battlefield.ts";
import { CUT_HEADERS, MESSAGE_CASES } from "./cases.ts";
import type { HostileCase, Scene } from "./hostile-case.ts";
import { ALL_ROUTERS, R1, R2, STRANGER } from "./hostile-case.ts";
import { type Addressed, hpim } from "./packets.ts";

/** The key of the link. */
export const LINK_KEY: OpenKey = { identifier: 7, algorithm: "sha256", secret: "of the routers" };
const GUESSED: OpenKey = { ...LINK_KEY, secret: "of the router" };

const toAll: Addressed = { from: R2, to: ALL_ROUTERS };
const toR1: Addressed = { from: R2, to: R1 };

/** A goodbye of R2, which ends the neighborhood if it is believed. */
export const goodbye = ({ neighbor }: Scene): Uint8Array =>
  hpim({ kind: "hello", bootTime: neighbor.bootTime, options: { holdTimeSeconds: 0 } }, toAll);

/** Messages of R2 to R1, one of each type, that are fresh and would change something if they were believed. */
export function temptations(scene: Scene): readonly Uint8Array[] {
  const { us, neighbor, tree } = scene;
  const sn = sequenceNumber(neighbor.neighborSsn + 1_000_000);
  const head = { bootTime: neighbor.bootTime, sn, ...tree };
  const pair = { neighborBootTime: us.bootTime, neighborSsn: neighbor.mySsn };
  const sync: Message = {
    ...{ kind: "sync", bootTime: neighbor.bootTime, ...pair, mySsn: sn },
    ...{ leader: true, syncSn: 0, part: { more: false, options: { holdTimeSeconds: 1 } } },
  };
  const rpc = { preference: 0, metric: 0 };
  const other = { ...tree, group: ip("239.9.9.9") };
  return [
    goodbye(scene),
    hpim(sync, toR1),
    hpim({ kind: "iamUpstream", ...head, rpc }, toAll),
    hpim({ kind: "iamNoLongerUpstream", ...head }, toAll),
    hpim({ kind: "interest", ...head, ...other }, toR1),
    hpim({ kind: "noInterest", ...head }, toR1),
    hpim(
      {
        ...{ kind: "ack", bootTime: neighbor.bootTime, ...tree, ...pair },
        ...{ mySsn: neighbor.neighborSsn, neighborSn: sn },
      },
      toR1,
    ),
  ];
}

const { identifier } = LINK_KEY;
const LENGTHS = [1, 16, 31, 33, 64, 255];

const rightValue = (packet: Ipv4Datagram): Uint8Array =>
  known(valuesOf(packet, LINK_KEY, 1)[0], "the right value");

const carrying = ({ payload }: Ipv4Datagram, value: Uint8Array): Uint8Array =>
  withValue(payload, identifier, value);

/** The message as it would be right, but for one bit of each byte behind the header. */
function altered(packet: Ipv4Datagram): readonly Uint8Array[] {
  const right = carrying(packet, rightValue(packet));
  return Array.from({ length: right.length - 8 }, (_, n) => {
    const bytes = Uint8Array.from(right);
    bytes[8 + n] = (bytes[8 + n] ?? 0) ^ 1;
    return bytes;
  });
}

/** The beginnings of the message as it would be right, of `from` bytes up to but not `to`, or the whole. */
function cut(packet: Ipv4Datagram, from: number, to?: number): readonly Uint8Array[] {
  const right = carrying(packet, rightValue(packet));
  const count = (to ?? right.length) - from;
  return Array.from({ length: count }, (_, n) => right.subarray(0, from + n));
}

const signedWith = (packet: Ipv4Datagram, key: OpenKey): Uint8Array =>
  withValue(packet.payload, key.identifier, known(valuesOf(packet, key, 1)[0], "a value"));

/** What is made of a packet that is not signed: other payloads for it. */
type Forgery = (packet: Ipv4Datagram) => readonly Uint8Array[];

const FORGERIES: readonly (readonly [name: string, reason: DropReason, forge: Forgery])[] = [
  ["without a signature", "not signed", ({ payload }) => [payload]],
  [
    "under an identifier that no key has",
    "unknown key identifier",
    (packet) => [0, 6, 8, 0xffff].map((n) => signedWith(packet, { ...LINK_KEY, identifier: n })),
  ],
  [
    "with the right value, shorter or longer",
    "wrong signature length",
    (packet) => LENGTHS.map((length) => carrying(packet, Buffer.alloc(length, rightValue(packet)))),
  ],
  ["with another secret", "wrong signature", (packet) => [signedWith(packet, GUESSED)]],
  [
    "with another algorithm",
    "wrong signature",
    (packet) => [signedWith(packet, { ...LINK_KEY, algorithm: "sha3_256" })],
  ],
  [
    "with no value but zeros",
    "wrong signature",
    (packet) => [carrying(packet, new Uint8Array(rightValue(packet).length))],
  ],
  [
    "with random values",
    "wrong signature",
    (packet) => {
      const random = new Random(7);
      const value = rightValue(packet);
      return Array.from({ length: 20 }, () =>
        carrying(
          packet,
          value.map(() => random.below(256)),
        ),
      );
    },
  ],
  ["signed rightly, then cut in the header", "too short", (packet) => cut(packet, 0, 8)],
  [
    "signed rightly, then cut in the value",
    "truncated security value",
    (packet) => cut(packet, 8, 40),
  ],
  ["signed rightly, then cut in the body", "wrong signature", (packet) => cut(packet, 40)],
  ["signed rightly, then altered", "wrong signature", altered],
  [
    "signed for another sender or receiver",
    "wrong signature",
    (packet) =>
      [{ source: ip(STRANGER) }, { destination: ip("10.2.2.3") }].map((other) =>
        carrying(packet, rightValue({ ...packet, ...other })),
      ),
  ],
  [
    "as 1.5.1 would send them again, where that is not accepted",
    "wrong signature",
    (packet) =>
      valuesOf(packet, LINK_KEY, 6)
        .slice(1)
        .map((value) => carrying(packet, value)),
  ],
];

const forged = (datagram: Uint8Array, forge: Forgery): readonly Uint8Array[] => {
  const packet = decodeIpv4(datagram);
  if (isMalformed(packet)) throw new Error(packet.reason);
  return forge(packet).map((payload) => encodeIpv4({ ...packet, payload }));
};

const KEYED_CASES: readonly HostileCase[] = [
  ...CUT_HEADERS,
  ...MESSAGE_CASES.map((hostile) => ({
    ...hostile,
    name: `${hostile.name}, signed rightly`,
    packets: (scene: Scene) => hostile.packets(scene).map((bytes) => signed(bytes, LINK_KEY)),
  })),
  ...MESSAGE_CASES.map((hostile) => ({
    ...hostile,
    name: `${hostile.name}, signed with another secret`,
    reason: "wrong signature" as const,
    packets: (scene: Scene) => hostile.packets(scene).map((bytes) => signed(bytes, GUESSED)),
  })),
  ...FORGERIES.map(
    ([name, reason, forge]): HostileCase => ({
      ...{ name: `messages of all types ${name}`, protocol: "HPIM-DM", reason },
      packets: (scene) => temptations(scene).flatMap((bytes) => forged(bytes, forge)),
    }),
  ),
];

/** All of them, where LINK_KEY is the only key; at last, signed rightly, what was forged is believed. */
export async function runKeyedCases(field: Battlefield): Promise<void> {
  await runHostileCases(field, KEYED_CASES);
  const { received } = await countersOf(field);
  const right = temptations(await sceneOf(field)).map((bytes) => signed(bytes, LINK_KEY));
  await field.inject(right);
  await field.network.until(async () => {
    const { received: later, neighborFailures } = await countersOf(field);
    for (const [kind, count] of Object.entries(received.hpim)) {
      const laterCount = later.hpim[kind as keyof typeof later.hpim];
      assert.ok(laterCount > count, `${kind}, signed rightly, is taken`);
    }
    assert.equal(neighborFailures.goodbye, 1);
  });
}
