// The Internet checksum.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fillChecksum, internetChecksum } from "../../src/wire/checksum.ts";
import { hex } from "../support/bytes.ts";

test("RFC 1071 §3: the numerical example", () => {
  assert.equal(internetChecksum(hex("0001 f203 f4f5 f6f7")), 0xddf2 ^ 0xffff);
});

test("RFC 1071 §4.1: an odd last byte counts as if a zero followed", () => {
  const odd = hex("0001 f203 f4");
  assert.equal(internetChecksum(odd), internetChecksum(hex("0001 f203 f400")));
  assert.equal(internetChecksum(odd), (0x0001 + 0xf203 + 0xf400 - 0xffff) ^ 0xffff);
});

test("RFC 1071: of no bytes it is all ones", () => {
  assert.equal(internetChecksum(new Uint8Array(0)), 0xffff);
});

test("RFC 1071: carries beyond 32 bits are not lost", () => {
  assert.equal(internetChecksum(new Uint8Array(400_000).fill(0xff)), 0);
  const bytes = new Uint8Array(400_000).fill(0xfe);
  fillChecksum(bytes.fill(0, 2, 4), 2);
  assert.equal(internetChecksum(bytes), 0);
});

test("RFC 1071 §1: bytes that hold their checksum have checksum 0, and a part of a buffer is judged alone", () => {
  const bytes = hex("ff 4500 0073 0000 4000 4011 0000 c0a8 0001 c0a8 00c7 ff").subarray(1, 21);
  fillChecksum(bytes, 10);
  assert.deepEqual(bytes.subarray(10, 12), hex("b861"));
  assert.equal(internetChecksum(bytes), 0);
});
