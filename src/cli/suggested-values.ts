// Words that an argument can be, beside others, for whoever completes it.
import type { Argument } from "commander";

const SUGGESTED = new WeakMap<Argument, readonly string[]>();

/** `argument`, for which these words are suggested. */
export function suggesting(words: readonly string[], argument: Argument): Argument {
  SUGGESTED.set(argument, words);
  return argument;
}

/** The words that are suggested for an argument, and those that it has to be one of. */
export const suggestionsFor = (argument: Argument): readonly string[] =>
  argument.argChoices ?? SUGGESTED.get(argument) ?? [];
