// HPIM-DM messages, by hand-made bytes.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Family } from "../../src/base/address.ts";
import { ip } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/hpim.ts";
import type { MalformedReason } from "../../src/wire/malformed.ts";
import { hex } from "../support/bytes.ts";

const BOOT = { bootTime: bootTime(0xfedcba98) };
/** An unsigned message of a type, with this body. */
const packet = (type: number, body: string): Uint8Array => hex(`fedcba98 0${type} 0000 00 ${body}`);

const TREES = {
  4: {
    text: "0a010164 e00c0c0d",
    tree: { source: ip("10.1.1.100"), group: ip("224.12.12.13") },
  },
  6: {
    text: "20010db8 00000000 00000000 00000164 ff0e0000 00000000 00000000 00000c0d",
    tree: { source: ip("2001:db8::164"), group: ip("ff0e::c0d") },
  },
} as const;
const FAMILIES = [4, 6] as const satisfies Family[];

function bothWays(bytes: Uint8Array, family: Family, message: Message): void {
  assert.deepEqual(decodeMessage(bytes, family), { message, signature: null });
  assert.deepEqual(encodeMessage(message, null), bytes);
}

function isRefused(bytes: Uint8Array, reason: MalformedReason, offset: number): void {
  for (const family of FAMILIES)
    assert.deepEqual(decodeMessage(bytes, family), { kind: "malformed", reason, offset });
}

for (const family of FAMILIES) {
  const { text, tree } = TREES[family];

  test(`§2.2 IPv${family}: IamUpstream`, () => {
    bothWays(packet(2, `${text} 80000001 80000002 80000003`), family, {
      kind: "iamUpstream",
      ...BOOT,
      ...tree,
      sn: sequenceNumber(0x80000001),
      rpc: { preference: 0x80000002, metric: 0x80000003 },
    });
  });

  for (const [type, kind] of [
    [3, "iamNoLongerUpstream"],
    [4, "interest"],
    [5, "noInterest"],
  ] as const) {
    test(`§2.2 IPv${family}: ${kind}`, () => {
      bothWays(packet(type, `${text} 80000001`), family, {
        kind,
        ...BOOT,
        ...tree,
        sn: sequenceNumber(0x80000001),
      });
    });
  }

  test(`§2.2 IPv${family}: Ack`, () => {
    bothWays(packet(6, `${text} 80000001 80000002 80000003 80000004`), family, {
      kind: "ack",
      ...BOOT,
      ...tree,
      neighborBootTime: bootTime(0x80000001),
      neighborSsn: sequenceNumber(0x80000002),
      mySsn: sequenceNumber(0x80000003),
      neighborSn: sequenceNumber(0x80000004),
    });
  });

  test(`§2.2 IPv${family}: Sync with trees`, () => {
    const body = `00000001 00000002 80000003 c0000004
      ${text} 00000005 80000006
      ${text} 80000007 00000008`;
    bothWays(packet(1, body), family, {
      kind: "sync",
      ...BOOT,
      mySsn: sequenceNumber(1),
      neighborSsn: sequenceNumber(2),
      neighborBootTime: bootTime(0x80000003),
      leader: true,
      syncSn: 4,
      part: {
        more: true,
        entries: [
          { ...tree, rpc: { preference: 5, metric: 0x80000006 } },
          { ...tree, rpc: { preference: 0x80000007, metric: 8 } },
        ],
      },
    });
  });

  test(`§2.2 IPv${family}: a Sync with m = 1 and no entry is well-formed`, () => {
    bothWays(packet(1, "00000001 00000002 00000003 40000000"), family, {
      kind: "sync",
      ...BOOT,
      mySsn: sequenceNumber(1),
      neighborSsn: sequenceNumber(2),
      neighborBootTime: bootTime(3),
      leader: false,
      syncSn: 0,
      part: { more: true, entries: [] },
    });
  });

  test(`§2.1 IPv${family}: a truncated Sync entry makes the whole message malformed`, () => {
    const entry = `${text} 00000005 00000006`;
    const whole = packet(1, `00000001 00000002 00000003 40000000 ${entry} ${entry}`);
    const entryBytes = hex(entry).length;
    for (let cut = 1; cut < entryBytes; cut++) {
      assert.deepEqual(decodeMessage(whole.subarray(0, whole.length - cut), family), {
        kind: "malformed",
        reason: "truncated Sync entry",
        offset: whole.length - entryBytes,
      });
    }
  });

  test(`§2.1 IPv${family}: a body of fixed size that is cut anywhere is malformed; bytes behind it are ignored`, () => {
    for (const [type, fields] of [
      [2, "00000001 00000002 00000003"],
      [3, "00000001"],
      [4, "00000001"],
      [5, "00000001"],
      [6, "00000001 00000002 00000003 00000004"],
    ] as const) {
      const whole = packet(type, `${text} ${fields}`);
      for (let length = 8; length < whole.length; length++) {
        const expected = { kind: "malformed", reason: "too short", offset: length };
        assert.deepEqual(decodeMessage(whole.subarray(0, length), family), expected);
      }
      const longer = packet(type, `${text} ${fields} 010203`);
      assert.deepEqual(decodeMessage(longer, family), decodeMessage(whole, family));
    }
  });
}

test("§2.2: the bits M and m and the 30 bits of SyncSN", () => {
  for (const [flags, leader, more, syncSn] of [
    ["80000000", true, false, 0],
    ["40000000", false, true, 0],
    ["3fffffff", false, false, 0x3fffffff],
    ["ffffffff", true, true, 0x3fffffff],
  ] as const) {
    bothWays(packet(1, `00000001 00000002 00000003 ${flags}`), 4, {
      kind: "sync",
      ...BOOT,
      mySsn: sequenceNumber(1),
      neighborSsn: sequenceNumber(2),
      neighborBootTime: bootTime(3),
      leader,
      syncSn,
      part: more ? { more, entries: [] } : { more, options: {} },
    });
  }
});

test("§2.1: the fixed part of a Sync that is cut is malformed", () => {
  const whole = packet(1, "00000001 00000002 00000003 80000000");
  for (let length = 8; length < whole.length; length++)
    isRefused(whole.subarray(0, length), "too short", length);
});

test("§2.1: another version is malformed", () => {
  for (const versionAndType of ["10", "20", "86", "f0"])
    isRefused(hex(`fedcba98 ${versionAndType} 0000 00 00010002001e`), "unknown version", 4);
});

test("§2.1: types 7 to 15 are malformed", () => {
  for (const type of "789abcdef")
    isRefused(hex(`fedcba98 0${type} 0000 00 00010002001e`), "unknown type", 4);
});

test("P2: faults behind a signature are told by their place in the packet", () => {
  isRefused(hex("fedcba98 04 0001 02 aabb 0a01"), "too short", 12);
  isRefused(hex("fedcba98 00 0001 02 aabb 0001"), "truncated option", 10);
});

test("§6.3: SyncSN beyond 30 bits, or a field beyond its size, is a bug of ours and throws", () => {
  const sync = {
    kind: "sync",
    ...BOOT,
    mySsn: sequenceNumber(1),
    neighborSsn: sequenceNumber(2),
    neighborBootTime: bootTime(3),
    leader: true,
    syncSn: 2 ** 30,
    part: { more: false, options: {} },
  } as const;
  assert.throws(() => encodeMessage(sync, null), /bug: SyncSN/);
  const ssn = sequenceNumber(2 ** 32);
  assert.throws(() => encodeMessage({ ...sync, syncSn: 0, mySsn: ssn }, null), /bug: .* no u32/);
  const hello = { kind: "hello", ...BOOT, options: { holdTimeSeconds: 65_536 } } as const;
  assert.throws(() => encodeMessage(hello, null), /bug: 65536 is no u16/);
  const room = { identifier: 1, lengthBytes: 256 };
  assert.throws(() => encodeMessage({ ...sync, syncSn: 0 }, room), /bug: 256 is no u8/);
});
