// The options of a Hello and of the last Sync.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Hello, HelloOptions, Sync } from "../../src/core/messages.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/hpim.ts";
import type { MalformedReason } from "../../src/wire/malformed.ts";
import { hex } from "../support/bytes.ts";

const HOLD = "0001 0002 0028";
const CHECKPOINT = "0002 0004 80000009";
const MILLIS = "0003 0004 000000c8";
const HELLO_OPTIONS_OFFSET = 8;
const SYNC_OPTIONS_OFFSET = 24;

const helloBytes = (options: string): Uint8Array => hex(`00000007 00 0000 00 ${options}`);
const syncBytes = (options: string): Uint8Array =>
  hex(`00000007 01 0000 00 00000001 00000002 00000003 80000001 ${options}`);

const hello = (options: Hello["options"]): Hello => ({
  kind: "hello",
  bootTime: bootTime(7),
  options,
});
const lastSync = (options: HelloOptions): Sync => ({
  kind: "sync",
  bootTime: bootTime(7),
  mySsn: sequenceNumber(1),
  neighborSsn: sequenceNumber(2),
  neighborBootTime: bootTime(3),
  leader: true,
  syncSn: 1,
  part: { more: false, options },
});

/** These options make a Hello malformed, and a last Sync, `offset` bytes behind the start of the options. */
function isRefused(options: string, reason: MalformedReason, offset: number): void {
  for (const [bytes, start] of [
    [helloBytes(options), HELLO_OPTIONS_OFFSET],
    [syncBytes(options), SYNC_OPTIONS_OFFSET],
  ] as const) {
    const expected = { kind: "malformed", reason, offset: start + offset };
    assert.deepEqual(decodeMessage(bytes, 4), expected, options);
    assert.deepEqual(decodeMessage(bytes, 6), expected, options);
  }
}

/** The Hello and the last Sync with these options decode to them. */
function areRead(text: string, options: Hello["options"]): void {
  const signature = null;
  assert.deepEqual(decodeMessage(helloBytes(text), 4), { message: hello(options), signature });
  assert.deepEqual(decodeMessage(syncBytes(text), 4), { message: lastSync(options), signature });
}

const CHECKPOINT_SN = sequenceNumber(0x80000009);
const ALL = { holdTimeSeconds: 40, checkpointSn: CHECKPOINT_SN, holdTimeMillis: 200 };

test("§2.2: options are read and written in the order HoldTime, CheckpointSN, HoldTimeMillis", () => {
  for (const [text, options] of [
    [HOLD, { holdTimeSeconds: 40 }],
    [`${HOLD} ${CHECKPOINT}`, { holdTimeSeconds: 40, checkpointSn: CHECKPOINT_SN }],
    [`${HOLD} ${MILLIS}`, { holdTimeSeconds: 40, holdTimeMillis: 200 }],
    [`${HOLD} ${CHECKPOINT} ${MILLIS}`, ALL],
    ["0001 0002 0000", { holdTimeSeconds: 0 }],
    ["0001 0002 ffff", { holdTimeSeconds: 0xffff }],
  ] as const) {
    areRead(text, options);
    assert.deepEqual(encodeMessage(hello(options), null), helloBytes(text));
    assert.deepEqual(encodeMessage(lastSync(options), null), syncBytes(text));
  }
});

test("§2.2: older builds put CheckpointSN before HoldTime; any order is read", () => {
  areRead(`${CHECKPOINT} ${HOLD}`, { holdTimeSeconds: 40, checkpointSn: CHECKPOINT_SN });
  areRead(`${MILLIS} ${CHECKPOINT} ${HOLD}`, ALL);
});

test("§2.2: unknown options are skipped, empty, long and repeated ones too", () => {
  areRead(`0000 0000 ${HOLD} 0004 0003 aabbcc ffff 0002 0000 0004 0003 aabbcc ${CHECKPOINT}`, {
    holdTimeSeconds: 40,
    checkpointSn: CHECKPOINT_SN,
  });
});

test("§2.2: a known option twice is malformed", () => {
  isRefused(`${HOLD} ${HOLD}`, "repeated option", 6);
  isRefused(`${HOLD} ${CHECKPOINT} ${CHECKPOINT}`, "repeated option", 14);
  isRefused(`${HOLD} ${MILLIS} ${CHECKPOINT} ${MILLIS}`, "repeated option", 22);
  isRefused("0001 0002 0000 0001 0002 0000", "repeated option", 6);
});

test("§2.2: a known option of another length is malformed", () => {
  isRefused("0001 0000", "option of wrong length", 0);
  isRefused("0001 0001 28", "option of wrong length", 0);
  isRefused("0001 0004 00000028", "option of wrong length", 0);
  isRefused(`${HOLD} 0002 0002 0009`, "option of wrong length", 6);
  isRefused(`${HOLD} 0003 0005 0000000009`, "option of wrong length", 6);
});

test("§2.1: an option that is cut is malformed, known or not", () => {
  isRefused("00", "truncated option", 0);
  isRefused("0001", "truncated option", 0);
  isRefused("0001 0002", "truncated option", 0);
  isRefused("0001 0002 00", "truncated option", 0);
  isRefused(`${HOLD} 0002 0004 000000`, "truncated option", 6);
  isRefused(`${HOLD} 0009 0001`, "truncated option", 6);
  isRefused(`${HOLD} 0009 ffff 00`, "truncated option", 6);
});

test("§2.2: HoldTime is mandatory in a Hello, and may be absent from the last Sync", () => {
  for (const text of ["", CHECKPOINT, `${CHECKPOINT} ${MILLIS}`, "0009 0000"]) {
    assert.deepEqual(decodeMessage(helloBytes(text), 4), {
      kind: "malformed",
      reason: "no HoldTime",
      offset: HELLO_OPTIONS_OFFSET,
    });
  }
  assert.deepEqual(decodeMessage(syncBytes(""), 4), { message: lastSync({}), signature: null });
  assert.deepEqual(decodeMessage(syncBytes(CHECKPOINT), 4), {
    message: lastSync({ checkpointSn: CHECKPOINT_SN }),
    signature: null,
  });
  assert.deepEqual(encodeMessage(lastSync({}), null), syncBytes(""));
});
