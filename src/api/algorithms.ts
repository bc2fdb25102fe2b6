// The algorithms that HPIM-DM messages are signed with (§3), by the names of deployed routers.

/** What is to be known of an algorithm. */
export interface Algorithm {
  /** Its hash, as OpenSSL and so node:crypto names it. */
  readonly hash: string;
  /** Bytes of its digest, and so of the SecurityValue. */
  readonly digestBytes: number;
  /** It stays for interoperability, and draws a warning (§3). */
  readonly isWeak: boolean;
}

const weak = (hash: string, digestBytes: number): Algorithm => ({
  hash,
  digestBytes,
  isWeak: true,
});
const strong = (hash: string, digestBytes: number): Algorithm => ({
  ...{ hash, digestBytes },
  isWeak: false,
});

/** Every algorithm by its name, in the order of §3. */
export const ALGORITHMS = {
  md5: weak("md5", 16),
  sha1: weak("sha1", 20),
  sha224: strong("sha224", 28),
  sha256: strong("sha256", 32),
  sha384: strong("sha384", 48),
  sha512: strong("sha512", 64),
  sha3_224: strong("sha3-224", 28),
  sha3_256: strong("sha3-256", 32),
  sha3_384: strong("sha3-384", 48),
  sha3_512: strong("sha3-512", 64),
  blake2b: strong("blake2b512", 64),
  blake2s: strong("blake2s256", 32),
} as const satisfies Readonly<Record<string, Algorithm>>;

/** The name of an algorithm. */
export type AlgorithmName = keyof typeof ALGORITHMS;

/** The names of all algorithms, in the order of §3. */
export const ALGORITHM_NAMES = Object.keys(ALGORITHMS) as readonly AlgorithmName[];
