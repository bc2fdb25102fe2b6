// What is written can be read; whatever is read does not throw.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Family } from "../../src/base/address.ts";
import { fillChecksum } from "../../src/wire/checksum.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/hpim.ts";
import { decodeIgmp, encodeIgmp } from "../../src/wire/igmp.ts";
import { decodeIpv4, encodeIpv4 } from "../../src/wire/ip.ts";
import type { Malformed } from "../../src/wire/malformed.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { signatureOf } from "../../src/wire/signature.ts";
import { anyDatagram, anyIgmp, anyMessage, anyMutation, anyRoom } from "./arbitrary.ts";

const RUNS = { numRuns: 500 };
const FAMILIES = [4, 6] as const satisfies Family[];

/** Accepts any answer but a throw; the offset of a fault lies within the bytes or at their end. */
function checkAnswer(bytes: Uint8Array, decoded: object | null): decoded is Malformed {
  if (!isMalformed(decoded)) return false;
  assert.ok(decoded.offset >= 0 && decoded.offset <= bytes.length, `offset ${decoded.offset}`);
  return true;
}

/** A copy whose IGMP checksum is right, so that a decoder looks further. */
function withChecksum(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  if (copy.length < 4) return copy;
  copy.fill(0, 2, 4);
  fillChecksum(copy, 2);
  return copy;
}

for (const family of FAMILIES) {
  test(`§2 IPv${family}: decodeMessage returns what encodeMessage wrote`, () => {
    fc.assert(
      fc.property(anyMessage(family), anyRoom, (message, room) => {
        const decoded = decodeMessage(encodeMessage(message, room), family);
        assert.ok(!isMalformed(decoded));
        assert.deepEqual(decoded.message, message);
        assert.deepEqual(
          decoded.signature,
          room && { identifier: room.identifier, value: new Uint8Array(room.lengthBytes) },
        );
      }),
      RUNS,
    );
  });

  test(`§2.1 IPv${family}: no bytes make decodeMessage throw, and what it reads it can write and read again`, () => {
    const written = fc
      .tuple(anyMessage(family), anyRoom)
      .map(([message, room]) => encodeMessage(message, room));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 120 }), anyMutation(written)), (bytes) => {
        const decoded = decodeMessage(bytes, family);
        if (checkAnswer(bytes, decoded)) return;
        const again = decodeMessage(encodeMessage(decoded.message, null), family);
        assert.deepEqual(again, { message: decoded.message, signature: null });
      }),
      { numRuns: 2000 },
    );
  });
}

test("§3: no bytes make signatureOf throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const signature = signatureOf(bytes);
      if (checkAnswer(bytes, signature) || signature === null) return;
      assert.equal(signature.value.length, bytes[7]);
    }),
    RUNS,
  );
});

test("RFC 2236, RFC 3376: decodeIgmp returns what encodeIgmp wrote", () => {
  fc.assert(
    fc.property(anyIgmp, (message) => {
      assert.deepEqual(decodeIgmp(encodeIgmp(message)), message);
    }),
    RUNS,
  );
});

test("RFC 2236, RFC 3376: no bytes make decodeIgmp throw, and what it reads it can write and read again", () => {
  const mutated = anyMutation(anyIgmp.map(encodeIgmp)).map(withChecksum);
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated), (bytes) => {
      const decoded = decodeIgmp(bytes);
      if (checkAnswer(bytes, decoded)) return;
      assert.deepEqual(decodeIgmp(encodeIgmp(decoded)), decoded);
    }),
    { numRuns: 2000 },
  );
});

test("RFC 791: decodeIpv4 returns what encodeIpv4 wrote", () => {
  fc.assert(
    fc.property(anyDatagram, (datagram) => {
      assert.deepEqual(decodeIpv4(encodeIpv4(datagram)), datagram);
    }),
    RUNS,
  );
});

test("RFC 791: no bytes make decodeIpv4 throw, and what it reads it can write and read again", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 80 }), anyMutation(anyDatagram.map(encodeIpv4))),
      (bytes) => {
        const decoded = decodeIpv4(bytes);
        if (checkAnswer(bytes, decoded)) return;
        assert.deepEqual(decodeIpv4(encodeIpv4(decoded)), decoded);
      },
    ),
    { numRuns: 2000 },
  );
});
