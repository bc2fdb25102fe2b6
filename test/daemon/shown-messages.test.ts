// Messages that are shown: a sentence and fields of each type; and that a recording does not differ by it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import type { SequenceNumber } from "../../src/base/units.ts";
import { bootTime, interfaceIndex, sequenceNumber } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import { recorded } from "../../src/daemon/recording/recorded.ts";
import type { Shown, ShownMessage } from "../../src/daemon/shown-messages.ts";
import { groupsOf, shownLine } from "../../src/daemon/shown-messages.ts";
import type { GroupRecord, IgmpMessage } from "../../src/membership/messages.ts";
import { Replay } from "../../src/sim/replay/replay.ts";
import {
  arriving,
  ETH1,
  ETH2,
  hello,
  on,
  rig,
  SOURCE,
  tellRoutes,
  upcallOf,
} from "./engine-rig.ts";

const sn = (n: number): SequenceNumber => sequenceNumber(n);
const TREE = { source: ip("10.1.1.100"), group: ip("239.1.1.1") };
const BOOT = { bootTime: bootTime(7) };

const nameOf = (index: number): string => `eth${index}`;
const linesOf = (shown: ShownMessage) => shownLine(shown, nameOf);

const heard = (message: Message): ShownMessage => ({
  ...{ kind: "received", interface: interfaceIndex(1), sender: ip("10.2.2.2") },
  ...{ protocol: "HPIM-DM", message },
});
const heardIgmp = (message: IgmpMessage): ShownMessage => ({
  ...{ kind: "received", interface: interfaceIndex(1), sender: ip("10.2.2.2") },
  ...{ protocol: "IGMP", message },
});

test("an HPIM-DM message has its type, words and fields; of the trees of a Sync their number", () => {
  const entry = { ...TREE, rpc: { preference: 11, metric: 20 } };
  const { fields, sentence } = linesOf(
    heard({
      ...{ kind: "sync", ...BOOT, mySsn: sn(3), neighborSsn: sn(4), neighborBootTime: bootTime(8) },
      ...{ leader: true, syncSn: 2, part: { more: true, entries: [entry, entry] } },
    }),
  );
  assert.equal(
    sentence,
    "Received on eth1 from 10.2.2.2: Sync SyncSN 2, leader, trees: 2, MySSN 3, NeighborSSN 4, NeighborBootTime 8, BootTime 7.",
  );
  assert.deepEqual(fields, {
    ...{ kind: "received", interface: 1, sender: ip("10.2.2.2"), protocol: "HPIM-DM" },
    ...{ type: "Sync", ...BOOT, mySnapshotSn: 3, neighborSnapshotSn: 4, neighborBootTime: 8 },
    ...{ master: true, more: true, syncSn: 2, treeCount: 2 },
  });
});

const record = (n: number, sources = 0): GroupRecord => ({
  ...{ type: "toExclude", group: ip(`239.1.1.${n}`) },
  sources: Array.from({ length: sources }, () => ip("10.1.1.1")),
});

test("each IGMP message has a sentence, however many records it has", () => {
  const group = ip("239.1.1.1");
  const many = Array.from({ length: 200 }, (_, n) => record(n + 1));
  const cases: readonly (readonly [IgmpMessage, RegExp])[] = [
    [
      { kind: "query", version: 2, group: null, maxResponseTenths: 100 },
      /IGMPv2 query of all groups, answers within 10s\.$/,
    ],
    [
      { kind: "query", version: 3, group, maxResponseTenths: 5 },
      /IGMPv3 query 239\.1\.1\.1, answers within 0\.5s\.$/,
    ],
    [{ kind: "report", version: 1, group }, /IGMPv1 report 239\.1\.1\.1\.$/],
    [{ kind: "leave", group }, /IGMPv2 leave 239\.1\.1\.1\.$/],
    [
      { kind: "version3Report", records: [record(1), record(2, 3)] },
      /IGMPv3 report 239\.1\.1\.1 toExclude, 239\.1\.1\.2 toExclude of 3 sources\.$/,
    ],
    [{ kind: "version3Report", records: many }, /239\.1\.1\.16 toExclude, 184 more records\.$/],
  ];
  for (const [message, sentence] of cases) {
    assert.match(linesOf(heardIgmp(message)).sentence, sentence);
  }
  assert.equal(groupsOf(heardIgmp({ kind: "version3Report", records: many })).length, 200);
  assert.deepEqual(
    groupsOf(heardIgmp({ kind: "query", version: 2, group: null, maxResponseTenths: 1 })),
    [],
  );
});

test("what is sent says to whom, and whether that was done before", () => {
  const message: Message = { kind: "interest", ...TREE, ...BOOT, sn: sn(5) };
  const { fields, sentence } = linesOf({
    ...{ kind: "sent", interface: interfaceIndex(2), destination: ip("10.2.2.2"), again: true },
    ...{ protocol: "HPIM-DM", message },
  });
  assert.equal(
    sentence,
    "Sent again on eth2 to 10.2.2.2: Interest (10.1.1.100, 239.1.1.1), SN 5, BootTime 7.",
  );
  assert.deepEqual(fields, {
    ...{ kind: "sent", interface: 2, destination: ip("10.2.2.2"), again: true },
    ...{ protocol: "HPIM-DM", type: "Interest", ...BOOT, sn: 5 },
    ...{ treeSource: "10.1.1.100", treeGroup: "239.1.1.1" },
  });
});

/** What an engine takes in and does, as a recording; `take`: who sees its messages. */
function recordingOf(take: ((shown: Shown) => void) | null): readonly string[] {
  const lines: string[] = [];
  const about = { program: "test", time: "2026-01-01T00:00:00.000Z" };
  const made = rig(on("hpim", "eth1", "eth2"), [], (options) =>
    recorded(options, about, (line) => lines.push(line)),
  );
  made.engine.showMessages(take);
  made.engine.handle({ kind: "links", links: [ETH1, ETH2] });
  tellRoutes(made);
  made.engine.handle(arriving(hello(35)));
  made.engine.handle(arriving(Uint8Array.of(1)));
  made.engine.handle({ kind: "upcalls", upcalls: [upcallOf(SOURCE)] });
  made.engine.handle({ kind: "configure", configuration: on("igmp", "eth1") });
  return lines;
}

test("who sees the messages of a daemon changes nothing of its recording, nor of a replay", () => {
  const shown: Shown[] = [];
  const lines = recordingOf((message) => shown.push(message));
  assert.ok(shown.some(({ kind }) => kind === "drop"));
  assert.ok(shown.some(({ kind, protocol }) => kind === "received" && protocol === "HPIM-DM"));
  assert.ok(shown.some(({ kind, protocol }) => kind === "sent" && protocol === "HPIM-DM"));
  assert.ok(shown.some(({ kind, protocol }) => kind === "sent" && protocol === "IGMP"));
  assert.deepEqual(lines, recordingOf(null));
  const replay = new Replay(lines, () => undefined);
  assert.equal(replay.run().kind, "same");
});
