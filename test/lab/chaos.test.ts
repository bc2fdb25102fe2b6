// A short chaos run on the real kernel is clean; one that is not says so; and all of them leave nothing behind.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { known } from "../../src/base/invariant.ts";
import { existingNamespaces } from "../../src/lab/namespaces.ts";
import { parseTranscript } from "../../src/scenario/transcript.ts";
import { whenDone } from "../support/cleanup.ts";
import { needsRoot } from "../support/namespace.ts";
import { fromRoot } from "../support/root.ts";

const SEED = "3";

interface Run {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

function chaos(context: TestContext, ...args: readonly string[]): Run {
  const command = [fromRoot("dist", "tools", "chaos", "main.js"), "--short", ...args];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  whenDone(context, async () => {
    child.kill("SIGINT");
    await ended;
  });
  return { child, said: () => said, ended };
}

/** Namespaces, and processes of daemons, senders and receivers. */
function leftOf({ child }: Run): readonly string[] {
  const name = `chaos${child.pid}`;
  const namespaces = [...existingNamespaces()].filter((one) => one.startsWith(`hpim-${name}-`));
  const processes = readdirSync("/proc").filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`/${name}/`)
      );
    } catch {
      return false;
    }
  });
  return [...namespaces, ...processes];
}

test("a short chaos run is clean", needsRoot, async (context) => {
  const run = chaos(context, "--minutes", "0.2", "--seed", SEED);
  assert.equal(await run.ended, 0, run.said());
  assert.match(run.said(), /^round 1: \d+ shocks, right again after/m);
  assert.match(run.said(), /^nothing left of trees and entries/m);
  assert.match(run.said(), /^\d+ lives of daemons replayed/m);
  assert.deepEqual(leftOf(run), []);
  context.diagnostic(run.said());
});

test("Ctrl-C amid the chaos ends it, and its network", needsRoot, async (context) => {
  const run = chaos(context, "--seed", SEED);
  run.child.stdout?.on("data", () => {
    if (run.said().includes("\nbegun: ")) run.child.kill("SIGINT");
  });
  assert.equal(await run.ended, 130, run.said());
  assert.match(run.said(), /Interrupted/);
  assert.deepEqual(leftOf(run), []);
});

test(
  "a daemon that ends by itself is told, with the round and the logs",
  needsRoot,
  async (context) => {
    const directory = mkdtempSync(join(tmpdir(), "hpim-dm-test-"));
    whenDone(context, () => rmSync(directory, { recursive: true, force: true }));
    const stop = join(directory, "stop");
    const broken = join(directory, "daemon.mjs");
    const daemon = fromRoot("dist", "src", "main", "index.js");
    writeFileSync(
      broken,
      `import { existsSync, unlinkSync } from "node:fs";
     const stop = ${JSON.stringify(stop)};
     setInterval(() => existsSync(stop) && process.exit(unlinkSync(stop)), 20).unref();
     await import(${JSON.stringify(daemon)});`,
    );
    const run = chaos(context, "--minutes", "0.1", "--seed", SEED, "--daemon", `R4=${broken}`);
    run.child.stdout?.on("data", () => {
      if (run.said().includes("\nbegun: ")) writeFileSync(stop, "");
    });
    assert.equal(await run.ended, 1, run.said());
    assert.match(run.said(), /The daemon of R4, process \d+, has ended by itself/);
    const kept = known(/are in (\S+)\.$/m.exec(run.said())?.[1], "it says where the logs are");
    whenDone(context, () => rmSync(kept, { recursive: true, force: true }));
    const scenario = readFileSync(join(kept, "last-round.scenario"), "utf8");
    assert.equal(parseTranscript(scenario).kind, "transcript", scenario);
    assert.ok(run.said().includes(scenario));
    const lab = join(kept, `chaos${run.child.pid}`);
    assert.ok(existsSync(join(lab, "R4", "output")), readdirSync(kept).join());
    assert.deepEqual(leftOf(run), []);
  },
);
