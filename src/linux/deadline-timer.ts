// The one real timer: a timerfd(2), which one system call sets, and for a fraction of what Node's own timers take.
import { hrtime } from "node:process";
import { type Millis, millis } from "../base/units.ts";
import { close, hostError, read, timerfdCreate, timerfdSettime, watch } from "./libc.ts";

const MILLIS_PER_SECOND = 1_000;
const NANOS_PER_MILLI = 1e6;
const NANOS_PER_SECOND = 1e9;

/** Milliseconds of the monotonic clock (CLOCK_MONOTONIC), with fractions. */
export function monotonicNow(): Millis {
  const time = hrtime();
  return millis(time[0] * MILLIS_PER_SECOND + time[1] / NANOS_PER_MILLI);
}

/** struct itimerspec: an interval, which stays 0, and an instant, each in seconds and nanoseconds. */
const ITIMERSPEC_BYTES = 32;
const SECONDS = 16;
const NANOS = 24;
const EXPIRATIONS_BYTES = 8;

/**
 * Calls back once when the deadline that was set last has come, never before. Every socket has its turn first: a process
 * that was held up would miss what was said to it in time.
 */
export class DeadlineTimer {
  readonly #onDeadline: () => void;
  readonly #fd: number;
  readonly #instant = new Uint8Array(ITIMERSPEC_BYTES);
  readonly #view = new DataView(this.#instant.buffer);
  readonly #expirations = new Uint8Array(EXPIRATIONS_BYTES);
  #due: Millis | null = null;
  /** When the timer that runs will fire. A later deadline lets it, and it sets itself anew: deadlines move with every event. */
  #firesAt: number = Number.POSITIVE_INFINITY;
  #reading: NodeJS.Immediate | null = null;

  /** Throws HostError. */
  constructor(onDeadline: () => void) {
    this.#onDeadline = onDeadline;
    this.#fd = timerfdCreate();
    if (this.#fd < 0) throw hostError("timerfd_create", this.#fd, "cannot make a timer");
    watch(this.#fd, () => this.#onTimer());
  }

  /** Sets the deadline; null: none. */
  set(due: Millis | null): void {
    this.#due = due;
    if (due !== null && this.#reading === null && due < this.#firesAt) this.#arm(due);
  }

  /** No deadline comes any more, and the event loop is not held. */
  close(): void {
    this.#due = null;
    close(this.#fd);
  }

  #arm(due: Millis): void {
    this.#firesAt = due;
    const nanos = Math.ceil(due * NANOS_PER_MILLI);
    this.#view.setUint32(SECONDS, Math.floor(nanos / NANOS_PER_SECOND), true);
    this.#view.setUint32(NANOS, nanos % NANOS_PER_SECOND, true);
    const result = timerfdSettime(this.#fd, this.#instant);
    if (result < 0) throw hostError("timerfd_settime", result, "cannot set a timer");
  }

  /** Sockets that are readable, too, have their turn before immediates. */
  #onTimer(): void {
    read(this.#fd, this.#expirations);
    this.#firesAt = Number.POSITIVE_INFINITY;
    this.#reading = setImmediate(() => this.#onRead());
  }

  #onRead(): void {
    this.#reading = null;
    const due = this.#due;
    if (due === null) return;
    // Not yet: the deadline was moved.
    if (monotonicNow() < due) {
      this.#arm(due);
      return;
    }
    this.#due = null;
    this.#onDeadline();
  }
}
