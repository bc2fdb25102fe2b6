// A queue, first in first out.

/**
 * What waits for its turn. Its places are used again once it was empty, and kept: an array that is emptied by `shift` gives
 * its memory back and takes it again, for each of those that wait alone.
 */
export class Queue<T> {
  readonly #places: (T | undefined)[] = [];
  #first = 0;
  #end = 0;

  push(item: T): void {
    this.#places[this.#end] = item;
    this.#end++;
  }

  /** Takes out the one that has waited longest; undefined: nothing waits. */
  shift(): T | undefined {
    if (this.#first === this.#end) return undefined;
    const item = this.#places[this.#first];
    this.#places[this.#first] = undefined;
    this.#first++;
    if (this.#first === this.#end) {
      this.#first = 0;
      this.#end = 0;
    }
    return item;
  }
}
