// The configuration as a whole, and restarts with it, on a real kernel.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, chownSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { neighborsSchema } from "../../src/api/lists/neighbors.ts";
import { ask } from "../../src/cli/client.ts";
import { directory } from "../daemon/served-daemon.ts";
import { runCommand } from "../support/command.ts";
import { needsRoot } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { RouterProcess, twoRouters } from "./router-process.ts";

const neighborsOf = async (router: RouterProcess) =>
  neighborsSchema.parse(await ask(router.runtime, ["GET", "/v1/neighbors"])).neighbors;

test("config load changes what differs, and neighbors stay", needsRoot, async (t) => {
  const [a, b] = twoRouters(t);
  const old = a.file("old.yaml", "interfaces: {r0: {hpim: true}}\n");
  assert.equal((await a.start("--config", old)).code, 0);
  assert.equal((await b.start()).code, 0);
  assert.equal((await b.at("interface", "add", "r0")).code, 0);
  await until("both are SYNCED", async () => {
    const all = [...(await neighborsOf(a)), ...(await neighborsOf(b))];
    return all.length === 2 && all.every(({ state }) => state === "SYNCED");
  });
  assert.equal((await a.at("igmp", "add", "r0")).code, 0);
  const bad = a.file("bad.yaml", "hpim: {helo: 1}\ninterfaces: {r0: {igmp: 3}}\n");
  const refused = await a.at("config", "load", bad);
  assert.deepEqual([refused.code, refused.out], [1, ""]);
  assert.match(refused.err, /^hpim-dm: \S+bad\.yaml:1:8: hpim\.helo: .*\n\S+bad\.yaml:2:19: .*\n$/);
  const shown = async (): Promise<string> => (await a.at("config", "show")).out;
  assert.equal(await shown(), "interfaces:\n  r0:\n    hpim: true\n    igmp: true\n");

  const file =
    "hpim: {retransmissionTime: 1, floodInitialData: false}\ninterfaces: {r0: {hpim: true}}\n";
  const next = a.file("new.yaml", file);
  const { out } = await a.at("config", "load", next);
  assert.equal(
    out,
    `${next} is in force, in place of what commands had changed. To start with it, use "hpim-dm start --config ${next}".\n`,
  );
  const text = await shown();
  assert.doesNotMatch(text, /igmp/);
  assert.match(text, /retransmissionTime: 1\n/);
  assert.deepEqual(
    (await neighborsOf(b)).map(({ state }) => state),
    ["SYNCED"],
  );
  const log = readFileSync(join(b.log, "hpim-dm.log"), "utf8");
  assert.doesNotMatch(log, /is gone/);
});

test(
  "restart: another process with the same files, and what commands changed",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    const config = router.file("r.yaml", "interfaces: {r0: {hpim: true}}\n");
    assert.equal((await router.start("--config", config)).code, 0);
    assert.equal((await router.at("set", "hold-forwarding", "off")).code, 0);
    const [pid, shown] = [await router.pid(), (await router.at("config", "show")).out];
    const { code, out, err } = await router.at("restart");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, new RegExp(`^hpim-dm has ended\\.\nhpim-dm runs .* log is ${router.log}/`));
    assert.notEqual(await router.pid(), pid);
    assert.equal((await router.at("config", "show")).out, shown);
    assert.match(shown, /holdForwarding: false/);

    router.file("r.yaml", "interfaces: {r0: {hpim: maybe}}\n");
    const next = await router.pid();
    const refused = await router.at("restart");
    assert.equal(refused.code, 1);
    assert.match(refused.err, /^hpim-dm: .*r\.yaml:1:19: interfaces\.r0\.hpim: /);
    assert.equal(await router.pid(), next);
  },
);

test(
  "what config show prints starts a router that is configured the same",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    const text =
      'hpim: {helloPeriod: "100ms", preferences: {11: 5, ospf: 3}}\ninterfaces: {r0: {igmp: {}}}';
    assert.equal((await router.start("--config", router.file("a.yaml", text))).code, 0);
    assert.equal((await router.at("interface", "add", "r0")).code, 0);
    const shown = (await router.at("config", "show")).out;
    assert.equal((await router.at("stop")).code, 0);
    const copy = router.file("b.yaml", shown);
    assert.equal((await router.start("--clean", "--config", copy)).code, 0);
    assert.equal((await router.at("config", "show")).out, shown);
  },
);

test("config check has the rights of a daemon, not of who types it", needsRoot, async (t) => {
  const there = directory(t);
  chmodSync(there, 0o755);
  const [file, secret] = [join(there, "r.yaml"), join(there, "key")];
  writeFileSync(secret, "swordfish", { mode: 0o600 });
  const key = `{identifier: 7, algorithm: sha256, secretFile: ${secret}}`;
  writeFileSync(file, `interfaces: {r0: {security: {keys: [${key}]}}}\n`);
  const good = await runCommand("config", "check", file);
  assert.deepEqual(good, { code: 0, out: `${file} has no problems.\n`, err: "" });
  chownSync(secret, 4321, 4321);
  const bad = await runCommand("config", "check", file);
  assert.equal(bad.code, 1);
  assert.match(
    bad.err,
    /key cannot be read: .*EACCES.*: also as root, the daemon has no rights to /,
  );
});

test("restart leaves a daemon in the foreground to whoever started it", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const words = router.words("start", "--foreground", ...router.directories);
  const child = spawn("ip", words, { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await until("it answers", async () => (await router.at("config", "show")).code === 0);
  const { code, err } = await router.at("restart");
  assert.equal(code, 1);
  assert.match(
    err,
    /^hpim-dm: The daemon \(process \d+\) runs in the foreground: restart it where /,
  );
  assert.equal((await router.at("stop")).code, 0);
  assert.equal(await ended, 0);
});

test(
  "the Python router's file is started with, remarks are told, and converted it is the same",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    const legacy = router.file(
      "legacy.yaml",
      "HPIM-DM:\n  DefaultTimers: {HELLO_PERIOD: 5}\n  Interfaces: {r0: {ipv4: {enabled: yes, security: {key: swordfish}}}}\n",
    );
    const remarks = new RegExp(
      `^hpim-dm: ${legacy}:2:19: HPIM-DM\\.DefaultTimers\\.HELLO_PERIOD: had no effect .*\\n${legacy}:3:42: .*security: is taken with .*\\n$`,
    );
    const { code, err } = await router.start("--config", legacy);
    assert.equal(code, 0);
    assert.match(err, remarks);
    const shown = (await router.at("config", "show")).out;
    const converted = await router.run("config", "convert", legacy);
    assert.equal(`hpim-dm: ${converted.err}`, err);
    assert.equal(converted.out.replace("swordfish", "<redacted>"), shown);
    const { out } = await router.at("config", "load", router.file("ours.yaml", converted.out));
    assert.match(out, /ours\.yaml is in force\. To start with it, use /);
    assert.equal((await router.at("config", "show")).out, shown);
    const loaded = (await router.at("config", "load", legacy)).out;
    assert.match(loaded, /legacy\.yaml is in force\. .*\n\S+:2:19: .*had no effect/);
  },
);
