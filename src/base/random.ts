// A seeded generator: the same seed gives the same run.

/** Generator of 32-bit numbers (mulberry32): its whole state is one u32. */
export class Random {
  #state: number;

  /** `seed`: any number; its low 32 bits count. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** The seed of a generator that goes on as this one does. */
  get state(): number {
    return this.#state;
  }

  /** The next number, 0 <= n < `limit`, `limit` at most 2^32. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
  }
}
