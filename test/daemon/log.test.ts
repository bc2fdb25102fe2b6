// The log: what a line holds, what a flood of notices leaves, and a disk that is full.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { test } from "node:test";
import { pino } from "pino";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import type { LogLevel } from "../../src/daemon/configuration.ts";
import { NoticeLog } from "../../src/daemon/log.ts";
import type { DaemonNotice } from "../../src/daemon/notices.ts";
import type { NameOf } from "../../src/daemon/reasons.ts";

interface Line {
  readonly kind: string;
  readonly level: number;
  readonly msg: string;
  readonly interface?: string;
  readonly group?: string;
  readonly of?: string;
  readonly omitted?: number;
}

function recorded(level: LogLevel = "info"): { readonly log: NoticeLog; readonly lines: Line[] } {
  const lines: Line[] = [];
  const logger = pino({ base: null }, { write: (line) => lines.push(JSON.parse(line)) });
  const nameOf: NameOf = (index) => `eth${index}`;
  return { log: new NoticeLog(logger, { nameOf, level: () => level }), lines };
}

const joined: DaemonNotice = {
  ...{ kind: "group", interface: interfaceIndex(1), group: ip("239.1.1.1"), members: true },
};
const other: DaemonNotice = {
  ...{ kind: "dropped", interface: interfaceIndex(1), protocol: "IGMP", count: 3 },
  ...{ reason: "wrong checksum", sender: ip("10.1.1.9") },
};

test("what is below the level is not in the log, and not counted as left out", () => {
  const { log, lines } = recorded("warn");
  for (let i = 0; i < 200; i++) log.write(joined);
  log.write(other);
  log.endInterval();
  assert.deepEqual(
    lines.map(({ msg }) => msg.slice(0, 8)),
    ["On eth1,"],
  );
});

test("a line has the fields of its notice as people write them, and its sentence", () => {
  const { log, lines } = recorded();
  log.write(joined);
  const [line] = lines;
  assert.deepEqual([line?.interface, line?.group], ["eth1", "239.1.1.1"]);
  assert.equal(line?.msg, "239.1.1.1 has members on eth1.");
});

test("what was dropped is told with its sender; what harms nobody is no warning", () => {
  const { log, lines } = recorded();
  log.write(other);
  log.write({ ...other, protocol: "IPv4", reason: "too short", sender: null, count: 1 });
  log.write({ ...other, reason: "not enabled", count: 1 });
  assert.deepEqual(
    lines.map(({ level, msg }) => [level, msg]),
    [
      [40, "On eth1, 3 IGMP messages were dropped, the last one from 10.1.1.9: wrong checksum."],
      [40, "On eth1, one datagram was dropped: too short."],
      [30, "On eth1, one IGMP message from 10.1.1.9 was dropped: not enabled."],
    ],
  );
});

test("§3: what is dropped for its signature is a warning", () => {
  const { log, lines } = recorded();
  const reasons = [
    ...["not signed", "signed, but there are no keys", "unknown key identifier"],
    ...["wrong signature length", "wrong signature"],
  ] as const;
  for (const reason of reasons) log.write({ ...other, protocol: "HPIM-DM", reason });
  assert.deepEqual(
    lines.map(({ level }) => level),
    reasons.map(() => 40),
  );
});

const tree: DaemonNotice = {
  ...{ kind: "treeState", source: ip("10.1.1.9"), group: ip("239.1.1.1") },
  ...{ from: "INACTIVE", to: "ACTIVE" },
};

test("P7: a flood of one kind of notice becomes a line with their number, and hides no other kind or interface", () => {
  const { log, lines } = recorded();
  for (let i = 0; i < 5_000; i++) log.write(joined);
  for (let i = 0; i < 150; i++) log.write(tree);
  log.write(other);
  log.write({ ...joined, interface: interfaceIndex(2) });
  assert.equal(lines.length, 202);
  assert.deepEqual(
    lines.slice(200).map(({ kind, interface: name }) => [kind, name]),
    [
      ["dropped", "eth1"],
      ["group", "eth2"],
    ],
  );
  log.endInterval();
  assert.deepEqual(
    lines.slice(202).map(({ of, interface: name, omitted, msg }) => [of, name, omitted, msg]),
    [
      ["group", "eth1", 4_900, "4900 more notices of the kind group on eth1 are not in this log."],
      ["treeState", undefined, 50, "50 more notices of the kind treeState are not in this log."],
    ],
  );
  log.write(joined);
  assert.equal(lines.at(-1)?.kind, "group", "a new interval");
});

test("a log on a full disk loses lines, and nothing else", () => {
  const fd = openSync("/dev/full", "w");
  const module = new URL("../../src/daemon/log.js", import.meta.url);
  const script = `
    import { standardErrorLog } from ${JSON.stringify(module.href)};
    for (let i = 0; i < 3; i++) standardErrorLog().info({}, "a line");
    console.log("goes on");`;
  const words = ["--input-type=module", "--eval", script];
  const { stdout } = spawnSync(process.execPath, words, { stdio: ["ignore", "pipe", fd] });
  closeSync(fd);
  assert.equal(String(stdout), "goes on\n");
});
