// The forms of the log: JSON in a file, sentences in a terminal, priorities for journald.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { forJournal, forTerminal } from "../../src/daemon/log-output.ts";
import { directory } from "./served-daemon.ts";

const LINE = `${JSON.stringify({
  ...{ level: "warn", time: "2026-11-30T17:26:50.636Z", subsystem: "neighbors" },
  ...{ kind: "neighborFailed", interface: "eth1", neighbor: "10.1.1.2", why: "no acknowledgement" },
  ...{ count: 3, failure: { errno: "EIO" }, msg: "Neighbor 10.1.1.2 on eth1 is gone." },
})}\n`;
const BUG = `${JSON.stringify({
  ...{ level: "fatal", time: "2026-11-30T17:26:50.636Z", subsystem: "daemon" },
  ...{ err: { stack: "Error: x\n    at y" }, msg: "A bug." },
})}\n`;

test("a terminal gets time, level and sentence; of a bug, where it was met", () => {
  assert.equal(
    forTerminal(LINE),
    "2026-11-30T17:26:50.636Z  warn   Neighbor 10.1.1.2 on eth1 is gone.\n",
  );
  assert.equal(forTerminal(BUG), "2026-11-30T17:26:50.636Z  fatal  A bug.\nError: x\n    at y\n");
  for (const other of ["not ours\n", "7\n", "null\n", '{"a":1}\n']) {
    assert.equal(forTerminal(other), other);
  }
});

test("journald gets the priority in each line, and the fields behind the sentence", () => {
  assert.equal(
    forJournal(LINE),
    '<4>Neighbor 10.1.1.2 on eth1 is gone. subsystem=neighbors kind=neighborFailed interface=eth1 neighbor=10.1.1.2 why="no acknowledgement" count=3 failure="{\\"errno\\":\\"EIO\\"}"\n',
  );
  assert.equal(forJournal(BUG), "<2>A bug. subsystem=daemon\n<2>Error: x\n<2>    at y\n");
  const priorities = ["error", "info", "debug", "other"].map((level) =>
    forJournal(`${JSON.stringify({ level, msg: "x" })}\n`).slice(0, 3),
  );
  assert.deepEqual(priorities, ["<3>", "<6>", "<7>", "<6>"]);
});

const MODULE = new URL("../../src/daemon/log-output.js", import.meta.url);
const SCRIPT = `
  import { standardError } from ${JSON.stringify(MODULE.href)};
  standardError().write(${JSON.stringify(LINE)});`;
const WORDS = ["--input-type=module", "--eval", SCRIPT];

for (const [where, streamOf, form] of [
  ["the journal's stream", (dev: number, ino: number) => `${dev}:${ino}`, forJournal(LINE)],
  ["another stream than the journal's", (dev: number, ino: number) => `${dev}:${ino + 1}`, LINE],
  ["a file, and there is no journal", () => "", LINE],
] as const) {
  test(`the standard error output is ${where}`, (t) => {
    const file = join(directory(t), "output");
    const fd = openSync(file, "w");
    const { dev, ino } = fstatSync(fd);
    const env = { ...process.env, JOURNAL_STREAM: streamOf(dev, ino) };
    const { status } = spawnSync(process.execPath, WORDS, { stdio: ["ignore", "ignore", fd], env });
    closeSync(fd);
    assert.equal(status, 0);
    assert.equal(readFileSync(file, "utf8"), form);
  });
}

test("the standard error output is a terminal", (t) => {
  const file = join(directory(t), "typescript");
  const command = [process.execPath, ...WORDS].map((word) => `'${word}'`).join(" ");
  const { stdout, status } = spawnSync("script", ["-qec", command, file], {
    ...{ encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  });
  assert.equal(status, 0);
  assert.equal(stdout.replaceAll("\r\n", "\n"), forTerminal(LINE));
});
