// Signatures of HPIM-DM messages (§3): made as a message leaves, judged before anything else of one that came is looked at.
import { timingSafeEqual } from "node:crypto";
import { ALGORITHMS } from "../api/algorithms.ts";
import type { Message } from "../core/messages.ts";
import { encodeMessage, typeOf } from "../wire/hpim.ts";
import type { Covered, Ends, Signature } from "../wire/signature.ts";
import { coveredOf, SECURITY_VALUE_OFFSET } from "../wire/signature.ts";
import type { Key, Security } from "./security.ts";
import { signingKey } from "./security.ts";

const FAULTS = [
  "not signed",
  "signed, but there are no keys",
  "unknown key identifier",
  "wrong signature length",
  "wrong signature",
] as const;

/** Why a message is dropped for its signature, or for want of one. */
export type SignatureFault = (typeof FAULTS)[number];

/** Whether something was dropped for its signature, or for want of one. */
export const isSignatureFault = (reason: string): reason is SignatureFault =>
  FAULTS.some((fault) => fault === reason);

/** §18: types that 1.5.1 sends again with an HMAC over the value before, and how often at most. */
const LEGACY_TYPES: ReadonlySet<number> = new Set([2, 3, 4, 5]);
const LEGACY_RETRANSMISSIONS = 5;

const hmac = ({ algorithm, secret }: Key, { bytes }: Covered): Uint8Array =>
  secret.hmac(ALGORITHMS[algorithm].hash, bytes);

/** Signs a message, whose value is zero and as long as the key makes it. */
export function sign(message: Uint8Array, ends: Ends, key: Key): void {
  message.set(hmac(key, coveredOf(ends, message)), SECURITY_VALUE_OFFSET);
}

/** The bytes of a message as it leaves, signed if there are keys. */
export function signedMessage(message: Message, ends: Ends, security: Security): Uint8Array {
  const key = signingKey(security);
  if (key === null) return encodeMessage(message, null);
  const { identifier, algorithm } = key;
  const bytes = encodeMessage(message, {
    identifier,
    lengthBytes: ALGORITHMS[algorithm].digestBytes,
  });
  sign(bytes, ends, key);
  return bytes;
}

/** Whether `value` is what `key` makes of a message that was sent again up to so many times as 1.5.1 does it. */
function isRight(
  key: Key,
  value: Uint8Array,
  { bytes, valueOffset }: Covered,
  retransmissions: number,
): boolean {
  bytes.fill(0, valueOffset, valueOffset + value.length);
  for (let again = 0; again <= retransmissions; again++) {
    const expected = hmac(key, { bytes, valueOffset });
    if (timingSafeEqual(expected, value)) return true;
    bytes.set(expected, valueOffset);
  }
  return false;
}

/** Why a message as it came, with the signature in it, is to be dropped on an interface; null: it is as it must be. */
export function signatureFault(
  security: Security,
  signature: Signature | null,
  ends: Ends,
  message: Uint8Array,
): SignatureFault | null {
  const { keys, acceptsLegacyRetransmissions } = security;
  if (keys.length === 0) return signature === null ? null : "signed, but there are no keys";
  if (signature === null) return "not signed";
  const { identifier, value } = signature;
  const key = keys.find((one) => one.identifier === identifier);
  if (key === undefined) return "unknown key identifier";
  if (value.length !== ALGORITHMS[key.algorithm].digestBytes) return "wrong signature length";
  const isLegacy = acceptsLegacyRetransmissions && LEGACY_TYPES.has(typeOf(message));
  const retransmissions = isLegacy ? LEGACY_RETRANSMISSIONS : 0;
  return isRight(key, value, coveredOf(ends, message), retransmissions) ? null : "wrong signature";
}
