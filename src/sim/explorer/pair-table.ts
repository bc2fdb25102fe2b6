// A map from pairs of small numbers to small numbers, in typed arrays: what the search looks up most.

/** Marks a free place, and a pair that is not in the table. */
export const ABSENT = 0xffff_ffff;
const FIRST_PLACES = 1 << 12;

/** From (a, b), each below 2^32, to a number below 2^32 - 1. */
export class PairTable {
  #cells = new Uint32Array(3 * FIRST_PLACES).fill(ABSENT);
  #mask = FIRST_PLACES - 1;
  #size = 0;

  /** The value of the pair, or ABSENT. */
  get(a: number, b: number): number {
    return this.#cells[this.#place(a, b) + 2] as number;
  }

  /** Gives a pair that is not in the table its value. */
  add(a: number, b: number, value: number): void {
    if (2 * ++this.#size > this.#mask) this.#grow();
    this.#put(a, b, value);
  }

  #put(a: number, b: number, value: number): void {
    const place = this.#place(a, b);
    this.#cells[place] = a;
    this.#cells[place + 1] = b;
    this.#cells[place + 2] = value;
  }

  /** Where the pair is, or would be. */
  #place(a: number, b: number): number {
    const cells = this.#cells;
    let hash = Math.imul(a ^ Math.imul(b, 0x9e37_79b1), 0x85eb_ca6b);
    hash ^= hash >>> 15;
    for (;;) {
      const place = 3 * (hash & this.#mask);
      const isFree = cells[place + 2] === ABSENT;
      if (isFree || (cells[place] === a && cells[place + 1] === b)) return place;
      hash++;
    }
  }

  #grow(): void {
    const old = this.#cells;
    this.#mask = 2 * this.#mask + 1;
    this.#cells = new Uint32Array(3 * (this.#mask + 1)).fill(ABSENT);
    for (let i = 0; i < old.length; i += 3) {
      if (old[i + 2] === ABSENT) continue;
      this.#put(old[i] as number, old[i + 1] as number, old[i + 2] as number);
    }
  }
}
