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

/** One that runs, and where it is in the heap. */
interface RunningTimer<E> {
  readonly key: string;
  due: Millis;
  event: E;
  place: number;
}

const isBefore = <E>(a: Timer<E>, b: Timer<E>): boolean =>
  a.due === b.due ? compare(a.key, b.key) < 0 : a.due < b.due;

const parentOf = (place: number): number => (place - 1) >> 1;

/**
 * Timers by key, earliest first; timers due at the same instant come in the order of their keys. A binary heap whose
 * timers know their places: one that is set anew moves, and one that is cancelled is gone.
 */
export class TimerTable<E> {
  readonly #keyOf: (event: E) => string;
  readonly #running = new Map<string, RunningTimer<E>>();
  readonly #heap: RunningTimer<E>[] = [];

  /** `keyOf`: at most one timer of the same key runs. */
  constructor(keyOf: (event: E) => string) {
    this.#keyOf = keyOf;
  }

  /** Starts the timer of `event`, or starts it anew. */
  set(due: Millis, event: E): void {
    const key = this.#keyOf(event);
    const running = this.#running.get(key);
    if (running === undefined) {
      const timer = { key, due, event, place: this.#heap.length };
      this.#running.set(key, timer);
      this.#heap.push(timer);
      this.#settle(timer);
      return;
    }
    running.due = due;
    running.event = event;
    this.#settle(running);
  }

  /** Stops the timer of `event`, if it runs. */
  cancel(event: E): void {
    const timer = this.#running.get(this.#keyOf(event));
    if (timer !== undefined) this.#remove(timer);
  }

  /** Has each timer that runs end when `due` says. */
  retime(due: (timer: Timer<E>) => Millis): void {
    for (const timer of this.#running.values()) {
      const next = due(timer);
      if (next !== timer.due) this.set(next, timer.event);
    }
  }

  /** The timer that runs under the key of `event`, or undefined. */
  get(event: E): Timer<E> | undefined {
    return this.#running.get(this.#keyOf(event));
  }

  /** When the timer of `event` is due, or undefined if it does not run. */
  dueOf(event: E): Millis | undefined {
    return this.get(event)?.due;
  }

  /** Whether the timer of `event` runs. */
  runs(event: E): boolean {
    return this.#running.has(this.#keyOf(event));
  }

  /** The earliest due time, or undefined without timers. */
  nextDeadline(): Millis | undefined {
    return this.#heap[0]?.due;
  }

  /** The timers that run, in the order in which they fire. */
  inOrder(): readonly Timer<E>[] {
    const timers = [...this.#running.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1));
    return timers.map(({ key, due, event }) => ({ key, due, event }));
  }

  /** Takes out the earliest timer that is due at `now`, or returns undefined. */
  takeDue(now: Millis): Timer<E> | undefined {
    const timer = this.#heap[0];
    if (timer === undefined || timer.due > now) return undefined;
    this.#remove(timer);
    return timer;
  }

  #remove(timer: RunningTimer<E>): void {
    this.#running.delete(timer.key);
    const last = known(this.#heap.pop(), "last timer in the heap");
    if (last === timer) return;
    this.#put(last, timer.place);
    this.#settle(last);
  }

  /** Has a timer whose due time is new, or that took the place of another, go where it belongs. */
  #settle(timer: RunningTimer<E>): void {
    this.#rise(timer);
    this.#sink(timer);
  }

  #rise(timer: RunningTimer<E>): void {
    while (timer.place > 0) {
      const parent = this.#at(parentOf(timer.place));
      if (!isBefore(timer, parent)) return;
      this.#swap(parent, timer);
    }
  }

  #sink(timer: RunningTimer<E>): void {
    for (;;) {
      const child = this.#earlierChild(timer.place);
      if (child === undefined || !isBefore(child, timer)) return;
      this.#swap(timer, child);
    }
  }

  #earlierChild(place: number): RunningTimer<E> | undefined {
    const [left, right] = [this.#heap[2 * place + 1], this.#heap[2 * place + 2]];
    return left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
  }

  #swap(upper: RunningTimer<E>, lower: RunningTimer<E>): void {
    const place = lower.place;
    this.#put(lower, upper.place);
    this.#put(upper, place);
  }

  #put(timer: RunningTimer<E>, place: number): void {
    this.#heap[place] = timer;
    timer.place = place;
  }

  #at(place: number): RunningTimer<E> {
    return known(this.#heap[place], "timer in the heap");
  }
}
