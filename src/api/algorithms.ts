// The algorithms that HPIM-DM messages are signed with (§3), by the names of deployed routers.

/** What is to be known of an algorithm. */
export interface Algorithm {
  /** Bytes of its digest, and so of the SecurityValue. */
  readonly digestBytes: number;
  /** It stays for interoperability, and draws a warning (§3). */
  readonly isWeak: boolean;
}

const weak = (digestBytes: number): Algorithm => ({ digestBytes, isWeak: true });
const strong = (digestBytes: number): Algorithm => ({ digestBytes, isWeak: false });

/** Every algorithm by its name, in the order of §3. */
export const ALGORITHMS = {
  md5: weak(16),
  sha1: weak(20),
  sha224: strong(28),
  sha256: strong(32),
  sha384: strong(48),
  sha512: strong(64),
  sha3_224: strong(28),
  sha3_256: strong(32),
  sha3_384: strong(48),
  sha3_512: strong(64),
  blake2b: strong(64),
  blake2s: strong(32),
} as const satisfies Readonly<Record<string, Algorithm>>;

/** The name of an algorithm. */
export type AlgorithmName = keyof typeof ALGORITHMS;

/** The names of all algorithms, in the order of §3. */
export const ALGORITHM_NAMES = Object.keys(ALGORITHMS) as readonly AlgorithmName[];
