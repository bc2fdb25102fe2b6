// Datagrams of the host to messages for the core and membership, and back (§2, RFC 2236 §2).
import type { InterfaceIndex } from "../base/units.ts";
import type { RouterAction, RouterEvent } from "../core/events.ts";
import type { Message } from "../core/messages.ts";
import type { MembershipAction, MembershipEvent } from "../membership/events.ts";
import { decodeMessage } from "../wire/hpim.ts";
import { decodeIgmp, encodeIgmp } from "../wire/igmp.ts";
import type { Ipv4Datagram } from "../wire/ip.ts";
import { decodeIpv4 } from "../wire/ip.ts";
import { isMalformed } from "../wire/malformed.ts";
import { signatureOf } from "../wire/signature.ts";
import type { Dropped, DropReason } from "./drops.ts";
import type { OutgoingDatagram } from "./host.ts";
import type { Security } from "./security.ts";
import { signatureFault, signedMessage } from "./signatures.ts";

/** What a datagram says, or why it says nothing. */
export type Inbound =
  | { readonly kind: "hpim"; readonly event: Extract<RouterEvent, { kind: "message" }> }
  | { readonly kind: "igmp"; readonly event: Extract<MembershipEvent, { kind: "message" }> }
  | ({ readonly kind: "dropped" } & Dropped);

const IGMP = 2;
const HPIM_DM = 103;

/** §3: the signature is judged before anything else of the message is looked at. */
function hpimOf(datagram: Ipv4Datagram, security: Security): Message | DropReason {
  const { payload } = datagram;
  const signature = signatureOf(payload);
  if (isMalformed(signature)) return signature.reason;
  const fault = signatureFault(security, signature, datagram, payload);
  if (fault !== null) return fault;
  const decoded = decodeMessage(payload, 4);
  return isMalformed(decoded) ? decoded.reason : decoded.message;
}

/** What the IP datagram `bytes`, which arrived on an interface with this security, says. */
export function inboundOf(index: InterfaceIndex, bytes: Uint8Array, security: Security): Inbound {
  const packet = decodeIpv4(bytes);
  if (isMalformed(packet)) {
    const about = { interface: index, protocol: "IPv4", sender: null } as const;
    return { kind: "dropped", ...about, reason: packet.reason };
  }
  const { source, destination, ttl, routerAlert, payload } = packet;
  const dropped = { kind: "dropped", interface: index, sender: source } as const;
  const addressed = { kind: "message", interface: index, source, destination, ttl } as const;
  if (packet.protocol === IGMP) {
    const message = decodeIgmp(payload);
    if (isMalformed(message)) return { protocol: "IGMP", reason: message.reason, ...dropped };
    return { kind: "igmp", event: { routerAlert, message, ...addressed } };
  }
  if (packet.protocol !== HPIM_DM) {
    return { protocol: "IPv4", reason: "unexpected protocol", ...dropped };
  }
  const message = hpimOf(packet, security);
  if (typeof message === "string") return { protocol: "HPIM-DM", reason: message, ...dropped };
  return { kind: "hpim", event: { message, ...addressed } };
}

/** The datagram that carries a message of the core, from an interface with this security. */
export const outboundMessage = (
  action: Extract<RouterAction, { kind: "send" }>,
  security: Security,
): OutgoingDatagram => ({
  interface: action.interface,
  protocol: "hpim",
  source: action.source,
  destination: action.destination,
  payload: signedMessage(action.message, action, security),
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
