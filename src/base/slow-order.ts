// A long list of keys put in order step by step: to sort them in one go takes 20 to 70 ms for 100,000.
import { compare } from "./ordered.ts";

/** So many are sorted, or put behind one another, in a step: a fraction of a millisecond's work. */
const STEP = 1_024;

type Key = string | number;

function* sortedRuns<K extends Key>(keys: Iterable<K>): Generator<undefined, K[][]> {
  const runs: K[][] = [];
  let run: K[] = [];
  for (const key of keys) {
    if (run.length === STEP) {
      runs.push(run.sort(compare));
      run = [];
      yield undefined;
    }
    run.push(key);
  }
  runs.push(run.sort(compare));
  return runs;
}

function* merged<K extends Key>(a: readonly K[], b: readonly K[]): Generator<undefined, K[]> {
  const both: K[] = [];
  let [ofA, ofB] = [0, 0];
  while (ofA < a.length || ofB < b.length) {
    const [first, second] = [a[ofA], b[ofB]];
    const takesA = second === undefined || (first !== undefined && first <= second);
    both.push((takesA ? first : second) as K);
    if (takesA) ofA++;
    else ofB++;
    if (both.length % STEP === 0) yield undefined;
  }
  return both;
}

/**
 * The keys in ascending order, each once; whoever takes them may rest at each undefined, of which most come first. They may
 * be those of a map that changes meanwhile.
 */
export function* inOrderSlowly<K extends Key>(keys: Iterable<K>): Generator<K | undefined, void> {
  let runs = yield* sortedRuns(keys);
  while (runs.length > 1) {
    const next: K[][] = [];
    for (let n = 0; n < runs.length; n += 2) {
      const [one = [], other = []] = [runs[n], runs[n + 1]];
      next.push(other.length === 0 ? one : yield* merged(one, other));
    }
    runs = next;
  }
  let last: K | undefined;
  for (const key of runs[0] ?? []) {
    // A key that left the map and came back was met twice.
    if (key !== last) yield key;
    last = key;
  }
}
