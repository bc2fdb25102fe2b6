// What a captured frame says, if it is one of HPIM-DM.
import type { Address, Family } from "../../base/address.ts";
import { addressBytes, readAddress } from "../../base/address.ts";
import type { CapturedFrame } from "../../capture/captured-frame.ts";
import type { Carried } from "../../capture/link-layer.ts";
import { carriedBy } from "../../capture/link-layer.ts";
import type { DecodedMessage } from "../../wire/hpim.ts";
import { decodeMessage } from "../../wire/hpim.ts";
import { decodeIpv4, headerBytesOf } from "../../wire/ip.ts";
import { decodeIpv6 } from "../../wire/ipv6.ts";
import type { MalformedReason } from "../../wire/malformed.ts";
import { isMalformed } from "../../wire/malformed.ts";
import { identifierOf } from "../../wire/signature.ts";
import type { Key } from "./keys.ts";
import { isRight } from "./keys.ts";

/** A message as it was captured. */
export type Message = DecodedMessage["message"];

/** The security fields of a message (§2.1), and whether its signature is right. */
export interface Security {
  readonly identifier: number;
  readonly lengthBytes: number;
  /** Null: it is not signed, or there is no key to check it with. */
  readonly isRight: boolean | null;
}

/** A frame of HPIM-DM. */
export interface Decoded {
  readonly frame: number;
  /** Nanoseconds of unix time; null: the capture does not say. */
  readonly nanos: bigint | null;
  /** Null: the frame was cut before it. */
  readonly source: Address | null;
  readonly destination: Address | null;
  readonly content:
    | { readonly kind: "message"; readonly message: Message; readonly security: Security }
    | { readonly kind: "malformed"; readonly reason: MalformedReason | "cut by the capture" };
}

/** What a frame is: HPIM-DM, PIM, which has the same protocol number, or something else. */
export type FrameContent = Decoded | "PIM" | "other";

const HPIM_DM = 103;
const PIM_VERSION = 2;

/** Where headers have what also one that is not whole tells of a datagram. */
const PLACES = {
  4: { header: 20, protocol: 9, source: 12, destination: 16 },
  6: { header: 40, protocol: 6, source: 8, destination: 24 },
} as const satisfies Record<Family, Readonly<Record<string, number>>>;

/** PIM (RFC 7761 §4.9) has its version where HPIM-DM has the highest bits of a BootTime: 2 there were the years 1987 to 1995. */
const isPim = (payload: Uint8Array): boolean => (payload[0] ?? 0) >> 4 === PIM_VERSION;

function addressAt({ family, bytes }: Carried, offset: number): Address | null {
  const end = offset + addressBytes(family);
  return end > bytes.length ? null : readAddress(bytes, offset, family);
}

/** A datagram that is not whole, or not right, as far as it can be told what it is. */
function faultyDatagram(
  frame: CapturedFrame,
  carried: Carried,
  reason: MalformedReason,
): FrameContent {
  const { family, bytes } = carried;
  const place = PLACES[family];
  if (bytes[place.protocol] !== HPIM_DM) return "other";
  if (isPim(bytes.subarray(family === 4 ? headerBytesOf(bytes) : place.header))) return "PIM";
  const isCut = frame.bytes.length < frame.originalBytes;
  return {
    frame: frame.number,
    nanos: frame.nanos,
    source: addressAt(carried, place.source),
    destination: addressAt(carried, place.destination),
    content: { kind: "malformed", reason: isCut ? "cut by the capture" : reason },
  };
}

/** What a frame says, and whether one of the keys has signed it. */
export function decodedOf(frame: CapturedFrame, keys: readonly Key[]): FrameContent {
  const carried = carriedBy(frame);
  if (carried === null) return "other";
  const { family, bytes } = carried;
  const datagram = family === 4 ? decodeIpv4(bytes) : decodeIpv6(bytes);
  if (isMalformed(datagram)) return faultyDatagram(frame, carried, datagram.reason);
  const { source, destination, protocol, payload } = datagram;
  if (protocol !== HPIM_DM) return "other";
  if (isPim(payload)) return "PIM";
  const place = { frame: frame.number, nanos: frame.nanos, source, destination };
  const decoded = decodeMessage(payload, family);
  if (isMalformed(decoded))
    return { ...place, content: { kind: "malformed", reason: decoded.reason } };
  const { message, signature } = decoded;
  const security = {
    identifier: identifierOf(payload),
    lengthBytes: signature?.value.length ?? 0,
    isRight: signature && isRight(keys, signature, datagram, payload),
  };
  return { ...place, content: { kind: "message", message, security } };
}
