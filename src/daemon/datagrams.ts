// Datagrams of the host to messages for the core and membership, and back (§2, RFC 2236 §2).
import type { Address } from "../base/address.ts";
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
import type { DropProtocol, DropReason, SingleDrop } from "./drops.ts";
import type { OutgoingDatagram } from "./host.ts";
import type { Security } from "./security.ts";
import { signatureFault, signedMessage } from "./signatures.ts";

/** What a datagram says, or why it says nothing. */
export type Inbound =
  | { readonly kind: "hpim"; readonly event: Extract<RouterEvent, { kind: "message" }> }
  | { readonly kind: "igmp"; readonly event: Extract<MembershipEvent, { kind: "message" }> }
  | SingleDrop;

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

const dropped = (
  index: InterfaceIndex,
  protocol: DropProtocol,
  reason: DropReason,
  sender: Address | null,
): Inbound => ({ kind: "drop", interface: index, protocol, reason, sender });

/** What the IP datagram `bytes`, which arrived on an interface with this security, says. */
export function inboundOf(index: InterfaceIndex, bytes: Uint8Array, security: Security): Inbound {
  const packet = decodeIpv4(bytes);
  if (isMalformed(packet)) return dropped(index, "IPv4", packet.reason, null);
  const { source, destination, ttl, routerAlert, payload } = packet;
  if (packet.protocol === IGMP) {
    const message = decodeIgmp(payload);
    if (isMalformed(message)) return dropped(index, "IGMP", message.reason, source);
    const kind = "message";
    const event = {
      kind,
      interface: index,
      source,
      destination,
      ttl,
      routerAlert,
      message,
    } as const;
    return { kind: "igmp", event };
  }
  if (packet.protocol !== HPIM_DM) return dropped(index, "IPv4", "unexpected protocol", source);
  const message = hpimOf(packet, security);
  if (typeof message === "string") return dropped(index, "HPIM-DM", message, source);
  const event = { kind: "message", interface: index, source, destination, ttl, message } as const;
  return { kind: "hpim", event };
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
