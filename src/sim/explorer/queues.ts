// Contents of channels as numbers: equal contents have the same number, so that a channel is one word of a state.
import { ABSENT, PairTable } from "./pair-table.ts";

/** The queue with nothing in it. */
export const EMPTY = 0;

/** All contents that channels ever had. */
export class Queues {
  /** By queue: its first item, and the queue behind it. */
  readonly #heads: number[] = [ABSENT];
  readonly #rests: number[] = [EMPTY];
  readonly #prefixed = new PairTable();
  readonly #pushed = new PairTable();

  /** The first item of a queue; ABSENT: it is empty. */
  head(queue: number): number {
    return this.#heads[queue] as number;
  }

  /** The queue without its first item. */
  rest(queue: number): number {
    return this.#rests[queue] as number;
  }

  /** The item at a place, from 0; ABSENT: the queue is shorter. */
  at(queue: number, place: number): number {
    let behind = queue;
    for (let i = 0; i < place && behind !== EMPTY; i++) behind = this.rest(behind);
    return this.head(behind);
  }

  /** The queue without the item at a place, what stood before it changed by `overtaken`. */
  without(queue: number, place: number, overtaken: (item: number) => number): number {
    if (place === 0) return this.rest(queue);
    const rest = this.without(this.rest(queue), place - 1, overtaken);
    return this.#prefix(overtaken(this.head(queue)), rest);
  }

  /** The queue with another item at its end. */
  push(queue: number, item: number): number {
    const known = this.#pushed.get(queue, item);
    if (known !== ABSENT) return known;
    const pushed =
      queue === EMPTY
        ? this.#prefix(item, EMPTY)
        : this.#prefix(this.head(queue), this.push(this.rest(queue), item));
    this.#pushed.add(queue, item, pushed);
    return pushed;
  }

  #prefix(item: number, rest: number): number {
    const known = this.#prefixed.get(item, rest);
    if (known !== ABSENT) return known;
    const queue = this.#heads.length;
    this.#heads.push(item);
    this.#rests.push(rest);
    this.#prefixed.add(item, rest, queue);
    return queue;
  }
}
