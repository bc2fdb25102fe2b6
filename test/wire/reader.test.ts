// Fields are read big-endian; reading behind the end is a bug of ours, and never goes on with something made up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader } from "../../src/wire/reader.ts";

const BYTES = Uint8Array.of(0, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0xff);

test("fields follow each other, the highest byte first", () => {
  const reader = new Reader(BYTES, 1, 4);
  assert.equal(reader.u32(), 0x81828384);
  assert.equal(reader.u16(), 0x8586);
  assert.equal(reader.left, 1);
  assert.equal(reader.u8(), 0xff);
});

test("reading behind the end throws", () => {
  const behind = (): Reader => new Reader(BYTES, BYTES.length - 1, 4);
  assert.throws(() => behind().u16(), RangeError);
  assert.throws(() => behind().u32(), RangeError);
  assert.throws(() => new Reader(BYTES, BYTES.length, 4).u8(), RangeError);
});
