// A long list of numbers below 2^32, in typed arrays.

const BLOCK = 1 << 16;

/** A list that grows at its end. */
export class NumberList {
  readonly #blocks: Uint32Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number at a place, from 0, below `size`. */
  at(place: number): number {
    return (this.#blocks[place >>> 16] as Uint32Array)[place & (BLOCK - 1)] as number;
  }

  push(number: number): void {
    const block = this.#size >>> 16;
    if (block === this.#blocks.length) this.#blocks.push(new Uint32Array(BLOCK));
    (this.#blocks[block] as Uint32Array)[this.#size & (BLOCK - 1)] = number;
    this.#size++;
  }
}
