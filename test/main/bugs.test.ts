// Bugs of ours that requests meet: the daemon ends, and its log says where. What else goes wrong is in the log too.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { directory } from "../daemon/served-daemon.ts";

const DRIVER = fileURLToPath(new URL("bug-driver.js", import.meta.url));

/** Asks, and returns when the answer has ended: whether it came whole. */
async function isAnswered(socketPath: string, method: string, path: string): Promise<boolean> {
  const asked = request({ socketPath, method, path, agent: false });
  const answered = once(asked, "response");
  asked.end();
  return answered
    .then(([response]) => text(response))
    .then(
      () => true,
      () => false,
    );
}

const TITLE =
  "what requests meet is in the log, a JSON object a line; a bug ends the daemon, and its recording is whole";

test(TITLE, { timeout: 60_000 }, async (t) => {
  const recording = join(directory(t), "recording");
  const child = spawn(process.execPath, [DRIVER, recording]);
  t.after(() => child.kill("SIGKILL"));
  const closed = once(child, "close");
  const logged = text(child.stderr);
  const [path] = await once(child.stdout, "data");
  assert.equal(await isAnswered(String(path), "GET", "/v1/mroute"), false);
  await isAnswered(String(path), "PUT", "/v1/interfaces/eth1/hpim");
  assert.equal((await closed)[0], 1);
  const lines = (await logged).trimEnd().split("\n");
  const [broken, bug, ...others] = lines.map((line) => JSON.parse(line));
  assert.equal(broken.msg, "for the test: recv failed with ENOBUFS");
  assert.equal(bug.level, "fatal");
  assert.match(bug.err.stack, /bug: for the test\n.*bug-driver/);
  assert.deepEqual(others, []);
  assert.equal(readFileSync(recording, "utf8"), `${"x".repeat(2 ** 20)}\nthe last line\n`);
});
