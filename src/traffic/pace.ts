// When what is sent at a rate is due: evenly, whatever sends it may be late for a while.

const NANOS_PER_SECOND = 1e9;
const NANOS_PER_MILLI = 1e6;

/** How many are due `elapsedNanos` after the first, which was due at once. `rate`: how many a second. */
export const dueAfter = (elapsedNanos: number, rate: number): number =>
  Math.floor((elapsedNanos * rate) / NANOS_PER_SECOND) + 1;

/** Milliseconds from then until the one after the first `sent` is due; 0 if it has been. */
export const millisUntilNext = (sent: number, elapsedNanos: number, rate: number): number =>
  Math.max(0, ((sent * NANOS_PER_SECOND) / rate - elapsedNanos) / NANOS_PER_MILLI);
