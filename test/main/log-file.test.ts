// The log of a daemon in the background: where it is, whose it is, and what becomes of it when it is rotated.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { needsRoot } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { RouterProcess } from "./router-process.ts";

const messages = (file: string): readonly string[] =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).msg);

test("every line of the log is JSON, also why a daemon did not come up", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const file = join(router.log, "hpim-dm.log");
  assert.equal((await router.start("--config", "/nonexistent")).code, 1);
  assert.match(messages(file).at(-1) ?? "", /configuration file \/nonexistent cannot be read/);
  const { out } = await router.start();
  assert.match(out, /^hpim-dm runs \(process \d+\); its log is .*\/log\/hpim-dm\.log\.\n$/);
  assert.equal(statSync(file).mode & 0o777, 0o640);
  assert.equal(statSync(router.log).mode & 0o777, 0o750);
  assert.match(messages(file).at(-1) ?? "", /runs as process/);
});

test("logrotate's copytruncate loses nothing of a log that is quiet", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  router.addInterface();
  const file = join(router.log, "hpim-dm.log");
  assert.equal((await router.start()).code, 0);
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
  assert.equal((await router.at("interface", "add", "r0")).code, 0);
  assert.equal((await router.at("stop")).code, 0);
  assert.match(messages(`${file}.1`).at(-1) ?? "", /runs as process/);
  assert.match(messages(file)[0] ?? "", /^HPIM-DM runs on r0/);
  assert.equal(messages(file).at(-1), "The daemon has ended.");
});

test("where no log can be written, it goes to the standard error output", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  writeFileSync(router.log, "a file where the directory is to be");
  // The daemon keeps its standard error output open: a pipe would not end with the command.
  const file = router.file("output", "");
  const fd = openSync(file, "a");
  const words = router.words("start", ...router.directories);
  const { status } = spawnSync("ip", words, { stdio: ["ignore", fd, fd] });
  closeSync(fd);
  assert.equal(status, 0);
  const lines = readFileSync(file, "utf8").split("\n");
  assert.match(lines[0] ?? "", /^hpim-dm: The log goes here: .* cannot be written: /);
  assert.match(JSON.parse(lines[1] ?? "").msg, /runs as process/);
  assert.match(lines[2] ?? "", /its log is the standard error output\.$/);
});

test("a log directory that others prepared is used as it is", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  mkdirSync(router.log, { mode: 0o755 });
  assert.equal((await router.start()).code, 0);
  assert.equal(statSync(router.log).mode & 0o777, 0o755);
});

test("hpim-dm log shows its last lines, to whoever reads on and may read", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const file = join(router.log, "hpim-dm.log");
  assert.equal((await router.start()).code, 0);
  const last = await router.at("log", "--lines", "1");
  assert.match(last.out, /^\S+Z {2}info {3}hpim-dm \S+ runs as process \d+\.\n$/);
  const json = await router.at("log", "--lines", "1", "--json");
  assert.equal(json.out, `${readFileSync(file, "utf8").trimEnd().split("\n").at(-1)}\n`);

  appendFileSync(file, "not ours\n".repeat(100_000));
  const words = router.words("log", "--lines", "100000", "--runtime-dir", router.runtime);
  const script = 'ip "$@" | head -n 1; echo "$PIPESTATUS"';
  const piped = spawnSync("bash", ["-c", script, "bash", ...words], { encoding: "utf8" });
  assert.deepEqual([piped.stdout, piped.stderr], ["not ours\n0\n", ""]);

  unlinkSync(file);
  const gone = await router.at("log");
  assert.deepEqual([gone.code, gone.out], [3, ""]);
  assert.match(gone.err, /^hpim-dm: The log cannot be read: .*hpim-dm\.log/);
});

test(
  "log --interface: one that there never was is refused, not one that is waited for or has gone",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    const config = router.file("r.yaml", 'interfaces: {r9: {hpim: true}, "vlan*": {igmp: true}}');
    assert.equal((await router.start("--config", config)).code, 0);
    const refusal = { code: 1, out: "", err: "hpim-dm: There is no interface eth99.\n" };
    assert.deepEqual(await router.at("log", "--interface", "eth99"), refusal);
    assert.deepEqual(await router.at("log", "--follow", "--interface", "eth99"), refusal);
    const silence = { code: 0, out: "", err: "" };
    assert.deepEqual(await router.at("log", "--interface", "r9", "--level", "error"), silence);
    assert.deepEqual(await router.at("log", "--interface", "vlan7"), silence);
    assert.equal((await router.at("interface", "add", "r0")).code, 0);
    assert.equal((await router.at("interface", "remove", "r0")).code, 0);
    router.namespace.ip("link delete r0");
    await until("it has gone", async () => {
      const { code } = await router.at("show", "interfaces", "--interface", "r0");
      return code === 1;
    });
    const { code, out } = await router.at("log", "--interface", "r0");
    assert.equal(code, 0);
    assert.match(out, /HPIM-DM has ended on r0\./);
    await router.at("stop");
    assert.deepEqual(
      await router.run(
        "log",
        "--interface",
        "eth99",
        ...router.directories.slice(0, 2),
        "--log-dir",
        router.log,
      ),
      { code: 0, out: "", err: "hpim-dm: No daemon answers; this is how the last one ended.\n" },
    );
  },
);
