// Timers as data: an event scheduled for later, kept in a table. No closure is stored; a cancelled timer cannot fire.
import { compare } from "./ordered.ts";
import type { Millis } from "./units.ts";

/** One timer: `event` is to be handled at `due`. */
export interface Timer<E> {
  readonly key: string;
  readonly due: Millis;
  readonly event: E;
}

const isBefore = <E>(a: Timer<E>, b: Timer<E>): boolean =>
  a.due === b.due ? compare(a.key, b.key) < 0 : a.due < b.due;

/**
 * Timers by key, earliest first; timers due at the same instant come in the order of their keys.
 * A binary heap whose cancelled timers stay until they reach the top or outnumber the living.
 */
export class TimerTable<E> {
  readonly #live = new Map<string, Timer<E>>();
  #heap: Timer<E>[] = [];

  /** Timers that run. */
  get size(): number {
    return this.#live.size;
  }

  /** Starts the timer `key`, or starts it anew. */
  set(key: string, due: Millis, event: E): void {
    const timer = { key, due, event };
    this.#live.set(key, timer);
    this.#heap.push(timer);
    this.#siftUp(this.#heap.length - 1);
    if (this.#heap.length > 2 * this.#live.size + 64) this.#compact();
  }

  /** Stops the timer `key`, if it runs. */
  cancel(key: string): void {
    this.#live.delete(key);
  }

  /** When the timer `key` is due, or undefined if it does not run. */
  dueOf(key: string): Millis | undefined {
    return this.#live.get(key)?.due;
  }

  /** The earliest due time, or undefined without timers. */
  nextDeadline(): Millis | undefined {
    this.#dropStale();
    return this.#heap[0]?.due;
  }

  /** Takes out the earliest timer that is due at `now`, or returns undefined. */
  takeDue(now: Millis): Timer<E> | undefined {
    this.#dropStale();
    const timer = this.#heap[0];
    if (timer === undefined || timer.due > now) return undefined;
    this.#live.delete(timer.key);
    this.#removeTop();
    return timer;
  }

  #dropStale(): void {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || this.#live.get(top.key) === top) return;
      this.#removeTop();
    }
  }

  #removeTop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown(0);
  }

  #compact(): void {
    this.#heap = [...this.#live.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #siftUp(from: number): void {
    for (let child = from; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#swapUnlessOrdered(parent, child)) return;
      child = parent;
    }
  }

  #siftDown(from: number): void {
    for (let parent = from; ; ) {
      const left = this.#heap[2 * parent + 1];
      const right = this.#heap[2 * parent + 2];
      if (left === undefined) return;
      const child = 2 * parent + (right !== undefined && isBefore(right, left) ? 2 : 1);
      if (!this.#swapUnlessOrdered(parent, child)) return;
      parent = child;
    }
  }

  #swapUnlessOrdered(parent: number, child: number): boolean {
    const upper = this.#heap[parent];
    const lower = this.#heap[child];
    if (upper === undefined || lower === undefined || !isBefore(lower, upper)) return false;
    this.#heap[parent] = lower;
    this.#heap[child] = upper;
    return true;
  }
}
