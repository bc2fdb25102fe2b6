// The place of the security value.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/hpim.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { SECURITY_VALUE_OFFSET, signatureOf } from "../../src/wire/signature.ts";
import { hex } from "../support/bytes.ts";

const INTEREST: Message = {
  kind: "interest",
  bootTime: bootTime(0x01020304),
  source: ip("10.1.1.100"),
  group: ip("239.1.1.1"),
  sn: sequenceNumber(5),
};
const BODY = "0a010164 ef010101 00000005";

test("§2.1: SecurityLength 0 is no signature, whatever the identifier", () => {
  assert.equal(signatureOf(hex(`01020304 04 0000 00 ${BODY}`)), null);
  assert.equal(signatureOf(hex(`01020304 04 0007 00 ${BODY}`)), null);
  assert.deepEqual(decodeMessage(hex(`01020304 04 0007 00 ${BODY}`), 4), {
    message: INTEREST,
    signature: null,
  });
});

test("§2.1: the value stands between header and body", () => {
  const bytes = hex(`01020304 04 fffe 03 aabbcc ${BODY}`);
  const signature = { identifier: 0xfffe, value: hex("aabbcc") };
  assert.deepEqual(signatureOf(bytes), signature);
  assert.deepEqual(decodeMessage(bytes, 4), { message: INTEREST, signature });
});

test("§3: the signature is found whatever version, type and body are, as it is verified first", () => {
  assert.deepEqual(signatureOf(hex("00000000 ff 0001 01 aa")), {
    identifier: 1,
    value: hex("aa"),
  });
});

test("§3: the value is the message's own bytes, so that it can be zeroed and filled in place", () => {
  const bytes = hex(`00 01020304 04 0001 02 aabb ${BODY}`).subarray(1);
  const signature = signatureOf(bytes);
  assert.ok(signature !== null && !isMalformed(signature));
  signature.value.fill(0);
  assert.deepEqual(bytes, hex(`01020304 04 0001 02 0000 ${BODY}`));
  bytes.set(hex("1122"), SECURITY_VALUE_OFFSET);
  assert.deepEqual(signature.value, hex("1122"));
});

test("§3: encodeMessage sets SecurityLength and leaves the value zero", () => {
  assert.deepEqual(
    encodeMessage(INTEREST, { identifier: 0x0102, lengthBytes: 4 }),
    hex(`01020304 04 0102 04 00000000 ${BODY}`),
  );
  assert.deepEqual(encodeMessage(INTEREST, null), hex(`01020304 04 0000 00 ${BODY}`));
});

test("§2.1: a value that reaches beyond the packet is malformed", () => {
  const expected = { kind: "malformed", reason: "truncated security value", offset: 7 };
  for (const text of [
    "01020304 00 0001 01",
    "01020304 00 0001 05 aabbccdd",
    "01020304 00 0000 ff",
  ]) {
    assert.deepEqual(signatureOf(hex(text)), expected);
    assert.deepEqual(decodeMessage(hex(text), 4), expected);
  }
});

test("§2.1: a header that is cut is malformed", () => {
  const whole = hex(`01020304 04 0000 00 ${BODY}`);
  for (let length = 0; length < 8; length++) {
    const expected = { kind: "malformed", reason: "too short", offset: length };
    assert.deepEqual(signatureOf(whole.subarray(0, length)), expected);
    assert.deepEqual(decodeMessage(whole.subarray(0, length), 4), expected);
  }
});
