// The place of the security value in a message, and what it covers (§2.1, §3). What the value must be is not wire's business.
import type { Address } from "../base/address.ts";
import { writeAddress } from "../base/address.ts";
import type { Malformed } from "./malformed.ts";
import { malformed } from "./malformed.ts";
import { Reader } from "./reader.ts";

/** Bytes of the header (§2.1): the security value starts behind it. */
export const SECURITY_VALUE_OFFSET = 8;
const IDENTIFIER_OFFSET = 5;
const LENGTH_OFFSET = 7;

/** The security fields of a message that is signed. */
export interface Signature {
  /** SecurityIdentifier, u16. */
  readonly identifier: number;
  /** SecurityValue, 1 to 255 bytes: the message's own bytes from SECURITY_VALUE_OFFSET on, not a copy. */
  readonly value: Uint8Array;
}

/**
 * The signature of a message, or null if SecurityLength is 0. Nothing else of the message is looked at, as verification
 * precedes all else (§3). Malformed if the header is cut or the value reaches beyond the end.
 */
export function signatureOf(bytes: Uint8Array): Signature | null | Malformed {
  if (bytes.length < SECURITY_VALUE_OFFSET) return malformed("too short", bytes.length);
  const reader = new Reader(bytes, IDENTIFIER_OFFSET, 4);
  const identifier = reader.u16();
  const lengthBytes = reader.u8();
  if (lengthBytes === 0) return null;
  const end = SECURITY_VALUE_OFFSET + lengthBytes;
  if (end > bytes.length) return malformed("truncated security value", LENGTH_OFFSET);
  return { identifier, value: bytes.subarray(SECURITY_VALUE_OFFSET, end) };
}

/** SecurityIdentifier of a message that holds a header, also where it is not signed. */
export const identifierOf = (bytes: Uint8Array): number =>
  new Reader(bytes, IDENTIFIER_OFFSET, 4).u16();

/** Between whom a message goes, by its IP header. */
export interface Ends {
  readonly source: Address;
  readonly destination: Address;
}

/** What a signature is made of (§3), and where the message's own value, as it came, stands in it: it has to be zero. */
export interface Covered {
  readonly bytes: Uint8Array;
  readonly valueOffset: number;
}

/** What the signature of this message covers. */
export function coveredOf({ source, destination }: Ends, message: Uint8Array): Covered {
  const messageOffset = source.length + destination.length;
  const bytes = new Uint8Array(messageOffset + message.length);
  writeAddress(bytes, 0, source);
  writeAddress(bytes, source.length, destination);
  bytes.set(message, messageOffset);
  return { bytes, valueOffset: messageOffset + SECURITY_VALUE_OFFSET };
}
