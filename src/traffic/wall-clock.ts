// The time of day in nanoseconds, which Node tells in whole milliseconds only; it follows when the clock is set.

const NANOS_PER_MILLI = 1e6;
const CHECK_NANOS = 1_000_000_000n;
/** Beyond this the clock has been set: it is not slewed by as much in a second. */
const STEP_MILLIS = 10;

const nanosOf = (millis: number): bigint => BigInt(Math.round(millis * NANOS_PER_MILLI));

/** CLOCK_REALTIME at instants of CLOCK_MONOTONIC. */
export class WallClock {
  #offset = nanosOf(performance.timeOrigin + performance.now()) - process.hrtime.bigint();
  #checkedAt = process.hrtime.bigint();

  /** Nanoseconds since 1970 at an instant of now. */
  at(monotonicNanos: bigint): bigint {
    if (monotonicNanos - this.#checkedAt > CHECK_NANOS) this.#check(monotonicNanos);
    return monotonicNanos + this.#offset;
  }

  #check(monotonicNanos: bigint): void {
    this.#checkedAt = monotonicNanos;
    const told = Date.now();
    const ours = Number(monotonicNanos + this.#offset) / NANOS_PER_MILLI;
    if (Math.abs(told - ours) > STEP_MILLIS)
      this.#offset = BigInt(told) * 1_000_000n - monotonicNanos;
  }
}
