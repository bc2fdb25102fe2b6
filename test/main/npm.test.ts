// The package for npm: what is in it, and that it installs on a clean machine and works there.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { whenDone } from "../support/cleanup.ts";
import { runCommand } from "../support/command.ts";
import { Namespace, needsRoot } from "../support/namespace.ts";
import { fromRoot } from "../support/root.ts";

const { name, version, scripts } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"));

// Of the make that runs the tests.
const { MAKEFLAGS, MAKELEVEL, ...env } = process.env;

test("what npm packs installs without a warning, and works", needsRoot, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "hpt-npm-"));
  const runtime = ["--runtime-dir", join(directory, "run")];
  whenDone(t, async () => {
    await runCommand("stop", ...runtime);
    rmSync(directory, { recursive: true });
  });
  // It would build anew what other tests use now.
  assert.equal(scripts.prepack, "make build");
  const packed = execFileSync(
    "npm",
    ["pack", "--ignore-scripts", "--json", "--pack-destination", directory],
    { cwd: fromRoot(), env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  );
  const [{ files }] = JSON.parse(packed);
  const paths: readonly string[] = files.map(({ path }: { path: string }) => path);
  const isOurs =
    /^(?:bin|dissector|dist\/bundle|dist\/share|docs|topologies)\/|^(?:LICENSE|README\.md|package\.json)$/;
  assert.deepEqual(paths.filter((path) => !isOurs.test(path)).sort(), [
    "packaging/grafana-dashboard.json",
    "packaging/hpim-dm.service",
    "packaging/hpim-dm.sysusers",
    "packaging/hpim-dm.yaml",
    "packaging/prometheus-alerts.yaml",
    "packaging/real-time.conf",
  ]);

  const prefix = join(directory, "prefix");
  mkdirSync(prefix);
  const words = ["install", "--global", "--prefix", prefix, "--engine-strict"];
  const installed = spawnSync(
    "npm",
    [...words, "--update-notifier=false", join(directory, `${name}-${version}.tgz`)],
    { cwd: directory, env, encoding: "utf8" },
  );
  assert.deepEqual([installed.status, installed.stderr], [0, ""]);
  assert.ok(statSync(join(prefix, "share/man/man8/hpim-dm.8")).isFile());
  const packages = join(prefix, "lib/node_modules/hpim-dm/node_modules");
  assert.deepEqual(
    readdirSync(packages)
      .filter((entry) => !entry.startsWith("."))
      .sort(),
    ["@koromix"],
  );

  const namespace = new Namespace(t);
  const command = join(prefix, "bin/hpim-dm");
  assert.equal(namespace.run(command, "--version"), `${name} ${version}\n`);
  const directories = [
    "--state-dir",
    join(directory, "state"),
    "--log-dir",
    join(directory, "log"),
  ];
  assert.match(namespace.run(command, "start", ...runtime, ...directories), /^hpim-dm runs/);
  assert.match(namespace.run(command, "show", "version", ...runtime), new RegExp(version));
  assert.equal(namespace.run(command, "stop", ...runtime), "hpim-dm has ended.\n");
});
