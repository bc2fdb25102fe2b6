// hpim-dm lab as people run it: a daemon started in a node is the node's own, and exit codes come through.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { known } from "../../src/base/invariant.ts";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import { openLab } from "../../src/lab/lab.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import { processesIn } from "../../src/lab/namespaces.ts";
import { whenDone } from "../support/cleanup.ts";
import { COMMAND, runCommand } from "../support/command.ts";
import { needsRoot } from "../support/namespace.ts";
import { until } from "../support/until.ts";

const PAIR = fileURLToPath(new URL("../../../topologies/pair.yaml", import.meta.url));

/** The name of a lab of two routers, which goes when the test ends. */
async function upPair(t: TestContext): Promise<string> {
  const name = `hpt-${process.pid}-cli`;
  whenDone(t, async () => {
    await runCommand("lab", "down", "--name", name);
  });
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

/** Runs a command that has a process in this node, which gets no further than this before `meanwhile`. */
async function frozen(
  [name, node]: readonly [lab: string, node: string],
  words: readonly string[],
  meanwhile: (command: number, inNode: number) => void,
): Promise<readonly [code: number | null, out: string, err: string]> {
  const child = spawn(process.execPath, [COMMAND, "lab", ...words, "--name", name]);
  const ended = once(child, "close");
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const before = processesIn([namespaceOf(name, node)]);
  let inNode: number | undefined;
  await until(`a process in ${node}`, () => {
    inNode = processesIn([namespaceOf(name, node)]).find((pid) => !before.includes(pid));
    return inNode !== undefined;
  });
  process.kill(known(inNode, "it runs"), "SIGSTOP");
  meanwhile(known(child.pid, "it runs"), known(inNode, "it runs"));
  const [code] = await ended;
  return [code, ...(await said)];
}

test(
  "send and receive come to their own end when told to before they are ready",
  needsRoot,
  async (t) => {
    const name = await upPair(t);
    const send = ["send", "Source", "224.1.1.1", "--rate", "1", "--count", "600"];
    const [code, , err] = await frozen([name, "Source"], send, (command, inNode) => {
      process.kill(command, "SIGINT");
      process.kill(inNode, "SIGKILL");
    });
    assert.deepEqual([code, err], [1, "hpim-dm: The sender at Source failed: \n"]);
    const receive = ["receive", "Client", "224.1.1.1"];
    const received = await frozen([name, "Client"], receive, (command, inNode) => {
      process.kill(command, "SIGTERM");
      process.kill(inNode, "SIGCONT");
    });
    const told =
      "Client has joined 224.1.1.1; Ctrl-C ends it.\nClient received nothing from 224.1.1.1.\n";
    assert.deepEqual(received, [0, told, ""]);
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
