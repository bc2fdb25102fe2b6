// How many trees a Sync carries.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Family } from "../../src/base/address.ts";
import { ip } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import { syncCapacity, syncEntryBytes } from "../../src/core/sync-capacity.ts";
import { encodeMessage } from "../../src/wire/hpim.ts";

test("§6.3: trees per Sync on a link with MTU 1500", () => {
  assert.equal(syncCapacity(1500, 4, 0), 91);
  assert.equal(syncCapacity(1500, 6, 0), 35);
  assert.equal(syncCapacity(1500, 4, 20), 89);
  assert.equal(syncCapacity(1500, 6, 20), 35);
});

test("§6.3: at least one tree, however small the MTU", () => {
  for (const mtuBytes of [0, 68, 128]) {
    assert.equal(syncCapacity(mtuBytes, 4, 64), 1);
    assert.equal(syncCapacity(mtuBytes, 6, 64), 1);
  }
});

test("§6.3: a larger MTU than a datagram can fill does not count (B34)", () => {
  assert.equal(syncCapacity(65_536, 4, 0), 4093);
  assert.equal(syncCapacity(1_000_000, 4, 0), 4093);
  assert.equal(syncCapacity(1_000_000, 6, 0), 1636);
});

/** Bytes of the IP datagram of a Sync with this many trees. */
function datagramBytes(family: Family, trees: number, signatureBytes: number): number {
  const entry = {
    source: family === 4 ? ip("10.1.1.1") : ip("2001:db8::1"),
    group: family === 4 ? ip("239.1.1.1") : ip("ff0e::1"),
    rpc: { preference: 1, metric: 2 },
  };
  const message = {
    kind: "sync",
    bootTime: bootTime(1),
    mySsn: sequenceNumber(1),
    neighborSsn: sequenceNumber(1),
    neighborBootTime: bootTime(1),
    leader: true,
    syncSn: 0,
    part: { more: true, entries: new Array<typeof entry>(trees).fill(entry) },
  } as const;
  const room = signatureBytes === 0 ? null : { identifier: 1, lengthBytes: signatureBytes };
  return (family === 4 ? 20 : 40) + encodeMessage(message, room).length;
}

test("§6.3: a full Sync fits the MTU, and one more tree would not", () => {
  for (const family of [4, 6] as const) {
    for (const signatureBytes of [0, 16, 20, 64]) {
      for (let mtuBytes = 1280; mtuBytes < 1280 + syncEntryBytes(family); mtuBytes++) {
        const trees = syncCapacity(mtuBytes, family, signatureBytes);
        assert.ok(datagramBytes(family, trees, signatureBytes) <= mtuBytes);
        assert.ok(datagramBytes(family, trees + 1, signatureBytes) > mtuBytes);
      }
    }
  }
});
