// Datagrams of the host to messages for the core and membership, and back (§2, RFC 2236 §2).
import type { InterfaceIndex } from "../base/units.ts";
import type { RouterAction, RouterEvent } from "../core/events.ts";
import type { MembershipAction, MembershipEvent } from "../membership/events.ts";
import { decodeMessage, encodeMessage } from "../wire/hpim.ts";
import { decodeIgmp, encodeIgmp } from "../wire/igmp.ts";
import { decodeIpv4 } from "../wire/ip.ts";
import { isMalformed } from "../wire/malformed.ts";
import type { OutgoingDatagram } from "./host.ts";

/** What a datagram says, or why it says nothing. */
export type Inbound =
  | { readonly kind: "hpim"; readonly event: RouterEvent }
  | { readonly kind: "igmp"; readonly event: MembershipEvent }
  | { readonly kind: "dropped"; readonly reason: string };

const IGMP = 2;
const HPIM_DM = 103;

const drop = (reason: string): Inbound => ({ kind: "dropped", reason });

/** What the IP datagram `bytes`, which arrived on an interface without keys, says. */
export function inboundOf(index: InterfaceIndex, bytes: Uint8Array): Inbound {
  const packet = decodeIpv4(bytes);
  if (isMalformed(packet)) return drop(`IPv4: ${packet.reason}`);
  const { source, destination, ttl, routerAlert, payload } = packet;
  const addressed = { kind: "message", interface: index, source, destination, ttl } as const;
  if (packet.protocol === IGMP) {
    const message = decodeIgmp(payload);
    if (isMalformed(message)) return drop(`IGMP: ${message.reason}`);
    return { kind: "igmp", event: { ...addressed, routerAlert, message } };
  }
  if (packet.protocol !== HPIM_DM) return drop("IPv4: unexpected protocol");
  const decoded = decodeMessage(payload, 4);
  if (isMalformed(decoded)) return drop(`HPIM-DM: ${decoded.reason}`);
  if (decoded.signature !== null) return drop("HPIM-DM: signed, but there are no keys");
  return { kind: "hpim", event: { ...addressed, message: decoded.message } };
}

/** The datagram that carries a message of the core. */
export const outboundMessage = (
  action: Extract<RouterAction, { kind: "send" }>,
): OutgoingDatagram => ({
  interface: action.interface,
  protocol: "hpim",
  source: action.source,
  destination: action.destination,
  payload: encodeMessage(action.message, null),
});

/** The datagram that carries a query of membership. */
export const outboundQuery = (
  action: Extract<MembershipAction, { kind: "sendQuery" }>,
): OutgoingDatagram => ({
  interface: action.interface,
  protocol: "igmp",
  source: action.source,
  destination: action.destination,
  payload: encodeIgmp(action.query),
});
