// The log: what a line holds, what a flood of notices leaves, and a disk that is full.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { test } from "node:test";
import { logLineSchema } from "../../src/api/log-line.ts";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import type { LogLevels } from "../../src/daemon/configuration.ts";
import { logLevels } from "../../src/daemon/configuration.ts";
import type { SingleDrop } from "../../src/daemon/drops.ts";
import { EventStreams } from "../../src/daemon/event-streams.ts";
import { logOn, NoticeLog } from "../../src/daemon/log.ts";
import type { DaemonNotice } from "../../src/daemon/notices.ts";

interface Line {
  readonly kind: string;
  readonly level: string;
  readonly subsystem: string;
  readonly msg: string;
  readonly interface?: string;
  readonly group?: string;
  readonly of?: string;
  readonly omitted?: number;
}

interface Recorded {
  readonly log: NoticeLog;
  readonly lines: Line[];
  /** Whether messages are asked for. */
  readonly wantsMessages: () => boolean;
}

function recorded(levels: LogLevels = logLevels("info")): Recorded {
  const lines: Line[] = [];
  let isWanted = false;
  const log = new NoticeLog({
    output: { write: (line) => lines.push(JSON.parse(line)) },
    streams: new EventStreams(),
    nameOf: (index) => `eth${index}`,
    showMessages: (take) => {
      isWanted = take !== null;
    },
  });
  log.setLevels(levels);
  return { log, lines, wantsMessages: () => isWanted };
}

const joined: DaemonNotice = {
  ...{ kind: "group", interface: interfaceIndex(1), group: ip("239.1.1.1"), members: true },
};
const other: DaemonNotice = {
  ...{ kind: "dropped", interface: interfaceIndex(1), protocol: "IGMP", count: 3 },
  ...{ reason: "wrong checksum", sender: ip("10.1.1.9") },
};

test("what is below the level is not in the log, and not counted as left out", () => {
  const { log, lines } = recorded(logLevels("warn"));
  for (let i = 0; i < 200; i++) log.write(joined);
  log.write(other);
  log.endInterval();
  assert.deepEqual(
    lines.map(({ msg }) => msg.slice(0, 8)),
    ["On eth1,"],
  );
});

test("each subsystem has its level, or that of all", () => {
  const { log, lines } = recorded(logLevels("error", { membership: "info", drops: "warn" }));
  for (const notice of [joined, other, tree, { ...other, reason: "not enabled" } as const]) {
    log.write(notice);
  }
  assert.deepEqual(
    lines.map(({ subsystem, kind }) => [subsystem, kind]),
    [
      ["membership", "group"],
      ["drops", "dropped"],
    ],
  );
});

test("messages, and each drop, are asked for at the level debug alone", () => {
  assert.equal(recorded().wantsMessages(), false);
  assert.equal(recorded(logLevels("debug")).wantsMessages(), true);
  assert.equal(recorded(logLevels("warn", { messages: "debug" })).wantsMessages(), true);
  assert.equal(recorded(logLevels("warn", { drops: "debug" })).wantsMessages(), true);
  const { log, wantsMessages } = recorded(logLevels("debug", { messages: "info", drops: "info" }));
  assert.equal(wantsMessages(), false);
  log.setLevels(logLevels("debug"));
  assert.equal(wantsMessages(), true);
  log.setLevels(logLevels("info"));
  assert.equal(wantsMessages(), false);
});

test("every line keeps to the schema of events", () => {
  const { log, lines } = recorded();
  const failed: DaemonNotice = {
    ...{ kind: "callFailed", interface: null },
    failure: { syscall: "sendto", errno: "ENOBUFS", message: "sendto failed with ENOBUFS" },
  };
  const querier: DaemonNotice = {
    ...{ kind: "version1Router", interface: interfaceIndex(1), router: ip("10.1.1.9") },
  };
  for (let i = 0; i < 101; i++) log.write(joined);
  for (const notice of [other, tree, failed, querier]) log.write(notice);
  log.endInterval();
  const own: Line[] = [];
  logOn({ write: (line) => own.push(JSON.parse(line)) }, new EventStreams()).own.fatal("The end.");
  assert.equal(lines.length, 105);
  for (const line of [...lines, ...own]) logLineSchema.parse(line);
  assert.equal(own[0]?.subsystem, "daemon");
  const { router } = lines[103] as Line & { readonly router?: string };
  assert.equal(router, "10.1.1.9");
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
      [
        "warn",
        "On eth1, 3 IGMP messages were dropped, the last one from 10.1.1.9: wrong checksum.",
      ],
      ["warn", "On eth1, one datagram was dropped: too short."],
      ["info", "On eth1, one IGMP message from 10.1.1.9 was dropped: not enabled."],
    ],
  );
});

test("a single drop has a line at the level debug, with its sender, as far as that is known", () => {
  const drop: SingleDrop = {
    ...{ kind: "drop", interface: interfaceIndex(1), protocol: "IGMP" },
    ...{ reason: "wrong checksum", sender: ip("10.1.1.9") },
  };
  const { log, lines } = recorded(logLevels("info", { drops: "debug" }));
  log.write(drop);
  log.write({ ...drop, protocol: "IPv4", reason: "too short", sender: null });
  assert.deepEqual(
    lines.map(({ level, subsystem, msg }) => [level, subsystem, msg]),
    [
      ["debug", "drops", "Dropped on eth1 from 10.1.1.9: IGMP message, wrong checksum."],
      ["debug", "drops", "Dropped on eth1: datagram, too short."],
    ],
  );
  log.setLevels(logLevels("info"));
  log.write(drop);
  assert.equal(lines.length, 2);
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
    reasons.map(() => "warn"),
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
  const module = new URL("../../src/daemon/log-output.js", import.meta.url);
  const script = `
    import { standardError } from ${JSON.stringify(module.href)};
    for (let i = 0; i < 3; i++) standardError().write("a line\\n");
    console.log("goes on");`;
  const words = ["--input-type=module", "--eval", script];
  const { stdout } = spawnSync(process.execPath, words, { stdio: ["ignore", "pipe", fd] });
  closeSync(fd);
  assert.equal(String(stdout), "goes on\n");
});
