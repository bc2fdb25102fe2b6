// The life of labs: what is refused, what is left after down, crashes half-way, two at once.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { spawnInNode } from "../../src/lab/exec.ts";
import { downLab, listLabs, openLab, upLab } from "../../src/lab/lab.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import { processesIn } from "../../src/lab/namespaces.ts";
import { run } from "../../src/lab/run.ts";
import { whenDone } from "../support/cleanup.ts";
import { until } from "../support/until.ts";
import { readTopology } from "../topology/files.ts";
import { assertNothingLeft, type LabSite, labSite, namespacesAt, upQuietly } from "./labs.ts";

test("down removes everything that up made", async (context) => {
  const site = labSite(context);
  const lab = await upQuietly(site, readTopology("seven-routers"));
  assert.equal(namespacesAt(site).length, 11);
  assert.deepEqual(
    listLabs(site.directory).map(({ name, isComplete }) => [name, isComplete]),
    [[lab.name, true]],
  );
  assert.deepEqual(openLab(undefined, site.directory), lab);
  await downLab(lab);
  assertNothingLeft(site);
});

test("a lab that is up is not brought up again, and stays as it is", async (context) => {
  const site = labSite(context);
  const lab = await upQuietly(site, readTopology("pair"));
  const before = namespacesAt(site);
  await assert.rejects(upQuietly(site, readTopology("sync")), {
    name: "LabError",
    message: `The lab "${lab.name}" is already up: take it down first (hpim-dm lab down --name ${lab.name}), or choose another name.`,
  });
  assert.deepEqual(namespacesAt(site), before);
});

test("two labs of one topology are up at once, and each goes alone", async (context) => {
  const site = labSite(context);
  const topology = readTopology("pair");
  const [one, two] = await Promise.all([
    upQuietly(site, topology, "-one"),
    upQuietly(site, topology, "-two"),
  ]);
  assert.throws(() => openLab(undefined, site.directory), /Name one with --name/);
  await downLab(one);
  assert.deepEqual(
    namespacesAt(site),
    ["Client", "R1", "R2", "Source"].map((node) => namespaceOf(two.name, node)),
  );
  await downLab(two);
  assertNothingLeft(site);
});

test("a namespace that the lab has not made is refused, and is still there after that", async (context) => {
  const site = labSite(context);
  const foreign = namespaceOf(site.prefix, "R2");
  whenDone(context, async () => {
    await run(["ip", "netns", "del", foreign]);
  });
  await run(["ip", "netns", "add", foreign]);
  await assert.rejects(
    upQuietly(site, readTopology("pair")),
    new RegExp(`would need the namespaces ${foreign}, which exist and are not its own`),
  );
  assert.deepEqual(namespacesAt(site), [foreign]);
  assert.deepEqual(listLabs(site.directory), []);
});

test("a daemon that does not come up is told with its log, and nothing of the lab stays", async (context) => {
  const site = labSite(context);
  const program = ["sh", "-c", "echo no such luck >&2; exit 3"];
  await assert.rejects(
    upLab(readTopology("pair"), site.prefix, {
      directory: site.directory,
      daemons: ["R1"],
      program: () => program,
    }),
    /^LabError: The daemon of R1 does not come up.*\nno such luck$/s,
  );
  assertNothingLeft(site);
});

test("a lab that is interrupted while it comes up goes again", async (context) => {
  const site = labSite(context);
  const interruption = new AbortController();
  const { directory, prefix } = site;
  const up = upLab(readTopology("pair"), prefix, {
    directory,
    daemons: [],
    signal: interruption.signal,
  });
  assert.equal(listLabs(directory).length, 1);
  interruption.abort();
  await assert.rejects(up, {
    name: "LabError",
    message: `Interrupted: the lab "${prefix}" is not up.`,
  });
  assertNothingLeft(site);
});

test("down ends what still runs in its namespaces, also what does not want to", async (context) => {
  const site = labSite(context);
  const lab = await upQuietly(site, readTopology("pair"));
  const stubborn = "trap '' TERM; echo ready; exec sleep 300";
  const child = spawnInNode(lab, "R1", { command: ["sh", "-c", stubborn], stdio: "pipe" });
  context.after(() => child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  assert.deepEqual(processesIn([namespaceOf(lab.name, "R1")]), [child.pid]);
  assert.deepEqual(processesIn([namespaceOf(lab.name, "R2")]), []);
  await downLab(lab);
  await until("it is killed", () => child.signalCode === "SIGKILL");
  assertNothingLeft(site);
});

test("names that are none, and labs and nodes that are not there, are refused with a sentence", async (context) => {
  const site = labSite(context);
  const { directory } = site;
  const pair = readTopology("pair");
  for (const name of ["", "A", "-a", "a b", "../a", "a".repeat(31)]) {
    await assert.rejects(upLab(pair, name, { directory }), /cannot be a lab's name/);
  }
  await assert.rejects(
    downLab({ directory, name: "none" }),
    /There is no lab "none" in .*: no lab/,
  );
  assert.throws(() => openLab(undefined, directory), /none is up/);
  const lab = await upQuietly(site, pair);
  assert.throws(() => openLab("none", directory), new RegExp(`these are: ${lab.name}`));
  assert.throws(() => spawnInNode(lab, "R9", { command: ["true"] }), {
    message: `The lab "${lab.name}" has no node R9: it has R1, R2, Source, Client.`,
  });
});

const LAB_MODULE = new URL("../../src/lab/lab.js", import.meta.url).href;
const PARSE_MODULE = new URL("../../src/topology/parse.js", import.meta.url).href;
const SEVEN_ROUTERS = new URL("../../../topologies/seven-routers.yaml", import.meta.url).pathname;

/** A process of its own group that brings seven routers up. */
function upElsewhere({ directory, prefix }: LabSite): ChildProcess {
  const script = `
    import { readFileSync } from "node:fs";
    import { upLab } from ${JSON.stringify(LAB_MODULE)};
    import { parseTopology } from ${JSON.stringify(PARSE_MODULE)};
    const { topology } = parseTopology(readFileSync(${JSON.stringify(SEVEN_ROUTERS)}, "utf8"));
    await upLab(topology, ${JSON.stringify(prefix)}, { directory: ${JSON.stringify(directory)}, daemons: [] });
    setInterval(() => undefined, 1000);
  `;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    detached: true,
    stdio: "inherit",
  });
}

/** Whether a process of the group lives (field 5 of /proc/PID/stat; a zombie does not). */
function isGroupAlive(group: number): boolean {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.some((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return state !== "Z" && Number(processGroup) === group;
    } catch {
      return false;
    }
  });
}

async function upAndKillOnce(site: LabSite, isTime: () => boolean): Promise<void> {
  const child = upElsewhere(site);
  const group = child.pid ?? assert.fail("it was started");
  try {
    await until("its moment comes", isTime);
  } finally {
    process.kill(-group, "SIGKILL");
  }
  await until("all of it is gone", () => !isGroupAlive(group));
}

const MOMENTS: readonly (readonly [string, (site: LabSite) => boolean])[] = [
  ["its record is there", ({ directory }) => listLabs(directory).length === 1],
  ["its first namespace is there", (site) => namespacesAt(site).length > 0],
  ["its last namespace is there", (site) => namespacesAt(site).length === 11],
  ["it is complete", ({ directory }) => listLabs(directory).some(({ isComplete }) => isComplete)],
];

for (const [moment, isTime] of MOMENTS) {
  test(`a lab whose maker is killed once ${moment} is told as it is and goes without a trace`, async (context) => {
    const site = labSite(context);
    await upAndKillOnce(site, () => isTime(site));
    const [record] = listLabs(site.directory);
    assert.equal(record?.name, site.prefix);
    const state = record.isComplete ? "already up" : "already half made";
    await assert.rejects(upQuietly(site, readTopology("pair")), new RegExp(state));
    await downLab({ name: site.prefix, directory: site.directory });
    assertNothingLeft(site);
  });
}

test("what a killed maker was writing goes with the lab", async (context) => {
  const site = labSite(context);
  const lab = await upQuietly(site, readTopology("pair"));
  writeFileSync(join(site.directory, `${lab.name}.json.1`), "{");
  await downLab(lab);
  assertNothingLeft(site);
});

test("a lab that lost a part of itself still goes without a trace", async (context) => {
  const site = labSite(context);
  const lab = await upQuietly(site, readTopology("seven-routers"));
  for (const node of ["R1", "R6", "Source"]) {
    await run(["ip", "netns", "del", namespaceOf(lab.name, node)]);
  }
  await downLab(lab);
  assertNothingLeft(site);
});
