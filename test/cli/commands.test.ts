// The command hpim-dm as a process: exit codes, sentences and tables.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { interfacesSchema } from "../../src/api/lists/interfaces.ts";
import { directory, serve } from "../daemon/served-daemon.ts";
import { COMMAND, runCommand, runProgram } from "../support/command.ts";

for (const words of [
  [],
  ["nonsense"],
  ["show", "nonsense"],
  ["interface", "add"],
  ["interface", "add", "eth0", "eth1"],
  ["interface", "add", ""],
  ["igmp", "remove", "a/b"],
  ["igmp", "join", "eth0"],
  ["igmp", "leave", "*", "239.1.2.3"],
  ["set", "hold-forwarding", "maybe"],
  ["set", "hello-period", "soon"],
  ["set", "hello-period", "5", "--interface", "e*"],
  ["key", "add", "eth0", "65536", "md5"],
  ["key", "add", "eth0", "1", "md9"],
  ["key", "add", "e*", "1", "md5"],
  ["key", "add", "eth0", "1", "md5", "--secret", "s", "--secret-file", "f"],
  ["key", "send", "eth0", "oldest"],
  ["config", "load"],
  ["start", "--nonsense"],
  ["log", "--level", "loud"],
  ["log", "--subsystem", "trees,cows"],
  ["log", "--group", "10.1.1.1"],
  ["show", "trees", "--limit", "0"],
  ["watch", "--interval", "0"],
]) {
  test(`wrong usage ends with 2: hpim-dm ${words.join(" ")}`, async () => {
    const { code, err } = await runCommand(...words);
    assert.equal(code, 2);
    assert.match(err, /help/);
  });
}

test("help and version end with 0", async () => {
  assert.match((await runCommand("--help")).out, /show a list of the daemon/);
  const { code, out } = await runCommand("--version");
  assert.equal(code, 0);
  assert.match(out, /^hpim-dm \d+\.\d+\.\d+\n$/);
});

test("a reader that has had enough is no error", async () => {
  const pipe = `set -o pipefail; "${process.execPath}" "${COMMAND}" --help | true`;
  assert.deepEqual(await runProgram("bash", ["-c", pipe]), { code: 0, out: "", err: "" });
});

for (const [words, advice] of [
  [["stop"], "there is nothing to stop"],
  [["show", "trees"], 'start one with "hpim-dm start"'],
  [["log", "--follow"], 'start one with "hpim-dm start"'],
  [["watch", "--once"], 'start one with "hpim-dm start"'],
  [["interface", "add", "eth0"], 'start one with "hpim-dm start"'],
  [["igmp", "join", "eth0", "239.1.2.3"], 'start one with "hpim-dm start"'],
  [["config", "show"], 'start one with "hpim-dm start"'],
  [["config", "load", "/dev/null"], 'start one with "hpim-dm start"'],
  [["key", "remove", "eth0", "7"], 'start one with "hpim-dm start"'],
  [["set", "hold-forwarding", "off"], 'start one with "hpim-dm start"'],
] as const) {
  test(`without a daemon it ends with 3 and one line: hpim-dm ${words.join(" ")}`, async (t) => {
    const runtime = directory(t);
    const { code, out, err } = await runCommand(...words, "--runtime-dir", runtime);
    assert.deepEqual([code, out], [3, ""]);
    const socket = join(runtime, "control.sock");
    assert.equal(err, `hpim-dm: No daemon answers on ${socket}: ${advice}.\n`);
  });
}

test("interface add and remove say what became of it; a refusal ends with 1 and one line", async (t) => {
  const { runtimeDirectory } = await serve(t);
  const at = ["--runtime-dir", runtimeDirectory];
  assert.deepEqual(await runCommand("interface", "add", "eth1", ...at), {
    ...{ code: 0, out: "HPIM-DM is enabled on eth1.\n", err: "" },
  });
  assert.deepEqual(await runCommand("interface", "remove", "eth1", ...at), {
    ...{ code: 0, out: "HPIM-DM is disabled on eth1.\n", err: "" },
  });
  const refused = await runCommand("igmp", "add", "lo", ...at);
  assert.deepEqual(refused, {
    ...{ code: 1, out: "", err: "hpim-dm: Nothing runs on lo: it is a loopback interface.\n" },
  });
});

test("show interfaces: a table for people, JSON for programs", async (t) => {
  const { runtimeDirectory, ask } = await serve(t, "interfaces: {eht1: {igmp: true}}");
  await ask("PUT", "/v1/interfaces/eth1/hpim");
  await ask("PUT", "/v1/interfaces/eth2/hpim");
  const at = ["--runtime-dir", runtimeDirectory];
  const lines = (await runCommand("show", "interfaces", ...at)).out.split("\n");
  const words = lines.map((line) => line.split(/ {2,}/).join(" | "));
  assert.deepEqual(words, [
    "Interface | Link | Addresses | VIF | HPIM-DM | BootTime | Neighbors | IGMP | Querier | Expires",
    "eth1 | up | 10.0.1.1/24 | 0 | on | 1700000000 | 0 | off | - | -",
    "eth2 | down | 10.0.2.1/24 | - | waiting | - | - | off | - | -",
    "lo | up | 10.0.3.1/24 | - | off | - | - | off | - | -",
    "eth2 is down.",
    "eht1 is configured, but there is no such interface.",
    "",
  ]);
  const { out } = await runCommand("show", "interfaces", "--json", ...at);
  assert.deepEqual(JSON.parse(out), (await ask("GET", "/v1/interfaces")).body);
  interfacesSchema.parse(JSON.parse(out));
});

test("an empty list is a sentence", async (t) => {
  const { runtimeDirectory } = await serve(t);
  for (const [name, sentence] of [
    ["neighbors", "There are no neighbors."],
    ["trees", "There are no trees."],
    ["groups", "There are no groups with members."],
    ["mroute", "The kernel has no entries."],
    ["counters", "No message has been received or sent."],
  ] as const) {
    const { out } = await runCommand("show", name, "--runtime-dir", runtimeDirectory);
    assert.equal(out, `${sentence}\n`);
  }
});
