// How long it has been since the last fault or incident, as one word of a state: what a model's bound of time is held to.

const HELLOS = 1 << 24;

/** Nothing has passed. */
export const AT_ONCE = 0;

/** So much more time has passed; beyond the bound it is not counted. */
export const afterTime = (elapsed: number, span: number, bound: number): number =>
  (elapsed & HELLOS) | Math.min((elapsed & ~HELLOS) + span, bound + 1);

/** All have said Hello. */
export const afterHellos = (elapsed: number): number => elapsed | HELLOS;

/** Whether all must be well by now, when no message is on the way. */
export const isBeyond = (elapsed: number, bound: number): boolean =>
  (elapsed & HELLOS) !== 0 || elapsed > bound;
