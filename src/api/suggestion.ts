// What somebody may have meant who wrote a word that nobody knows.
import { distance } from "fastest-levenshtein";

/** Of a word, so many letters may be wrong. */
const tolerance = (word: string): number => Math.max(1, Math.floor(word.length / 4));

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, "");

/** The one of `known` that is nearest to `word`, in parentheses behind a blank; "" if none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  let best: string | undefined;
  let least = tolerance(word) + 1;
  for (const candidate of known) {
    const apart = distance(plain(word), plain(candidate));
    if (apart >= least) continue;
    best = candidate;
    least = apart;
  }
  return best === undefined ? "" : ` (did you mean ${best}?)`;
}
