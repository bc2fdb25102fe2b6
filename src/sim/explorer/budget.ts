// What was done to messages so far, of what the model allows (Faults), as one word of a state.
import type { Fault, Faults } from "./model.ts";
import { MAX_OVERTAKEN } from "./transitions.ts";

const BITS = 8;
const MASK = (1 << BITS) - 1;

const SHIFTS: Readonly<Record<Fault, number>> = {
  losses: 0,
  duplications: BITS,
  overtakings: 2 * BITS,
};

/** Whether one more such fault may happen when so much was spent. */
export const isLeft = (faults: Faults, spent: number, fault: Fault): boolean =>
  ((spent >>> SHIFTS[fault]) & MASK) < faults[fault];

/** What is spent after one more. Without a bound it is not counted. */
export const afterFault = (faults: Faults, spent: number, fault: Fault): number =>
  faults[fault] <= MASK ? spent + (1 << SHIFTS[fault]) : spent;

/** Whether each message has to know how often it was overtaken: else the budget sees to it. */
export const countsOvertakings = (faults: Faults | undefined): boolean =>
  faults !== undefined && faults.overtakings > MAX_OVERTAKEN;

/** All ways to have spent less, when so much was spent. */
export function lessSpent(spent: number): readonly number[] {
  const upTo = (fault: Fault): readonly number[] =>
    Array.from({ length: ((spent >>> SHIFTS[fault]) & MASK) + 1 }, (_, n) => n << SHIFTS[fault]);
  return upTo("losses")
    .flatMap((losses) => upTo("duplications").map((doubled) => losses + doubled))
    .flatMap((others) => upTo("overtakings").map((overtakings) => others + overtakings))
    .filter((less) => less !== spent);
}
