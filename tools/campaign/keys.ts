// Keys of interfaces in a campaign: named by identifiers, from which algorithm and secret follow.
import type { AlgorithmName } from "../../src/api/algorithms.ts";
import { known } from "../../src/base/invariant.ts";
import { Secret } from "../../src/daemon/secret.ts";
import type { Key, Security } from "../../src/daemon/security.ts";
import { NO_SECURITY } from "../../src/daemon/security.ts";

/** The keys of an interface, by their identifiers. */
export interface PortKeys {
  /** Oldest first; every one is accepted. */
  readonly identifiers: readonly number[];
  /** The one that signs; null: the newest. */
  readonly sendWith: number | null;
}

/** An interface without keys. */
export const NO_KEYS: PortKeys = { identifiers: [], sendWith: null };

/** Signatures of different lengths, of hashes that cost little. */
const TURNS: readonly AlgorithmName[] = ["md5", "sha1", "blake2s"];

const made = new Map<number, Key>();

function keyOf(identifier: number): Key {
  const before = made.get(identifier);
  if (before !== undefined) return before;
  const bytes = new TextEncoder().encode(`key ${identifier}`);
  const secret = known(Secret.of(bytes) ?? undefined, "the bytes are not all zero");
  const algorithm = known(TURNS[identifier % TURNS.length], "there are algorithms");
  const key = { identifier, algorithm, secret };
  made.set(identifier, key);
  return key;
}

/** The same in the daemon's words. */
export const securityOf = ({ identifiers, sendWith }: PortKeys): Security => ({
  ...NO_SECURITY,
  keys: identifiers.map(keyOf),
  sendWith,
});

/** The identifier of the key that signs; null: nothing is signed. */
export const signsWith = ({ identifiers, sendWith }: PortKeys): number | null =>
  sendWith ?? identifiers.at(-1) ?? null;
