// What is fuzzed: something that takes bytes, where they come from, and what must hold of every one of them.
import type { Random } from "../../src/base/random.ts";

/** What became of an input. */
export interface Verdict {
  /** It was taken for what it should be, not refused. */
  readonly accepted: boolean;
  /** In short, such as "hello" or "truncated option at 12": an input of a kind not seen before is kept, to be varied. */
  readonly kind: string;
}

/** What a new input is made of. */
export interface Material {
  readonly random: Random;
  /** One that was kept. */
  readonly input: Uint8Array;
  /** Another one. */
  readonly other: Uint8Array;
}

/** Something that is fuzzed. A module of targets exports one as `target`. */
export interface Target {
  readonly name: string;
  /** Its inputs are texts, to be shown as such. */
  readonly isText: boolean;
  /** It takes much longer than others: fewer executions are enough for `make test`. */
  readonly isSlow: boolean;
  /** It gets so many of the executions that are asked for: 1 is all. */
  readonly share: number;
  /** An execution that takes longer hangs. */
  readonly patienceSeconds: number;
  /** Inputs to begin with; never none. */
  readonly seeds: () => readonly Uint8Array[];
  /** A new input, by what is known of the format. */
  readonly vary: (material: Material) => Uint8Array;
  /** Takes an input. Throws if a promise is broken. */
  readonly execute: (input: Uint8Array) => Verdict | Promise<Verdict>;
}

/** A target of short bytes that takes microseconds. */
export const QUICK = { isText: false, isSlow: false, share: 1, patienceSeconds: 30 } as const;

/** A target of texts that takes a millisecond. */
export const SLOW_TEXT = { isText: true, isSlow: true, share: 1, patienceSeconds: 30 } as const;
