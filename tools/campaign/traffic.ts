// What crossed the links: copies of each data packet, and the kinds of control messages; and what became of each copy.
import type { Address } from "../../src/base/address.ts";
import { formatAddress } from "../../src/base/address.ts";
import type { Message } from "../../src/core/messages.ts";
import type { DataArrival } from "../../src/sim/machine.ts";
import type { Frame } from "../../src/sim/medium.ts";
import { typeOf } from "../../src/wire/hpim.ts";
import type { Ipv4Datagram } from "../../src/wire/ip.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import type { Parts } from "./parts.ts";
import { partOf } from "./parts.ts";

const HPIM_DM = 103;
const IGMP = 2;

/** By their numbers (§2.1). */
const KINDS: readonly Message["kind"][] = [
  "hello",
  "sync",
  "iamUpstream",
  "iamNoLongerUpstream",
  "interest",
  "noInterest",
  "ack",
];

/** What a frame carries: the kind of its HPIM-DM message, or its protocol. */
export type FrameKind = Message["kind"] | "igmp" | "data";

/** A frame, looked into. */
export interface SeenFrame extends Frame {
  readonly kind: FrameKind;
  readonly packet: Ipv4Datagram;
}

function kindOfPacket({ protocol, payload }: Ipv4Datagram): FrameKind {
  if (protocol === IGMP) return "igmp";
  if (protocol !== HPIM_DM) return "data";
  const kind = KINDS[typeOf(payload)];
  if (kind === undefined) throw new Error("a message is of no kind");
  return kind;
}

/** Looks into a frame. Throws if it is malformed. */
export function look(frame: Frame): SeenFrame {
  const packet = decodeIpv4(frame.datagram);
  if (isMalformed(packet)) throw new Error(`a frame is malformed: ${packet.reason}`);
  return { ...frame, packet, kind: kindOfPacket(packet) };
}

/** What a frame carries. Throws if it is malformed. */
export const kindOf = (frame: Frame): FrameKind => look(frame).kind;

/** A packet by its source, group and number. */
export const packetKey = (source: Address, group: Address, number: number): string =>
  `${formatAddress(source)} ${formatAddress(group)} ${number}`;

function keyOf({ source, destination, payload }: Ipv4Datagram): string {
  const number = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
  return source + destination + number;
}

/** A control message that is not a Hello. */
export interface Said {
  readonly kind: FrameKind;
  readonly from: string;
  readonly link: string;
  readonly to: Address;
}

/** A packet on its way. */
interface Way {
  readonly source: Address;
  readonly group: Address;
  /** Copies by link. */
  readonly copies: Map<string, number>;
  /** Copies that routers were to send on. */
  forwarded: number;
}

/** Copies of a packet on a link that are a storm: it carries no more. They would be as many as 2 to the power of the TTL. */
export const STORM_COPIES = 2_000;

const NOWHERE: ReadonlyMap<string, number> = new Map();

/** A record of traffic. */
export class Traffic {
  /** HPIM-DM messages but Hellos, since this was last emptied. */
  readonly said: Said[] = [];
  /** How often what became of a data packet at a router. */
  readonly fates: Map<DataArrival["fate"], number> = new Map();
  /** What no packet may do, and one did. */
  readonly faults: string[] = [];
  readonly #ways = new Map<string, Way>();

  /** Takes a frame into account. `parts`: of the links, now. Returns whether the link carries it. */
  take({ kind, packet, link, from }: SeenFrame, parts: Parts): boolean {
    if (kind === "data") return this.#takeData(packet, partOf(parts, link, from));
    if (kind !== "igmp" && kind !== "hello") {
      this.said.push({ kind, from, link, to: packet.destination });
    }
    return true;
  }

  #takeData(packet: Ipv4Datagram, part: string): boolean {
    const { copies } = this.#wayOf(packet);
    const count = copies.get(part) ?? 0;
    if (count >= STORM_COPIES) return false;
    copies.set(part, count + 1);
    return true;
  }

  /** Takes into account what becomes of a packet at a router. */
  takeArrival(router: string, { packet, at, fate, outputs }: DataArrival): void {
    this.fates.set(fate, (this.fates.get(fate) ?? 0) + 1);
    if (outputs.length === 0) return;
    this.#wayOf(packet).forwarded += outputs.length;
    if (outputs.includes(at)) this.faults.push(`${router} sends a packet back where it came from`);
  }

  #wayOf(packet: Ipv4Datagram): Way {
    const key = keyOf(packet);
    const known = this.#ways.get(key);
    if (known !== undefined) return known;
    const { source, destination: group } = packet;
    const way = { source, group, copies: new Map<string, number>(), forwarded: 0 };
    this.#ways.set(key, way);
    return way;
  }

  /** Copies of a packet, by link. */
  copiesOf(source: Address, group: Address, number: number): ReadonlyMap<string, number> {
    return this.#ways.get(source + group + number)?.copies ?? NOWHERE;
  }

  /** Copies of a packet that routers were to send on. */
  forwardedOf(source: Address, group: Address, number: number): number {
    return this.#ways.get(source + group + number)?.forwarded ?? 0;
  }
}
