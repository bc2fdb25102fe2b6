// Any packets, for fast-check: noise, messages with wild numbers, messages whose numbers nearly fit, and what accidents make of them.
import fc from "fast-check";
import { type Address, ip } from "../../src/base/address.ts";
import type { BootTime } from "../../src/base/units.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import { allRouters } from "../../src/core/messages.ts";
import { encodeMessage } from "../../src/wire/hpim.ts";
import { encodeIgmp } from "../../src/wire/igmp.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import { rightDestination } from "../membership/lan.ts";
import { anyAddress, anyIgmp, anyMessage, anyMutation, anyRoom } from "../wire/arbitrary.ts";

/** Who hears the packets, and what fits it. */
export interface Target {
  readonly address: Address;
  readonly bootTime: BootTime;
  /** Of neighbors on its link. */
  readonly neighbors: readonly Address[];
  readonly sources: readonly Address[];
}

const HPIM_DM = 103;
const IGMP = 2;
const GROUPS = ["239.1.1.1", "239.1.1.2", "224.0.0.9"].map(ip);

const pick = <T>(from: readonly T[], n: number): T => from[n % from.length] as T;

/** Numbers as they are at the beginning of a neighborhood, so that some fit. */
function fitting(message: Message, target: Target): Message {
  const small = (n: number): ReturnType<typeof sequenceNumber> => sequenceNumber(n % 8);
  const head = { bootTime: bootTime(message.bootTime % 16 === 0 ? 2 : 1) };
  if (message.kind === "hello") {
    const { holdTimeSeconds } = message.options;
    return { ...message, ...head, options: { holdTimeSeconds: holdTimeSeconds % 16 } };
  }
  if (message.kind === "sync") {
    const { mySsn, neighborSsn, syncSn } = message;
    const numbers = { mySsn: small(mySsn), neighborSsn: small(neighborSsn), syncSn: syncSn % 3 };
    return { ...message, ...head, ...numbers, neighborBootTime: target.bootTime };
  }
  const unit = message.group.charCodeAt(3);
  const tree = { source: pick(target.sources, unit >> 4), group: pick(GROUPS, unit) };
  if (message.kind !== "ack") return { ...message, ...head, ...tree, sn: small(message.sn) };
  const { mySsn, neighborSsn, neighborSn } = message;
  return {
    ...{ ...message, ...head, ...tree, neighborBootTime: target.bootTime },
    ...{ mySsn: small(mySsn), neighborSsn: small(neighborSsn), neighborSn: small(neighborSn) },
  };
}

const isForAll = ({ kind }: Message): boolean =>
  kind === "hello" || kind === "iamUpstream" || kind === "iamNoLongerUpstream";

/** A message of a neighbor that is where it belongs, and may be taken. */
const plausibleHpim = (target: Target): fc.Arbitrary<Uint8Array> =>
  fc.tuple(anyMessage(4), fc.constantFrom(...target.neighbors)).map(([any, source]) => {
    const message = fitting(any, target);
    const destination = isForAll(message) ? allRouters(4) : target.address;
    const about = { source, destination, ttl: 1, tos: 0xc0, protocol: HPIM_DM };
    return encodeIpv4({ ...about, routerAlert: false, payload: encodeMessage(message, null) });
  });

const plausibleIgmp = (target: Target): fc.Arbitrary<Uint8Array> =>
  fc.tuple(anyIgmp, fc.constantFrom(...target.neighbors)).map(([message, source]) => {
    const destination = rightDestination(message);
    const about = { source, destination, ttl: 1, tos: 0xc0, protocol: IGMP };
    return encodeIpv4({ ...about, routerAlert: true, payload: encodeIgmp(message) });
  });

/** Any payload of ours or of others, under any header. */
const wild: fc.Arbitrary<Uint8Array> = fc
  .record({
    source: anyAddress(4),
    destination: anyAddress(4),
    ttl: fc.integer({ min: 0, max: 255 }),
    protocol: fc.constantFrom(HPIM_DM, IGMP, 17),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.tuple(anyMessage(4), anyRoom).map(([message, room]) => encodeMessage(message, room)),
      anyIgmp.map(encodeIgmp),
    ),
  })
  .map((given) => encodeIpv4({ ...given, tos: 0, routerAlert: false }));

/** Any datagram that a socket may hand over, and more. */
export const anyPacket = (target: Target): fc.Arbitrary<Uint8Array> => {
  const plausible = fc.oneof(plausibleHpim(target), plausibleIgmp(target));
  return fc.oneof(
    { weight: 8, arbitrary: plausible },
    { weight: 3, arbitrary: anyMutation(plausible) },
    { weight: 1, arbitrary: wild },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
  );
};
