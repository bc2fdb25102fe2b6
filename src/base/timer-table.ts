// Timers as data: an event scheduled for later, kept in a table. No closure is stored; a cancelled timer cannot fire.
import { known } from "./invariant.ts";
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
  readonly #keyOf: (event: E) => string;
  readonly #live = new Map<string, Timer<E>>();
  #heap: Timer<E>[] = [];

  /** `keyOf`: at most one timer of the same key runs. */
  constructor(keyOf: (event: E) => string) {
    this.#keyOf = keyOf;
  }

  /** Starts the timer of `event`, or starts it anew. */
  set(due: Millis, event: E): void {
    const key = this.#keyOf(event);
    const timer = { key, due, event };
    this.#live.set(key, timer);
    this.#heap.push(timer);
    this.#siftUp(this.#heap.length - 1);
    if (this.#heap.length > 2 * this.#live.size + 64) this.#compact();
  }

  /** Stops the timer of `event`, if it runs. */
  cancel(event: E): void {
    this.#live.delete(this.#keyOf(event));
  }

  /** Has each timer that runs end when `due` says. */
  retime(due: (timer: Timer<E>) => Millis): void {
    for (const timer of [...this.#live.values()]) {
      const next = due(timer);
      if (next !== timer.due) this.set(next, timer.event);
    }
  }

  /** The timer that runs under the key of `event`, or undefined. */
  get(event: E): Timer<E> | undefined {
    return this.#live.get(this.#keyOf(event));
  }

  /** When the timer of `event` is due, or undefined if it does not run. */
  dueOf(event: E): Millis | undefined {
    return this.get(event)?.due;
  }

  /** Whether the timer of `event` runs. */
  runs(event: E): boolean {
    return this.#live.has(this.#keyOf(event));
  }

  /** The earliest due time, or undefined without timers. */
  nextDeadline(): Millis | undefined {
    this.#dropStale();
    return this.#heap[0]?.due;
  }

  /** The timers that run, in the order in which they fire. */
  inOrder(): readonly Timer<E>[] {
    return [...this.#live.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1));
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
    this.#heap = [...this.inOrder()];
  }

  #siftUp(from: number): void {
    for (let child = from; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#swapUnlessOrdered(parent, child)) return;
      child = parent;
    }
  }

  #siftDown(from: number): void {
    for (let parent = from; 2 * parent + 1 < this.#heap.length; ) {
      const left = 2 * parent + 1;
      const right = left + 1;
      const child = right < this.#heap.length && this.#isBefore(right, left) ? right : left;
      if (!this.#swapUnlessOrdered(parent, child)) return;
      parent = child;
    }
  }

  #swapUnlessOrdered(parent: number, child: number): boolean {
    if (!this.#isBefore(child, parent)) return false;
    const upper = this.#at(parent);
    this.#heap[parent] = this.#at(child);
    this.#heap[child] = upper;
    return true;
  }

  #isBefore(a: number, b: number): boolean {
    return isBefore(this.#at(a), this.#at(b));
  }

  #at(place: number): Timer<E> {
    return known(this.#heap[place], "timer in the heap");
  }
}
