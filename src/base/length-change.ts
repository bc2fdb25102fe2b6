// When a timer ends that runs while its length changes (§16).
import type { Millis } from "./units.ts";
import { millis } from "./units.ts";

/** The lengths of a timer before and after a change. */
export interface LengthChange {
  readonly was: Millis;
  readonly is: Millis;
}

/** What becomes of a length when settings change. */
export const lengthChange = <S>(length: (settings: S) => Millis, was: S, is: S): LengthChange => ({
  was: length(was),
  is: length(is),
});

/** When a timer ends that was to end at `due`: when it would have, had it been set with the new length; that may be past. */
export const retimed = (due: Millis, { was, is }: LengthChange): Millis => millis(due + (is - was));

/**
 * The same of a timer whose end gives somebody up, who could not know of the change: a shorter length runs in full from
 * `now`, though no longer than the timer was to run.
 */
export const retimedInFull = (due: Millis, change: LengthChange, now: Millis): Millis =>
  millis(Math.max(retimed(due, change), Math.min(due, now + change.is)));
