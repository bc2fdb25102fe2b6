// The demonstration tells the truth: it succeeds with our daemons, and fails when one of them does not forward.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { whenDone } from "../support/cleanup.ts";
import { fromRoot } from "../support/root.ts";

const NOT_LONGER_THAN_MILLIS = 180_000;

interface Told {
  readonly status: number | null;
  readonly said: string;
  /** Namespaces of this run that are still there. */
  readonly left: readonly string[];
}

function runDemo(...args: readonly string[]): Told {
  const command = [fromRoot("dist", "tools", "demo", "main.js"), ...args];
  const options = { encoding: "utf8", timeout: NOT_LONGER_THAN_MILLIS } as const;
  const { status, stdout, stderr, pid } = spawnSync(process.execPath, command, options);
  return { status, said: stdout + stderr, left: namespacesOf(`hpim-demo${pid}-`) };
}

function namespacesOf(prefix: string): readonly string[] {
  const { stdout } = spawnSync("ip", ["netns", "list"], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.startsWith(prefix));
}

/** A copy of the program whose kernel entries have no outputs. */
function programThatForwardsNothing(directory: string): string {
  for (const part of ["bin", "dist/bundle", "package.json"]) {
    cpSync(fromRoot(...part.split("/")), join(directory, part), { recursive: true });
  }
  symlinkSync(fromRoot("node_modules"), join(directory, "node_modules"));
  const parts = join(directory, "dist/bundle/parts");
  const broken = readdirSync(parts).flatMap((name) => {
    const file = join(parts, name);
    const source = readFileSync(file, "utf8");
    const changed = source.replace(
      "#mroute.writeEntry({ source, group, incoming, outgoing })",
      "#mroute.writeEntry({ source, group, incoming, outgoing: [] })",
    );
    if (changed !== source) writeFileSync(file, changed);
    return changed === source ? [] : [name];
  });
  assert.equal(broken.length, 1, "the copy is broken");
  return join(directory, "bin", "hpim-dm");
}

test("the demonstration holds, leaves its logs where it is told, and nothing else", (context) => {
  const keep = mkdtempSync(join(tmpdir(), "hpim-dm-test-"));
  whenDone(context, () => rmSync(keep, { recursive: true, force: true }));
  const { status, said, left } = runDemo("--keep", keep);
  assert.equal(status, 0, said);
  assert.equal(said.match(/^ {3}held {6}/gm)?.length, 6, said);
  const logs = readdirSync(keep, { recursive: true, encoding: "utf8" });
  assert.ok(
    logs.some((name) => name.endsWith("R4/state/hpim-dm.log")),
    logs.join(),
  );
  assert.ok(
    logs.some((name) => name.includes("traffic/Client1")),
    logs.join(),
  );
  assert.deepEqual(left, []);
});

test("the demonstration fails when one daemon does not forward", (context) => {
  const directory = mkdtempSync(join(tmpdir(), "hpim-dm-test-"));
  whenDone(context, () => rmSync(directory, { recursive: true, force: true }));
  const { status, said, left } = runDemo("--daemon", `R6=${programThatForwardsNothing(directory)}`);
  assert.equal(status, 1, said);
  assert.match(said, /FAILED {4}Client1: /);
  assert.deepEqual(left, []);
});

test("Ctrl-C ends the demonstration and removes its network", async (context) => {
  const command = [fromRoot("dist", "tools", "demo", "main.js")];
  const demo = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => demo.once("close", resolve));
  whenDone(context, async () => {
    demo.kill("SIGINT");
    await ended;
  });
  let said = "";
  demo.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (!said.includes("\n2. ") && (said + text).includes("\n2. ")) demo.kill("SIGINT");
    said += text;
  });
  assert.equal(await ended, 130, said);
  assert.match(said, /Interrupted/);
  assert.deepEqual(namespacesOf(`hpim-demo${demo.pid}-`), []);
});
