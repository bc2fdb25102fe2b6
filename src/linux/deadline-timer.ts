// The one real timer.
import { type Millis, millis } from "../base/units.ts";

/** The longest that setTimeout can wait. */
const LONGEST = 2 ** 31 - 1;

/** Milliseconds of the monotonic clock (CLOCK_MONOTONIC), with fractions. */
export const monotonicNow = (): Millis => millis(Number(process.hrtime.bigint()) / 1e6);

/**
 * Calls back once when the deadline that was set last has come, never before. Every socket has its turn first: a process
 * that was held up would miss what was said to it in time.
 */
export class DeadlineTimer {
  readonly #onDeadline: () => void;
  #due: Millis | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** When the timer that runs will fire. A later deadline lets it, and it sets itself anew: deadlines move with every event. */
  #firesAt = 0;
  #reading: NodeJS.Immediate | null = null;

  constructor(onDeadline: () => void) {
    this.#onDeadline = onDeadline;
  }

  /** Sets the deadline; null: none. */
  set(due: Millis | null): void {
    this.#due = due;
    if (due === null) this.#stop();
    else if (this.#reading === null && (this.#timer === null || due < this.#firesAt))
      this.#arm(due);
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#reading !== null) clearImmediate(this.#reading);
    this.#timer = null;
    this.#reading = null;
  }

  #arm(due: Millis): void {
    this.#stop();
    this.#firesAt = due;
    const wait = Math.min(LONGEST, Math.max(0, Math.ceil(due - monotonicNow())));
    this.#timer = setTimeout(() => this.#onTimer(), wait);
  }

  /** Sockets have their turn between timers and immediates. */
  #onTimer(): void {
    this.#timer = null;
    this.#reading = setImmediate(() => this.#onRead());
  }

  #onRead(): void {
    this.#reading = null;
    const due = this.#due;
    if (due === null) return;
    // Not yet: the deadline was moved, is far away, or setTimeout counted whole milliseconds.
    if (monotonicNow() < due) {
      this.#arm(due);
      return;
    }
    this.#due = null;
    this.#onDeadline();
  }
}
