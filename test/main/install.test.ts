// make install and make uninstall, into a directory that stands for the root of a machine.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { whenDone } from "../support/cleanup.ts";
import { runCommand } from "../support/command.ts";
import { Namespace, needsRoot } from "../support/namespace.ts";
import { fromRoot } from "../support/root.ts";

const filesIn = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
    (name) => !statSync(join(directory, name)).isDirectory(),
  );

test("what is installed runs, and uninstalling leaves nothing", needsRoot, (t) => {
  const root = mkdtempSync(join(tmpdir(), "hpt-install-"));
  const runtime = ["--runtime-dir", join(root, "run")];
  whenDone(t, async () => {
    await runCommand("stop", ...runtime);
    rmSync(root, { recursive: true });
  });
  // Of the make that runs the tests.
  const { MAKEFLAGS, MAKELEVEL, ...env } = process.env;
  const make = (target: string): string =>
    execFileSync("make", ["-s", target, `DESTDIR=${root}`], {
      cwd: fromRoot(),
      env,
      encoding: "utf8",
    });
  make("install");
  make("install");

  const command = join(root, "usr/local/bin/hpim-dm");
  const { name } = new Namespace(t);
  const run = (...words: readonly string[]): string =>
    execFileSync("ip", ["netns", "exec", name, command, ...words], { encoding: "utf8" });
  assert.match(run("--version"), /^hpim-dm \d+\.\d+\.\d+\n$/);
  const directories = ["--state-dir", join(root, "state"), "--log-dir", join(root, "log")];
  assert.match(run("start", ...runtime, ...directories), /^hpim-dm runs/);
  assert.match(run("show", "interfaces", ...runtime), /^lo /m);
  assert.equal(run("stop", ...runtime), "hpim-dm has ended.\n");
  for (const directory of ["run", "state", "log"]) {
    rmSync(join(root, directory), { recursive: true, force: true });
  }

  const unit = readFileSync(join(root, "usr/local/lib/systemd/system/hpim-dm.service"), "utf8");
  assert.match(unit, /^ExecStart=node \/usr\/local\/lib\/hpim-dm\/dist\/bundle\/main\/index\.js /m);

  assert.ok(filesIn(root).includes("usr/local/lib/hpim-dm/dissector/hpim-dm.lua"));
  const isNeeded =
    /\/(?:bin|dissector|docs|topologies|packaging|dist\/bundle|node_modules\/@koromix)\//;
  assert.deepEqual(
    filesIn(root)
      .filter((file) => !isNeeded.test(file))
      .sort(),
    [
      "lib/hpim-dm/LICENSE",
      "lib/hpim-dm/README.md",
      "lib/hpim-dm/package.json",
      "lib/systemd/system/hpim-dm.service",
      "lib/sysusers.d/hpim-dm.conf",
      "share/bash-completion/completions/hpim-dm",
      "share/man/man8/hpim-dm.8",
      "share/zsh/site-functions/_hpim-dm",
    ].map((file) => `usr/local/${file}`),
  );
  make("uninstall");
  assert.deepEqual(filesIn(root), []);
});
