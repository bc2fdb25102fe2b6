// The search for an input that breaks a target: keeps those whose kind is new, and varies them. Which blocks of code an
// input visits is not measured, for that takes longer than the execution: the kind of what it came to stands for it.
import { known } from "../../src/base/invariant.ts";
import { Random } from "../../src/base/random.ts";
import { happens } from "../campaign/generate.ts";
import type { Target, Verdict } from "./target.ts";
import { joined } from "./vary-bytes.ts";

/** How far it goes, and where it writes down what it does. */
export interface SearchOptions {
  readonly executions: number;
  readonly seed: number;
  /** Is told of each input before it is executed. */
  readonly begin: (input: Uint8Array) => void;
}

/** What a search found. */
export interface Findings {
  readonly executions: number;
  readonly accepted: number;
  /** Of what inputs came to. */
  readonly kinds: ReadonlySet<string>;
  /** Inputs that are kept. */
  readonly corpusSize: number;
  /** What broke the target last; null: nothing did. */
  readonly broken: Broken | null;
}

/** What an input did to a target. */
export interface Broken {
  readonly input: Uint8Array;
  readonly why: string;
}

const NEWEST = 64;
const MOST_SHORTENINGS = 2_000;

const FRAMES = 12;

/** What an execution throws; null: nothing. */
async function whyBroken(target: Target, input: Uint8Array): Promise<string | null> {
  try {
    await target.execute(input);
    return null;
  } catch (error) {
    return textOfError(error);
  }
}

const textOfError = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

const firstLine = (why: string): string => why.split("\n")[0] ?? "";

/** The input without all those pieces that it breaks the target without, in the same way. */
async function shortened(target: Target, { input, why }: Broken): Promise<Broken> {
  let shortest = { input, why };
  let left = MOST_SHORTENINGS;
  for (let size = input.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < shortest.input.length && left-- > 0; ) {
      const { input: before } = shortest;
      const candidate = joined(before.subarray(0, at), before.subarray(at + size));
      const found = await whyBroken(target, candidate);
      if (found !== null && firstLine(found) === firstLine(why)) {
        shortest = { input: candidate, why: found };
      } else at += size;
    }
  }
  return shortest;
}

/** Searches until something is broken or all executions are done. */
export async function search(target: Target, options: SearchOptions): Promise<Findings> {
  const { executions, seed, begin } = options;
  // Many errors are made and caught in an execution; where they come from is only asked when one breaks the target.
  Error.stackTraceLimit = 0;
  const random = new Random(seed);
  const corpus: Uint8Array[] = [];
  const kinds = new Set<string>();
  let [count, accepted] = [0, 0];
  const execute = async (input: Uint8Array): Promise<Broken | null> => {
    begin(input);
    count++;
    let verdict: Verdict;
    try {
      const given = target.execute(input);
      verdict = given instanceof Promise ? await given : given;
    } catch (error) {
      Error.stackTraceLimit = FRAMES;
      return shortened(target, { input, why: textOfError(error) });
    }
    if (verdict.accepted) accepted++;
    if (kinds.has(verdict.kind)) return null;
    kinds.add(verdict.kind);
    corpus.push(input.slice());
    return null;
  };
  const chosen = (): Uint8Array => {
    const first = happens(random, 50) ? Math.max(0, corpus.length - NEWEST) : 0;
    return known(corpus[first + random.below(corpus.length - first)], "some input is kept");
  };
  let broken: Broken | null = null;
  const seeds = target.seeds();
  for (const input of seeds.slice(0, executions)) {
    corpus.push(input);
    broken ??= await execute(input);
  }
  while (count < executions && broken === null) {
    const material = { random, input: chosen(), other: chosen() };
    broken = await execute(target.vary(material));
  }
  return { executions: count, accepted, kinds, corpusSize: corpus.length, broken };
}
