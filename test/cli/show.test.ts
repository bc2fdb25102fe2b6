// hpim-dm show as a process, against a daemon with a tree: tables, filters, JSON, readers that leave early.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { LIST_NAMES } from "../../src/api/lists/lists.ts";
import { treesSchema } from "../../src/api/lists/trees.ts";
import type { Address } from "../../src/base/address.ts";
import type { Rig } from "../daemon/engine-rig.ts";
import { ETH1, flowing, hello, receive, SOURCE } from "../daemon/engine-rig.ts";
import { directory, serveLists } from "../daemon/served-daemon.ts";
import { COMMAND, type Outcome, runCommand } from "../support/command.ts";
import { metricsIn, valueIn } from "../support/metrics.ts";

const run = (...words: readonly string[]): Promise<Outcome> => runCommand("show", ...words);

interface Shown {
  readonly made: Rig;
  readonly show: (...words: readonly string[]) => Promise<Outcome>;
  readonly ask: Awaited<ReturnType<typeof serveLists>>["ask"];
  readonly runtimeDirectory: string;
}

/** A daemon that originates a tree from eth1 to eth2, where a neighbor has said hello. */
async function shown(t: TestContext): Promise<Shown> {
  const made = flowing();
  receive(made, hello(40));
  const { ask, runtimeDirectory } = await serveLists(t, made);
  const show = (...words: readonly string[]) => run(...words, "--runtime-dir", runtimeDirectory);
  return { made, show, ask, runtimeDirectory };
}

const lines = ({ code, out, err }: Outcome): readonly string[] => {
  assert.deepEqual([code, err], [0, ""]);
  return out.split("\n").slice(0, -1);
};

test("every list that has no filter column says so: a wrong option ends with 2", async () => {
  for (const words of [
    ["neighbors", "--group", "239.1.1.1"],
    ["interfaces", "--source", "10.1.1.1"],
    ["groups", "--source", "10.1.1.1"],
    ["version", "--interface", "eth1"],
  ]) {
    const { code, err } = await run(...words);
    assert.equal(code, 2, words.join(" "));
    assert.match(err, /unknown option/);
  }
});

test("a filter that makes no sense ends with 2, and says what was expected", async () => {
  const group = await run("trees", "--group", "10.1.1.1");
  assert.equal(group.code, 2);
  assert.match(group.err, /'10\.1\.1\.1' is invalid\. Expected the address of a group/);
  const source = await run("mroute", "--source", "239.1.1.1");
  assert.equal(source.code, 2);
  assert.match(source.err, /Expected the address of a source/);
});

test("an interface that does not exist ends with 1 and a sentence", async (t) => {
  const { show } = await shown(t);
  assert.deepEqual(await show("trees", "--interface", "eth9"), {
    ...{ code: 1, out: "", err: "hpim-dm: There is no interface eth9.\n" },
  });
});

test("tables of every list", async (t) => {
  const { show } = await shown(t);
  const expected: Readonly<Record<string, readonly string[]>> = {
    summary: [
      "Trees     Count  Kernel entries",
      "ACTIVE    1      1",
      "UNSURE    0      0",
      "INACTIVE  0      0",
      "",
      "Interface  SYNCED  Synchronising  Trees awaiting Acks",
      "eth1       0       0              0",
      "eth2       0       1              0",
    ],
    neighbors: [
      "Interface  Neighbor  State  BootTime  NeighborSSN  MySSN  Known  Synced  Expires  Trees",
      "eth2       10.0.2.2  SLAVE  7         0            2      0s     -       12s      0",
    ],
    "sequence-numbers": [
      "Interface  BootTime    InterfaceSN  CheckpointSN",
      "eth1       1700000000  0            0",
      "eth2       1700000000  2            2",
      "",
      "Interface  Neighbor  BootTime  NeighborSSN  MySSN  CheckpointSN",
      "eth2       10.0.2.2  7         0            2      0",
      "",
      "No neighbor has sent anything of a tree since its CheckpointSN.",
    ],
    "neighbor-state": ["There are no trees, or no SYNCED neighbors."],
    trees: [
      "(10.0.1.9, 239.1.1.1)  ACTIVE: the source sends on its own link",
      "  root eth1, originator, cost 2/0, not interested, source silent in 3m30s",
      "  Interface  Role      Assert       Interest  State   Why",
      "  eth1       root      -            -         -       -",
      "  eth2       non-root  AW 10.0.2.1  NDI       pruned  there is neither neighbor nor listener",
    ],
    groups: ["There are no groups with members."],
    mroute: [
      "Source    Group      Incoming  Outgoing  Packets  Bytes  Wrong if  Difference",
      "10.0.1.9  239.1.1.1  eth1      -         0        0      0         -",
    ],
  };
  for (const [name, table] of Object.entries(expected)) {
    assert.deepEqual(lines(await show(name)), table, name);
  }
});

test("JSON is the daemon's own document, narrowed like the table", async (t) => {
  const { show, ask } = await shown(t);
  for (const name of LIST_NAMES) {
    const { code, out } = await show(name, "--json");
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), (await ask("GET", `/v1/${name}`)).body, name);
  }
  const { out } = await show("trees", "--json", "--interface", "eth2");
  const { trees } = treesSchema.parse(JSON.parse(out));
  assert.deepEqual(
    trees.map(({ interfaces }) => interfaces.map((at) => at.interface)),
    [["eth2"]],
  );
});

test("what a filter leaves nothing of is not said to be empty", async (t) => {
  const { show } = await shown(t);
  for (const [name, option, value] of [
    ["trees", "--group", "239.2.0.0/16"],
    ["trees", "--source", "10.0.1.8"],
    ["mroute", "--source", "10.0.1.8"],
    ["neighbors", "--interface", "eth1"],
  ] as const) {
    assert.deepEqual(lines(await show(name, option, value)), ["Nothing matches."], name);
  }
  const [heading] = lines(await show("trees", "--group", "239.1.0.0/16", "--source", "10.0.1.9"));
  assert.equal(heading, "(10.0.1.9, 239.1.1.1)  ACTIVE: the source sends on its own link");
});

test("the words of the list of trees are explained", async () => {
  const { code, out } = await run("trees", "--help");
  assert.equal(code, 0);
  for (const word of ["AW", "AL", "DI", "NDI"])
    assert.match(out, new RegExp(`^ {2}${word} +\\w`, "m"));
});

test("version: program, version of the API, process, and since when", async (t) => {
  const { show } = await shown(t);
  const [head, row] = lines(await show("version"));
  assert.match(head ?? "", /^Program +API version +Process +Up$/);
  assert.match(row ?? "", new RegExp(`^hpim-dm test +1 +${process.pid} +\\d+m?s`));
  const { pid, version } = JSON.parse((await show("version", "--json")).out);
  assert.deepEqual([pid, version], [process.pid, 1]);
});

test("metrics: what GET /metrics answers", async (t) => {
  const { show } = await shown(t);
  const { code, out, err } = await show("metrics");
  assert.deepEqual([code, err], [0, ""]);
  const metrics = metricsIn(out);
  assert.equal(valueIn(metrics, "hpim_build_info", '{version="test"}'), 1);
  assert.equal(valueIn(metrics, "hpim_trees", '{state="ACTIVE"}'), 1);
});

for (const options of [[], ["--json"]]) {
  test(`a reader that has had enough is no error: show trees ${options.join(" ")}`, async (t) => {
    const { made, runtimeDirectory } = await shown(t);
    for (let n = 0; n < 3_000; n++) {
      const group = String.fromCharCode(239, 2, n >> 8, n & 0xff) as Address;
      const upcall = { reason: "missingEntry", interface: ETH1.index, source: SOURCE } as const;
      made.engine.handle({ kind: "upcalls", upcalls: [{ ...upcall, group }] });
    }
    const words = [COMMAND, "show", "trees", ...options, "--runtime-dir", runtimeDirectory];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
    const errors = text(child.stderr);
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    child.stdout.destroy();
    assert.deepEqual(await ended, [0, null]);
    assert.equal(await errors, "");
  });
}

test("an answer that breaks off ends with 3 and one line", async (t) => {
  const runtime = directory(t);
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"version":1,\n"trees":[\n', () => response.destroy());
  }).listen(join(runtime, "control.sock"));
  t.after(() => server.close());
  await once(server, "listening");
  const sentence = "hpim-dm: The daemon's answer broke off: its log may say why.\n";
  for (const options of [[], ["--json"]]) {
    const { code, err } = await run("trees", ...options, "--runtime-dir", runtime);
    assert.deepEqual([code, err], [3, sentence]);
  }
});
