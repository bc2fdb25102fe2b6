// Words that an argument or the value of an option can be, beside others, for whoever completes it.
import type { Argument, Option } from "commander";

const SUGGESTED = new WeakMap<Argument | Option, readonly string[]>();

/** `taker`, for which these words are suggested. */
export function suggesting<Taker extends Argument | Option>(
  words: readonly string[],
  taker: Taker,
): Taker {
  SUGGESTED.set(taker, words);
  return taker;
}

/** The words that are suggested, and those that it has to be one of. */
export const suggestionsFor = (taker: Argument | Option): readonly string[] =>
  taker.argChoices ?? SUGGESTED.get(taker) ?? [];
