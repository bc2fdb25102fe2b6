// Frames of HPIM-DM that have suffered, from a seed: messages that still arrive in whole datagrams, and frames that are hit
// anywhere. A few are cut by the capture.
import type { Family } from "../../src/base/address.ts";
import { Random } from "../../src/base/random.ts";
import { encodeMessage } from "../../src/wire/hpim.ts";
import { decodeIpv4, encodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { happens, pick } from "../../tools/campaign/generate.ts";
import { varyBytes } from "../../tools/fuzz/vary-bytes.ts";
import { anyMessageOf } from "../fuzz/any-message.ts";
import { capturedDatagrams } from "../fuzz/captures.ts";
import type { WrittenFrame } from "../support/capture-files.ts";
import { ethernet, ipv6 } from "../support/capture-files.ts";

const HPIM_DM = 103;
const ETHER_TYPES = { 4: 0x0800, 6: 0x86dd } as const;
/** Of Ethernet and IP. */
const HEADER_BYTES = { 4: 14 + 20, 6: 14 + 40 } as const;
const LONGEST_BYTES = 9000;

const CAPTURED = capturedDatagrams().flatMap((bytes) => {
  const datagram = decodeIpv4(bytes);
  return isMalformed(datagram) || datagram.protocol !== HPIM_DM ? [] : [datagram];
});

/** An address of a router, the same for the same `n`. */
function linkLocal(n: number): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set([0xfe, 0x80]);
  bytes[15] = 1 + n;
  return bytes;
}

/** A message of IPv6, of which there are no captures. */
function anyMessage(random: Random): Uint8Array {
  const room = { identifier: random.below(4), lengthBytes: pick(random, [1, 16, 64, 255]) };
  return encodeMessage(anyMessageOf(random, 6), happens(random, 70) ? null : room);
}

type Change = (random: Random, bytes: Uint8Array) => Uint8Array;

const suffer: Change = (random, input) =>
  varyBytes({ random, input, other: pick(random, CAPTURED).payload }).subarray(0, LONGEST_BYTES);

/** Something is left of it: about nothing, Wireshark asks no dissector. */
const sufferMostly: Change = (random, input) => {
  const varied = happens(random, 10) ? input : suffer(random, input);
  return varied.length === 0 ? input : varied;
};

function frameOf(random: Random, family: Family, change: Change): Uint8Array {
  if (family === 4) {
    const datagram = pick(random, CAPTURED);
    const payload = change(random, datagram.payload);
    return ethernet([ETHER_TYPES[4]], encodeIpv4({ ...datagram, payload }));
  }
  const payload = change(random, anyMessage(random));
  const [source, destination] = [linkLocal(random.below(4)), linkLocal(random.below(4))];
  return ethernet([ETHER_TYPES[6]], ipv6(source, destination, HPIM_DM, payload));
}

const anyFamily = (random: Random): Family => (happens(random, 75) ? 4 : 6);

/** A frame, or what is left of one that was cut behind `kept` bytes. */
function captured(random: Random, bytes: Uint8Array, kept: number): WrittenFrame {
  const spare = bytes.length - kept;
  if (spare <= 0 || !happens(random, 5)) return { bytes };
  return { bytes: bytes.subarray(0, kept + random.below(spare)), originalBytes: bytes.length };
}

/** So many frames, each a whole datagram of protocol 103, of which the message may have suffered. */
export function mutatedMessages(seed: number, count: number): readonly WrittenFrame[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const family = anyFamily(random);
    return captured(random, frameOf(random, family, sufferMostly), HEADER_BYTES[family] + 1);
  });
}

const IPV4_LENGTH_OFFSET = 16;

/** Offloading leaves the length of IPv4 to the card: Wireshark takes 0 for that, and not for an error. */
const isLeftToCard = (bytes: Uint8Array): boolean =>
  bytes[IPV4_LENGTH_OFFSET] === 0 && bytes[IPV4_LENGTH_OFFSET + 1] === 0;

/** So many frames that have suffered anywhere. */
export function mutatedFrames(seed: number, count: number): readonly WrittenFrame[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const whole = frameOf(random, anyFamily(random), (_, message) => message);
    const bytes = suffer(random, whole);
    return captured(random, isLeftToCard(bytes) ? whole : bytes, 0);
  });
}
