// Datagrams without the values of their signatures: on a recording nobody can even try what a secret may be (protocol.md §3).
import { decodeIpv4, headerBytesOf } from "../../wire/ip.ts";
import { isMalformed } from "../../wire/malformed.ts";
import { SECURITY_VALUE_OFFSET, signatureOf } from "../../wire/signature.ts";
import type { Security } from "../security.ts";
import { sign, signatureFault } from "../signatures.ts";

const HPIM_DM = 103;

/** Bytes in base 64. */
export const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

function clearSignature(message: Uint8Array): void {
  const signature = signatureOf(message);
  if (signature === null) return;
  if (isMalformed(signature)) message.subarray(SECURITY_VALUE_OFFSET).fill(0);
  else signature.value.fill(0);
}

/** What an HPIM-DM message is recorded as, in base 64. */
export function unsignedMessage(message: Uint8Array): string {
  const copy = new Uint8Array(message);
  clearSignature(copy);
  return base64(copy);
}

/** A datagram as it is recorded, in base 64, and whether it had a signature that is right by `security`. */
export function unsignedDatagram(
  datagram: Uint8Array,
  security: Security,
): { readonly bytes: string; readonly signed: boolean } {
  const copy = new Uint8Array(datagram);
  const packet = decodeIpv4(copy);
  if (isMalformed(packet) || packet.protocol !== HPIM_DM) {
    return { bytes: base64(datagram), signed: false };
  }
  const { payload } = packet;
  const signature = signatureOf(payload);
  const isSigned = signature !== null && !isMalformed(signature);
  const signed = isSigned && signatureFault(security, signature, packet, payload) === null;
  clearSignature(payload);
  copy.set(payload, headerBytesOf(copy));
  return { bytes: base64(copy), signed };
}

/** The datagram that was recorded as `bytes`; if it was `signed`, with a signature that is right by `security`. */
export function datagramOf(bytes: string, signed: boolean, security: Security): Uint8Array {
  const datagram = new Uint8Array(Buffer.from(bytes, "base64"));
  const packet = decodeIpv4(datagram);
  if (!signed || isMalformed(packet)) return datagram;
  const signature = signatureOf(packet.payload);
  if (signature === null || isMalformed(signature)) return datagram;
  const key = security.keys.find(({ identifier }) => identifier === signature.identifier);
  if (key !== undefined) sign(packet.payload, packet, key);
  datagram.set(packet.payload, headerBytesOf(datagram));
  return datagram;
}
