// hpim-dm lab as people run it: a daemon started in a node is the node's own, and exit codes come through.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import { openLab } from "../../src/lab/lab.ts";
import { runCommand } from "../support/command.ts";
import { needsRoot } from "../support/namespace.ts";

const PAIR = fileURLToPath(new URL("../../../topologies/pair.yaml", import.meta.url));

/** The name of a lab of two routers, which goes when the test ends. */
async function upPair(t: TestContext): Promise<string> {
  const name = `hpt-${process.pid}-cli`;
  t.after(() => runCommand("lab", "down", "--name", name));
  assert.equal((await runCommand("lab", "up", PAIR, "--name", name)).code, 0);
  return name;
}

test(
  "lab exec: the node's own daemon is asked, stopped and started; exit codes come through",
  needsRoot,
  async (t) => {
    const name = await upPair(t);
    const inR1 = (...words: readonly string[]) =>
      runCommand("lab", "exec", "R1", "--name", name, "--", ...words);
    const files = daemonFilesOf(openLab(name), "R1");
    const before = readFileSync(files.log, "utf8").length;
    assert.equal((await inR1("hpim-dm", "stop")).code, 0);
    assert.equal((await inR1("hpim-dm", "show", "trees")).code, 3);
    const started = await inR1("hpim-dm", "start", "--config", files.configuration);
    assert.deepEqual([started.code, started.err], [0, ""]);
    assert.match(started.out, new RegExp(`its log is ${files.log}\\.`));
    assert.ok(existsSync(files.socket));
    assert.ok(readFileSync(files.log, "utf8").length > before);

    assert.equal((await inR1("sh", "-c", "exit 42")).code, 42);
    assert.equal((await inR1("sh", "-c", "kill -TERM $$")).code, 128 + 15);
  },
);

for (const words of [
  ["send", "Source", "10.1.1.1", "--rate", "10", "--count", "1"],
  ["send", "Source", "nobody", "--rate", "10", "--count", "1"],
  ["send", "Source", "224.1.1.1", "--rate", "10", "--count", "1.5"],
  ["send", "Source", "224.1.1.1", "--rate", "10", "--count", "1", "--ttl", "300"],
  ["send", "Source", "224.1.1.1", "--rate", "10", "--count", "1", "--size", "70000"],
  ["receive", "Client", "224.1.1"],
]) {
  test(`wrong usage ends with 2 and says what is expected: hpim-dm lab ${words.join(" ")}`, async () => {
    const { code, err } = await runCommand("lab", ...words);
    assert.equal(code, 2);
    assert.match(err, /is invalid.* Expected /);
  });
}
