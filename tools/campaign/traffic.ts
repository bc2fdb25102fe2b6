// What crossed the links: copies of each data packet, and the kinds of control messages.
import type { Address } from "../../src/base/address.ts";
import { formatAddress } from "../../src/base/address.ts";
import type { Message } from "../../src/core/messages.ts";
import type { Frame } from "../../src/sim/medium.ts";
import { decodeMessage } from "../../src/wire/hpim.ts";
import type { Ipv4Datagram } from "../../src/wire/ip.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import type { Parts } from "./parts.ts";
import { partOf } from "./parts.ts";

const HPIM_DM = 103;
const IGMP = 2;
const PROTOCOL_OFFSET = 9;

/** What a frame carries: the kind of its HPIM-DM message, or its protocol. */
export type FrameKind = Message["kind"] | "igmp" | "data";

function packetOf({ datagram }: Frame): Ipv4Datagram {
  const packet = decodeIpv4(datagram);
  if (isMalformed(packet)) throw new Error(`a frame is malformed: ${packet.reason}`);
  return packet;
}

/** What a frame carries. */
export function kindOf(frame: Frame): FrameKind {
  const protocol = frame.datagram[PROTOCOL_OFFSET];
  if (protocol === IGMP) return "igmp";
  if (protocol !== HPIM_DM) return "data";
  const decoded = decodeMessage(packetOf(frame).payload, 4);
  if (isMalformed(decoded)) throw new Error(`a message is malformed: ${decoded.reason}`);
  return decoded.message.kind;
}

/** A packet by its source, group and number. */
export const packetKey = (source: Address, group: Address, number: number): string =>
  `${formatAddress(source)} ${formatAddress(group)} ${number}`;

/** A control message that is not a Hello. */
export interface Said {
  readonly kind: FrameKind;
  readonly from: string;
  readonly link: string;
  readonly to: Address;
}

/** A record of traffic. */
export class Traffic {
  /** Copies of each packet (packetKey), by link. */
  readonly copies: Map<string, Map<string, number>> = new Map();
  /** HPIM-DM messages but Hellos, since this was last emptied. */
  readonly said: Said[] = [];

  /** Takes frames into account. `parts`: of the links, when they were sent. */
  take(frames: readonly Frame[], parts: Parts): void {
    for (const frame of frames) {
      const kind = kindOf(frame);
      if (kind === "data") this.#count(frame, parts);
      else if (kind !== "igmp" && kind !== "hello") {
        const { from, link } = frame;
        this.said.push({ kind, from, link, to: packetOf(frame).destination });
      }
    }
  }

  #count(frame: Frame, parts: Parts): void {
    const { source, destination, payload } = packetOf(frame);
    const number = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
    const key = packetKey(source, destination, number);
    const onLinks = this.copies.get(key) ?? new Map<string, number>();
    const link = partOf(parts, frame.link, frame.from);
    this.copies.set(key, onLinks.set(link, (onLinks.get(link) ?? 0) + 1));
  }
}
