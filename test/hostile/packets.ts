// Packets as somebody sends them who wants no good: any bytes under an IPv4 header that a kernel lets pass.
import { type Address, ip } from "../../src/base/address.ts";
import { bootTime } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import { fillChecksum } from "../../src/wire/checksum.ts";
import { encodeMessage } from "../../src/wire/hpim.ts";
import { encodeIgmp } from "../../src/wire/igmp.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import { hex } from "../support/bytes.ts";

/** How a packet is addressed. */
export interface Addressed {
  readonly from: string;
  readonly to: string;
  readonly ttl?: number;
  /** Of an IGMP message, which has it unless told otherwise. */
  readonly routerAlert?: boolean;
}

const HPIM_DM = 103;
const UDP = 17;
const IGMP = 2;
/** Behind type and code of an IGMP message. */
const IGMP_CHECKSUM_OFFSET = 2;
/** Options of a Hello: HoldTime 40 s, CheckpointSN 1. */
export const HOLD_TIME = "0001 0002 0028";
export const CHECKPOINT = "0002 0004 00000001";

const datagram = (
  protocol: number,
  payload: Uint8Array,
  { from, to, ttl = 1, routerAlert = protocol === IGMP }: Addressed,
): Uint8Array => {
  const about = { source: ip(from), destination: ip(to), ttl, tos: 0xc0, protocol };
  return encodeIpv4({ ...about, routerAlert, payload });
};

/** A datagram of HPIM-DM's protocol number, with these bytes: "00000007 00". */
export const hpimBytes = (text: string | Uint8Array, addressed: Addressed): Uint8Array =>
  datagram(HPIM_DM, typeof text === "string" ? hex(text) : text, addressed);

/** A header of HPIM-DM: BootTime 7, the version and type, no signature; then a body. */
export const headed = (versionAndType: string, body: string): string =>
  `00000007 ${versionAndType} 0000 00 ${body}`;

/** A message of HPIM-DM. */
export const hpim = (message: Message, addressed: Addressed): Uint8Array =>
  datagram(HPIM_DM, encodeMessage(message, null), addressed);

/** A Hello with BootTime 7, or another one. */
export const hello = (
  given: { readonly bootTime?: number; readonly hold?: number } = {},
): Message => ({
  kind: "hello",
  bootTime: bootTime(given.bootTime ?? 7),
  options: { holdTimeSeconds: given.hold ?? 40 },
});

/** A datagram of IGMP, with these bytes; their checksum is filled in if the field is there. */
export function igmpBytes(text: string | Uint8Array, addressed: Addressed): Uint8Array {
  const bytes = typeof text === "string" ? hex(text) : text;
  if (bytes.length >= IGMP_CHECKSUM_OFFSET + 2) fillChecksum(bytes, IGMP_CHECKSUM_OFFSET);
  return datagram(IGMP, bytes, addressed);
}

/** The same without a right checksum. */
export const igmpWithWrongChecksum = (text: string, addressed: Addressed): Uint8Array =>
  datagram(IGMP, hex(text), addressed);

/** A message of IGMP. */
export const igmp = (message: IgmpMessage, addressed: Addressed): Uint8Array =>
  datagram(IGMP, encodeIgmp(message), addressed);

/** An address as hexadecimal digits. */
export const digits = (address: Address | string): string =>
  [...(address.includes(".") ? ip(address) : address)]
    .map((unit) => unit.charCodeAt(0).toString(16).padStart(2, "0"))
    .join("");

/** A data packet. */
export const data = (addressed: Addressed): Uint8Array =>
  datagram(UDP, hex("2710 2710 0008 0000"), { ttl: 8, ...addressed });
