// The file of a recording: whole lines in order, for its owner only, and never in the way of the daemon.
import assert from "node:assert/strict";
import { pbkdf2 } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { RecordingFile } from "../../src/daemon/recording/recording-file.ts";
import { until } from "../support/until.ts";
import { directory } from "./served-daemon.ts";

const noFailure = (why: string): void => assert.fail(why);
const lines = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `{"line":${i},"é":"${"x".repeat(i % 200)}"}`);

const derive = promisify(pbkdf2);

/** Keeps all threads that write files at work for a while. */
const occupyThreads = (): Promise<unknown> =>
  Promise.all(Array.from({ length: 8 }, () => derive("", "", 100_000, 1, "sha256")));

test("lines reach the file by themselves; it is its owner's only", async (t) => {
  const path = join(directory(t), "recording");
  const file = new RecordingFile(path, noFailure);
  file.write("one");
  file.write("two");
  await until("they are there", async () => readFileSync(path, "utf8") === "one\ntwo\n");
  file.write("three");
  await until("and more", async () => readFileSync(path, "utf8") === "one\ntwo\nthree\n");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  file.close();
});

test("all lines are there, each once and in order, when it is closed, whatever is on its way", async (t) => {
  const large = "x".repeat(2 ** 20);
  const small = lines(20_000);
  const written = [...small, large, "the last"];
  const smallBytes = Buffer.byteLength(`${small.join("\n")}\n`);
  const path = join(directory(t), "recording");
  const file = new RecordingFile(path, noFailure);
  let busy: Promise<unknown> | undefined;
  for (const [i, line] of written.entries()) {
    if (line === large) {
      await until("the large one is next", async () => statSync(path).size === smallBytes);
      busy = occupyThreads();
    }
    file.write(line);
    if (i % 1_000 === 0) await setImmediate();
  }
  file.close();
  file.write("too late");
  file.close();
  const text = `${written.join("\n")}\n`;
  assert.ok(readFileSync(path, "utf8") === text);
  // What was on its way still arrives.
  await busy;
  await derive("", "", 1, 1, "sha256");
  assert.ok(readFileSync(path, "utf8") === text);
});

test("what is there already stays as it is", (t) => {
  const path = join(directory(t), "recording");
  writeFileSync(path, "precious");
  assert.throws(() => new RecordingFile(path, noFailure), { code: "EEXIST" });
  assert.equal(readFileSync(path, "utf8"), "precious");
});

test("a recording of nothing leaves no file", (t) => {
  const path = join(directory(t), "recording");
  new RecordingFile(path, noFailure).close();
  assert.equal(existsSync(path), false);
});

test("a disk that falls too far behind ends the recording, and says so once", (t) => {
  const path = join(directory(t), "recording");
  const failures: string[] = [];
  const file = new RecordingFile(path, (why) => failures.push(why));
  const large = "x".repeat(2 ** 25);
  for (let n = 0; n < 5; n++) file.write(large);
  assert.deepEqual(failures, ["the disk is too slow"]);
  file.close();
});
