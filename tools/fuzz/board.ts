// What a worker shows while it works, in memory that is shared: how far it is, and its present input. Whoever watches it
// can read both though the worker answers nothing any more.
import { MOST_BYTES } from "./vary-bytes.ts";

const COUNT = 0;
const LENGTH = 1;
const HEAD_BYTES = 8;

/** A board, to be written by one worker. */
export class Board {
  readonly memory: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #bytes: Uint8Array;

  /** A new one, or a second view of one that there is. */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(HEAD_BYTES + MOST_BYTES)) {
    this.memory = memory;
    this.#head = new Int32Array(memory, 0, 2);
    this.#bytes = new Uint8Array(memory, HEAD_BYTES);
  }

  /** The next execution begins, with this input. */
  begin(input: Uint8Array): void {
    const shown = input.subarray(0, MOST_BYTES);
    this.#bytes.set(shown);
    Atomics.store(this.#head, LENGTH, shown.length);
    Atomics.add(this.#head, COUNT, 1);
  }

  /** Executions that have begun. */
  get count(): number {
    return Atomics.load(this.#head, COUNT);
  }

  /** The input of the last one. */
  get input(): Uint8Array {
    return this.#bytes.slice(0, Atomics.load(this.#head, LENGTH));
  }
}
