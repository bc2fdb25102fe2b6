// IGMP messages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import { fillChecksum } from "../../src/wire/checksum.ts";
import { decodeIgmp, encodeIgmp } from "../../src/wire/igmp.ts";
import { hex } from "../support/bytes.ts";

const GROUP = ip("239.1.2.3");

/** The message that `text` writes, its checksum field filled. */
function packet(text: string): Uint8Array {
  const bytes = hex(text);
  fillChecksum(bytes, 2);
  return bytes;
}

/** Decodes, and encodes to the same bytes. */
function bothWays(bytes: Uint8Array, message: IgmpMessage): void {
  assert.deepEqual(decodeIgmp(bytes), message);
  assert.deepEqual(encodeIgmp(message), bytes);
}

test("RFC 2236 §2: a General Query of version 2", () => {
  bothWays(hex("11 64 ee9b 00000000"), {
    kind: "query",
    version: 2,
    group: null,
    maxResponseTenths: 100,
  });
});

test("RFC 2236 §2: a Group-Specific Query of version 2; its response time is plain also above 127", () => {
  for (const tenths of [1, 10, 128, 255]) {
    bothWays(packet(`11 ${tenths.toString(16).padStart(2, "0")} 0000 ef010203`), {
      kind: "query",
      version: 2,
      group: GROUP,
      maxResponseTenths: tenths,
    });
  }
});

test("RFC 2236 §4 (G7): a query of 8 bytes with max response 0 is of version 1", () => {
  bothWays(hex("11 00 eeff 00000000"), {
    kind: "query",
    version: 1,
    group: null,
    maxResponseTenths: 0,
  });
});

test("RFC 3376 §7.1: a query of 12 bytes or more is of version 3, also with max response 0", () => {
  const query = { kind: "query", version: 3, group: GROUP } as const;
  bothWays(packet("11 64 0000 ef010203 00 00 0000"), { ...query, maxResponseTenths: 100 });
  bothWays(packet("11 00 0000 ef010203 00 00 0000"), { ...query, maxResponseTenths: 0 });
  const full = packet("11 0a 0000 ef010203 0a 7d 0002 0a010101 0a010102");
  assert.deepEqual(decodeIgmp(full), { ...query, maxResponseTenths: 10, keepsGroupTimer: true });
});

test("RFC 3376 §4.1.5, §6.6.1: the S flag, or sources, keep the group's timer", () => {
  const query = { kind: "query", version: 3, group: GROUP, maxResponseTenths: 10 } as const;
  bothWays(packet("11 0a 0000 ef010203 08 00 0000"), { ...query, keepsGroupTimer: true });
  bothWays(packet("11 0a 0000 ef010203 00 00 0000"), query);
  // QRV and the reserved bits are none of its business.
  assert.deepEqual(decodeIgmp(packet("11 0a 0000 ef010203 f7 7d 0000")), query);
  assert.deepEqual(decodeIgmp(packet("11 0a 0000 ef010203 00 00 0001 0a000001")), {
    ...query,
    keepsGroupTimer: true,
  });
});

test("RFC 3376 §4.1.1: Max Resp Code 128 and above is floating point", () => {
  for (const [code, tenths] of [
    [0x7f, 127],
    [0x80, 128],
    [0x8f, 31 * 8],
    [0x90, 16 * 16],
    [0xab, (0xb + 16) * 2 ** 5],
    [0xff, 31744],
  ] as const) {
    bothWays(packet(`11 ${code.toString(16)} 0000 00000000 00 00 0000`), {
      kind: "query",
      version: 3,
      group: null,
      maxResponseTenths: tenths,
    });
  }
});

test("RFC 3376 §4.1.1: a time that has no code is written as the next shorter one that has", () => {
  for (const [tenths, written] of [
    [135, 128],
    [257, 256],
    [40_000, 31_744],
  ] as const) {
    const query = { kind: "query", version: 3, group: null } as const;
    const decoded = decodeIgmp(encodeIgmp({ ...query, maxResponseTenths: tenths }));
    assert.deepEqual(decoded, { ...query, maxResponseTenths: written });
  }
});

test("RFC 3376 §7.1: a query of 9 to 11 bytes is malformed", () => {
  for (const rest of ["00", "0000", "000000"]) {
    const bytes = packet(`11 64 0000 00000000 ${rest}`);
    const expected = { kind: "malformed", reason: "too short", offset: bytes.length };
    assert.deepEqual(decodeIgmp(bytes), expected);
  }
});

test("RFC 3376 §4.1.8: a query of version 3 whose sources are cut is malformed", () => {
  const bytes = packet("11 64 0000 ef010203 00 00 0002 0a010101 0a0101");
  const expected = { kind: "malformed", reason: "truncated source list", offset: 12 };
  assert.deepEqual(decodeIgmp(bytes), expected);
});

test("RFC 1112, RFC 2236: reports and leaves", () => {
  bothWays(packet("12 00 0000 ef010203"), { kind: "report", version: 1, group: GROUP });
  bothWays(packet("16 00 0000 ef010203"), { kind: "report", version: 2, group: GROUP });
  bothWays(packet("17 00 0000 ef010203"), { kind: "leave", group: GROUP });
});

test("RFC 2236 §2.5: bytes behind the first eight are ignored, but in the checksum", () => {
  const longer = packet("16 00 0000 ef010203 0102");
  assert.deepEqual(decodeIgmp(longer), { kind: "report", version: 2, group: GROUP });
  assert.deepEqual(decodeIgmp(longer.subarray(0, 8)), {
    kind: "malformed",
    reason: "wrong checksum",
    offset: 2,
  });
});

test("RFC 2236 §2.3 (G4): the checksum covers messages of odd length", () => {
  const odd = packet("17 00 0000 ef010203 01");
  assert.deepEqual(decodeIgmp(odd), { kind: "leave", group: GROUP });
  odd.set([2], 8);
  assert.deepEqual(decodeIgmp(odd), { kind: "malformed", reason: "wrong checksum", offset: 2 });
});

test("RFC 3376 §4.2: all record types of a report of version 3", () => {
  const bytes = packet(
    `22 00 0000 0000 0006
     01 00 0001 ef010203 0a010101
     02 00 0000 ef010204
     03 00 0000 ef010203
     04 00 0002 ef010203 0a010101 0a010102
     05 00 0001 ef010203 0a010101
     06 00 0000 ef010203`,
  );
  const [first, second] = [ip("10.1.1.1"), ip("10.1.1.2")];
  bothWays(bytes, {
    kind: "version3Report",
    records: [
      { type: "isInclude", group: GROUP, sources: [first] },
      { type: "isExclude", group: ip("239.1.2.4"), sources: [] },
      { type: "toInclude", group: GROUP, sources: [] },
      { type: "toExclude", group: GROUP, sources: [first, second] },
      { type: "allowNewSources", group: GROUP, sources: [first] },
      { type: "blockOldSources", group: GROUP, sources: [] },
    ],
  });
  bothWays(packet("22 00 0000 0000 0000"), { kind: "version3Report", records: [] });
});

test("RFC 3376 §4.2.6, §4.2.11: auxiliary data and bytes behind the records are passed over", () => {
  const bytes = packet(
    "22 00 0000 0000 0002 04 02 0001 ef010203 0a010101 dddddddd dddddddd 06 01 0000 ef010204 dddddddd ee",
  );
  assert.deepEqual(decodeIgmp(bytes), {
    kind: "version3Report",
    records: [
      { type: "toExclude", group: GROUP, sources: [ip("10.1.1.1")] },
      { type: "blockOldSources", group: ip("239.1.2.4"), sources: [] },
    ],
  });
});

test("RFC 3376 §4.2.12: records of an unknown type are passed over", () => {
  const bytes = packet(
    "22 00 0000 0000 0003 00 00 0000 ef010203 07 01 0001 ef010203 0a010101 dddddddd 04 00 0000 ef010203",
  );
  assert.deepEqual(decodeIgmp(bytes), {
    kind: "version3Report",
    records: [{ type: "toExclude", group: GROUP, sources: [] }],
  });
});

test("RFC 3376 §4.2: a record that reaches beyond the packet is malformed", () => {
  for (const [records, offset] of [
    ["04 00 0000 ef0102", 8],
    ["04 00 0001 ef010203 0a0101", 8],
    ["04 01 0000 ef010203 dddddd", 8],
    ["04 00 0000 ef010203 09 00 0001 ef010203", 16],
    ["04 00 ffff ef010203 0a010101", 8],
    ["04 00 0000 ef010203", 16],
  ] as const) {
    const bytes = packet(`22 00 0000 0000 0002 ${records}`);
    const expected = { kind: "malformed", reason: "truncated group record", offset };
    assert.deepEqual(decodeIgmp(bytes), expected, records);
  }
});

test("G5: an unknown type is told apart from a fault", () => {
  for (const type of ["00", "13", "14", "1e", "ff"]) {
    const bytes = packet(`${type} 00 0000 ef010203`);
    assert.deepEqual(decodeIgmp(bytes), { kind: "malformed", reason: "unknown type", offset: 0 });
  }
});

test("RFC 2236 §2: fewer than 8 bytes are malformed", () => {
  const report = packet("16 00 0000 ef010203");
  for (let length = 0; length < 8; length++) {
    const expected = { kind: "malformed", reason: "too short", offset: length };
    assert.deepEqual(decodeIgmp(report.subarray(0, length)), expected);
  }
});

test("G8: a response time that the field cannot hold is a bug of ours and throws", () => {
  const query = { kind: "query", version: 2, group: null } as const;
  assert.throws(() => encodeIgmp({ ...query, maxResponseTenths: 256 }), /bug: 256 is no u8/);
  assert.throws(() => encodeIgmp({ ...query, maxResponseTenths: 0.5 }), /bug: 0.5 is no u8/);
});
