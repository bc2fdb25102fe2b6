// The frames of a life's captures, decoded and merged by their times.
import { readdirSync } from "node:fs";
import { type Address, isMulticast, maskAddress } from "../../src/base/address.ts";
import type { Message } from "../../src/core/messages.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import { decodeMessage } from "../../src/wire/hpim.ts";
import { decodeIgmp } from "../../src/wire/igmp.ts";
import { decodeIpv4, type Ipv4Datagram } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { ipv4Of, readCapture, VECTORS } from "../support/pcap.ts";

/** What a frame carries. */
type Content =
  | { readonly kind: "message"; readonly message: Message; readonly signed: boolean }
  | { readonly kind: "igmp"; readonly message: IgmpMessage }
  | { readonly kind: "data" };

/** A frame that was captured. */
export interface Captured {
  readonly situation: string;
  /** Microseconds of unix time. */
  readonly micros: number;
  /** Subnet of the link, a /24. */
  readonly link: Address;
  /** MAC address of the sender on this link. */
  readonly sender: string;
  readonly source: Address;
  readonly destination: Address;
  readonly ttl: number;
  readonly content: Content;
}

/** A message that a router sent. */
export interface Said {
  readonly situation: string;
  /** Subnet of the link. */
  readonly link: Address;
  readonly destination: Address;
  readonly message: Message;
}

const IGMP = 2;
const HPIM = 103;
const MAC_BYTES = 6;

/** The /24 that an address of a router is on. */
export const linkOf = (address: Address): Address => maskAddress(address, 24);

function decoded<T extends object>(value: T): Exclude<T, { readonly kind: "malformed" }> {
  if (isMalformed(value)) throw new Error(JSON.stringify(value));
  return value as Exclude<T, { readonly kind: "malformed" }>;
}

function contentOf({ protocol, payload }: Ipv4Datagram): Content {
  if (protocol === IGMP) return { kind: "igmp", message: decoded(decodeIgmp(payload)) };
  if (protocol !== HPIM) return { kind: "data" };
  const { message, signature } = decoded(decodeMessage(payload, 4));
  return { kind: "message", message, signed: signature !== null };
}

function framesOf(situation: string, file: string): readonly Captured[] {
  const frames = readCapture(file).flatMap((frame) => {
    const ipv4 = ipv4Of(frame);
    if (ipv4 === undefined) return [];
    const datagram = decoded(decodeIpv4(ipv4.bytes));
    const sender = Buffer.from(frame.bytes.subarray(MAC_BYTES, 2 * MAC_BYTES)).toString("hex");
    return [{ micros: frame.micros, sender, datagram, content: contentOf(datagram) }];
  });
  const router = frames.find(({ content }) => content.kind === "message");
  if (router === undefined) throw new Error(`${file} has no HPIM-DM`);
  const link = linkOf(router.datagram.source);
  return frames.map(({ micros, sender, datagram, content }) => {
    const { source, destination, ttl } = datagram;
    return { situation, micros, link, sender, source, destination, ttl, content };
  });
}

/** The IPv4 frames of these situations, in the order of their times. */
export function framesOfSituations(situations: readonly string[]): readonly Captured[] {
  const files = readdirSync(VECTORS).filter((name) => name.endsWith(".pcap"));
  return situations
    .flatMap((situation) =>
      files
        .filter((file) => file.startsWith(`${situation}_`))
        .sort()
        .flatMap((file) => framesOf(situation, file)),
    )
    .sort((a, b) => a.micros - b.micros);
}

/** The messages that were sent from this address. */
export const ownFrames = (frames: readonly Captured[], address: Address): readonly Captured[] =>
  frames.filter(({ source, content }) => source === address && content.kind === "message");

/** The messages that were sent from these addresses. */
export const saidFrom = (
  frames: readonly Captured[],
  addresses: readonly Address[],
): readonly Said[] =>
  frames.flatMap(({ situation, link, source, destination, content }) =>
    content.kind === "message" && addresses.includes(source)
      ? [{ situation, link, destination, message: content.message }]
      : [],
  );

/** Whether a frame of HPIM-DM, sent by another on its link, reaches the router with this address. */
export const reaches = (frame: Captured, address: Address): boolean =>
  frame.link === linkOf(address) &&
  frame.source !== address &&
  (isMulticast(frame.destination) || frame.destination === address);
