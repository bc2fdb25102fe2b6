// The keys of an interface (§3).
import type { AlgorithmName } from "../api/algorithms.ts";
import { ALGORITHMS } from "../api/algorithms.ts";
import type { Secret } from "./secret.ts";

/** A key. */
export interface Key {
  /** SecurityIdentifier, 0 to 65535; no other key of the interface has it. */
  readonly identifier: number;
  readonly algorithm: AlgorithmName;
  readonly secret: Secret;
}

/** What an interface signs with, and accepts. */
export interface Security {
  /** Oldest first. Every one is accepted; none: nothing is signed, and nothing signed is accepted. */
  readonly keys: readonly Key[];
  /** Identifier of the key that signs; null: the newest. */
  readonly sendWith: number | null;
  /** Retransmissions as 1.5.1 signs them are accepted too (§18). */
  readonly acceptsLegacyRetransmissions: boolean;
}

/** Without keys: the link is trusted. */
export const NO_SECURITY: Security = {
  keys: [],
  sendWith: null,
  acceptsLegacyRetransmissions: false,
};

/** The key that signs; null: nothing is signed. */
export const signingKey = ({ keys, sendWith }: Security): Key | null =>
  keys.find(({ identifier }) => identifier === sendWith) ?? keys.at(-1) ?? null;

/** Bytes that a signature takes of every message that is sent; 0: nothing is signed. */
export function signatureBytes(security: Security): number {
  const key = signingKey(security);
  return key === null ? 0 : ALGORITHMS[key.algorithm].digestBytes;
}
