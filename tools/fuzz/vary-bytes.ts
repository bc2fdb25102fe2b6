// Changes to bytes that know nothing of their format: flipped, overwritten, cut, doubled, put in, joined.
import type { Random } from "../../src/base/random.ts";
import { happens, pick } from "../campaign/generate.ts";
import type { Material } from "./target.ts";

/** No input is longer. */
export const MOST_BYTES: number = 1 << 16;
const MOST_CHANGES = 4;
const LONGEST_PIECE = 16;
/** Bounds of fields of 1, 2 and 4 bytes. */
const WORTHWHILE = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255] as const;
const WORTHWHILE_LONG = [
  ...[0, 1, 255, 256, 0x7fff, 0x8000, 0xffff, 0x1_0000],
  ...[0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff],
] as const;

/** What is done to bytes. `other`: where pieces may come from. */
type Change = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const place = (bytes: Uint8Array, random: Random): number => random.below(bytes.length + 1);

/** Bytes, one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function piece(bytes: Uint8Array, random: Random): Uint8Array {
  const from = place(bytes, random);
  return bytes.subarray(from, from + 1 + random.below(LONGEST_PIECE));
}

function withByte(bytes: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array {
  const changed = bytes.slice();
  const at = random.below(Math.max(1, bytes.length));
  if (at < changed.length) changed[at] = change(changed[at] ?? 0);
  return changed;
}

/** A number of 2 or 4 bytes, in either order, set or moved a little. */
function withNumber(bytes: Uint8Array, random: Random): Uint8Array {
  const size = pick(random, [2, 4] as const);
  if (bytes.length < size) return bytes;
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  const at = random.below(bytes.length - size + 1);
  const isLittle = happens(random, 50);
  const before = size === 2 ? view.getUint16(at, isLittle) : view.getUint32(at, isLittle);
  const moved = before + random.below(9) - 4;
  const value = happens(random, 50) ? pick(random, WORTHWHILE_LONG) : moved;
  if (size === 2) view.setUint16(at, value, isLittle);
  else view.setUint32(at, value, isLittle);
  return changed;
}

const CHANGES: readonly Change[] = [
  (bytes, random) => withByte(bytes, random, (byte) => byte ^ (1 << random.below(8))),
  (bytes, random) => withByte(bytes, random, () => random.below(256)),
  (bytes, random) => withByte(bytes, random, () => pick(random, WORTHWHILE)),
  (bytes, random) => withByte(bytes, random, (byte) => byte + random.below(9) - 4),
  withNumber,
  withNumber,
  // The end is cut.
  (bytes, random) => bytes.subarray(0, place(bytes, random)),
  (bytes, random) => bytes.subarray(0, Math.max(0, bytes.length - 1 - random.below(8))),
  // A piece is cut out, doubled, put in.
  (bytes, random) => {
    const at = place(bytes, random);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(LONGEST_PIECE)));
  },
  (bytes, random) => {
    const at = place(bytes, random);
    return joined(bytes.subarray(0, at), piece(bytes, random), bytes.subarray(at));
  },
  (bytes, random, other) => {
    const at = place(bytes, random);
    return joined(bytes.subarray(0, at), piece(other, random), bytes.subarray(at));
  },
  (bytes, random) => {
    const at = place(bytes, random);
    const noise = Uint8Array.from({ length: 1 + random.below(8) }, () => random.below(256));
    return joined(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
  // The beginning of one and the end of another.
  (bytes, random, other) =>
    joined(bytes.subarray(0, place(bytes, random)), other.subarray(place(other, random))),
];

/** A few changes, one after the other. */
export function varyBytes({ random, input, other }: Material): Uint8Array {
  let bytes = input;
  for (let left = 1 + random.below(MOST_CHANGES); left > 0; left--) {
    bytes = pick(random, CHANGES)(bytes, random, other);
  }
  return bytes.subarray(0, MOST_BYTES);
}
