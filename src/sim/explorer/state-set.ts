// The states that were reached, each a vector of 32-bit words, numbered in the order of their discovery. They are kept
// whole and compared whole: no two states are ever taken for one.

/** Stands for no state. */
export const NONE = 0xffff_ffff;
const BLOCK_STATES = 1 << 15;

/** A set of vectors. */
export class StateSet {
  readonly #words: number;
  readonly #blocks: Uint32Array[] = [];
  #places = new Uint32Array(1 << 16).fill(NONE);
  #size = 0;

  /** `words`: of each vector. */
  constructor(words: number) {
    this.#words = words;
  }

  get size(): number {
    return this.#size;
  }

  /** The number of a vector; NONE: it is not in the set. */
  find(vector: Uint32Array): number {
    return this.#places[this.#place(vector)] as number;
  }

  /** The number of a vector; it is added if it is new, and then has the number that `size` was. */
  add(vector: Uint32Array): number {
    if (2 * (this.#size + 1) > this.#places.length) this.#grow();
    const place = this.#place(vector);
    const known = this.#places[place] as number;
    if (known !== NONE) return known;
    const state = this.#size++;
    const block = state >>> 15;
    if (block === this.#blocks.length) {
      this.#blocks.push(new Uint32Array(BLOCK_STATES * this.#words));
    }
    (this.#blocks[block] as Uint32Array).set(vector, this.#offset(state));
    this.#places[place] = state;
    return state;
  }

  /** Writes the vector of a state to `to`. */
  read(state: number, to: Uint32Array): void {
    const offset = this.#offset(state);
    const block = this.#blocks[state >>> 15] as Uint32Array;
    for (let i = 0; i < this.#words; i++) to[i] = block[offset + i] as number;
  }

  #offset(state: number): number {
    return (state & (BLOCK_STATES - 1)) * this.#words;
  }

  #place(vector: Uint32Array): number {
    const mask = this.#places.length - 1;
    for (let place = hashOf(vector) & mask; ; place = (place + 1) & mask) {
      const state = this.#places[place] as number;
      if (state === NONE || this.#is(state, vector)) return place;
    }
  }

  #is(state: number, vector: Uint32Array): boolean {
    const offset = this.#offset(state);
    const block = this.#blocks[state >>> 15] as Uint32Array;
    for (let i = 0; i < this.#words; i++) if (block[offset + i] !== vector[i]) return false;
    return true;
  }

  #grow(): void {
    this.#places = new Uint32Array(2 * this.#places.length).fill(NONE);
    const mask = this.#places.length - 1;
    const vector = new Uint32Array(this.#words);
    for (let state = 0; state < this.#size; state++) {
      this.read(state, vector);
      let place = hashOf(vector) & mask;
      while (this.#places[place] !== NONE) place = (place + 1) & mask;
      this.#places[place] = state;
    }
  }
}

/** MurmurHash3 of the words. */
function hashOf(vector: Uint32Array): number {
  let hash = 0;
  for (let i = 0; i < vector.length; i++) {
    let word = Math.imul(vector[i] as number, 0xcc9e_2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b87_3593);
    hash ^= word;
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe654_6b64;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
