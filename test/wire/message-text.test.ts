// A message as fields and as words: each type, each option that may be missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import type { SequenceNumber } from "../../src/base/units.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message, Sync } from "../../src/core/messages.ts";
import { messageFields, messageWords } from "../../src/wire/message-text.ts";

const sn = (n: number): SequenceNumber => sequenceNumber(n);
const TREE = { source: ip("10.1.1.100"), group: ip("239.1.1.1") };
const BOOT = { bootTime: bootTime(7) };
const RPC = { preference: 11, metric: 20 };
const SYNC: Omit<Sync, "part"> = {
  ...{ kind: "sync", ...BOOT, mySsn: sn(3), neighborSsn: sn(4), neighborBootTime: bootTime(8) },
  ...{ leader: true, syncSn: 2 },
};

const TREE_FIELDS = { treeSource: "10.1.1.100", treeGroup: "239.1.1.1" };
const SYNC_FIELDS = {
  ...{ type: "Sync", bootTime: 7, mySnapshotSn: 3, neighborSnapshotSn: 4, neighborBootTime: 8 },
  syncSn: 2,
};

const MESSAGES: readonly (readonly [Message, object, string])[] = [
  [
    { kind: "hello", ...BOOT, options: { holdTimeSeconds: 40, checkpointSn: sn(9) } },
    { type: "Hello", bootTime: 7, holdTime: 40, checkpointSn: 9 },
    "HoldTime 40 s, CheckpointSN 9, BootTime 7",
  ],
  [
    { kind: "hello", ...BOOT, options: { holdTimeSeconds: 1, holdTimeMillis: 400 } },
    { type: "Hello", bootTime: 7, holdTime: 1, holdTimeMillis: 400 },
    "HoldTime 1 s, HoldTimeMillis 400, BootTime 7",
  ],
  [
    { kind: "hello", ...BOOT, options: { holdTimeSeconds: 0 } },
    { type: "Hello", bootTime: 7, holdTime: 0 },
    "HoldTime 0 s, goodbye, BootTime 7",
  ],
  [
    { ...SYNC, part: { more: true, entries: [{ ...TREE, rpc: RPC }] } },
    { ...SYNC_FIELDS, master: true, more: true },
    "SyncSN 2, leader, trees: 1, MySSN 3, NeighborSSN 4, NeighborBootTime 8, BootTime 7",
  ],
  [
    { ...SYNC, leader: false, part: { more: false, options: { holdTimeSeconds: 40 } } },
    { ...SYNC_FIELDS, master: false, more: false, holdTime: 40 },
    "SyncSN 2, not leader, no more trees, HoldTime 40 s, MySSN 3, NeighborSSN 4, NeighborBootTime 8, BootTime 7",
  ],
  [
    { ...SYNC, part: { more: false, options: {} } },
    { ...SYNC_FIELDS, master: true, more: false },
    "SyncSN 2, leader, no more trees, MySSN 3, NeighborSSN 4, NeighborBootTime 8, BootTime 7",
  ],
  [
    { kind: "iamUpstream", ...TREE, ...BOOT, sn: sn(5), rpc: RPC },
    { type: "IamUpstream", bootTime: 7, ...TREE_FIELDS, sn: 5, ...RPC },
    "(10.1.1.100, 239.1.1.1), RPC 11/20, SN 5, BootTime 7",
  ],
  [
    { kind: "iamNoLongerUpstream", ...TREE, ...BOOT, sn: sn(5) },
    { type: "IamNoLongerUpstream", bootTime: 7, ...TREE_FIELDS, sn: 5 },
    "(10.1.1.100, 239.1.1.1), SN 5, BootTime 7",
  ],
  [
    { kind: "interest", ...TREE, ...BOOT, sn: sn(5) },
    { type: "Interest", bootTime: 7, ...TREE_FIELDS, sn: 5 },
    "(10.1.1.100, 239.1.1.1), SN 5, BootTime 7",
  ],
  [
    { kind: "noInterest", ...TREE, ...BOOT, sn: sn(5) },
    { type: "NoInterest", bootTime: 7, ...TREE_FIELDS, sn: 5 },
    "(10.1.1.100, 239.1.1.1), SN 5, BootTime 7",
  ],
  [
    {
      ...{ kind: "ack", ...TREE, ...BOOT, neighborBootTime: bootTime(8) },
      ...{ neighborSsn: sn(4), mySsn: sn(3), neighborSn: sn(5) },
    },
    {
      ...{ type: "Ack", bootTime: 7, ...TREE_FIELDS, neighborBootTime: 8 },
      ...{ neighborSnapshotSn: 4, mySnapshotSn: 3, sn: 5 },
    },
    "(10.1.1.100, 239.1.1.1), NeighborSN 5, NeighborBootTime 8, MySSN 3, NeighborSSN 4, BootTime 7",
  ],
];

for (const [message, fields, words] of MESSAGES) {
  test(`§2.2: ${message.kind}: ${words}`, () => {
    assert.deepEqual(JSON.parse(JSON.stringify(messageFields(message))), fields);
    assert.equal(messageWords(message).join(", "), words);
  });
}
