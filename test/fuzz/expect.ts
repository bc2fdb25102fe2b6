// What must hold of every decoder (§2.1, P6).
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Malformed } from "../../src/wire/malformed.ts";
import type { Verdict } from "../../tools/fuzz/target.ts";

/** Of a few hundred bytes each offset is a kind of its own. */
const FIRST_OFFSETS = 64;

/** What has gone wrong at a place: further on, places are told apart by their magnitude. */
const placeText = (offset: number): string =>
  offset < FIRST_OFFSETS ? `${offset}` : `2^${Math.floor(Math.log2(offset))}`;

/** Fails unless the fault is one within the input, or at its end. */
export function refused(input: Uint8Array, { reason, offset }: Malformed): Verdict {
  assert.ok(Number.isInteger(offset), `offset ${offset} is a whole number`);
  assert.ok(offset >= 0 && offset <= input.length, `offset ${offset} lies within the input`);
  return { accepted: false, kind: `${reason} at ${placeText(offset)}` };
}

/** Fails unless both are the same. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) assert.deepEqual(actual, expected, what);
}

/** How many, by magnitude. */
export const magnitude = (count: number): number => Math.ceil(Math.log2(count + 1));
