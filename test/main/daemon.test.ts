// The daemon as people run it, on a real kernel: start, show, stop, in network namespaces.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { constants, getPriority } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { neighborsSchema } from "../../src/api/lists/neighbors.ts";
import { ask } from "../../src/cli/client.ts";
import { hasEnded } from "../../src/cli/process-state.ts";
import { COMMAND, runProgram } from "../support/command.ts";
import { needsRoot } from "../support/namespace.ts";
import { niceOf, schedulingOf } from "../support/scheduling.ts";
import { until } from "../support/until.ts";
import { RouterProcess, twoRouters } from "./router-process.ts";

test(
  "two daemons become neighbors; stop says goodbye, and returns when it is gone",
  needsRoot,
  async (t) => {
    const [a, b] = twoRouters(t);
    const config = a.file("a.yaml", "interfaces: {r0: {hpim: {helloPeriod: 1s}}}\n");
    const started = await a.start("--config", config);
    assert.deepEqual([started.code, started.err], [0, ""]);
    assert.equal((await b.start()).code, 0);
    assert.equal((await b.at("interface", "add", "r0")).code, 0);

    const neighborsOf = async (router: RouterProcess) =>
      neighborsSchema.parse(await ask(router.runtime, ["GET", "/v1/neighbors"])).neighbors;
    await until("both are SYNCED", async () => {
      const all = [...(await neighborsOf(a)), ...(await neighborsOf(b))];
      return all.length === 2 && all.every(({ state }) => state === "SYNCED");
    });
    const { out } = await b.at("show", "neighbors");
    assert.match(out, /r0 +10\.9\.0\.1 +SYNCED/);

    const pid = await a.pid();
    assert.deepEqual(await a.at("stop"), { code: 0, out: "hpim-dm has ended.\n", err: "" });
    assert.throws(() => statSync(join(a.runtime, "control.sock")), /ENOENT/);
    assert.ok(hasEnded(pid));
    await until("b has taken the goodbye", async () => (await neighborsOf(b)).length === 0);
    assert.match(readFileSync(join(b.log, "hpim-dm.log"), "utf8"), /is gone: goodbye/);
    assert.equal((await a.at("stop")).code, 3);
  },
);

test("what is started with a scheduling policy has it", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const words = router.words("start", ...router.directories);
  const { code, err } = await runProgram("chrt", ["--rr", "1", "ip", ...words]);
  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(schedulingOf(await router.pid()), ["rr 1"]);
});

test("what compiles and collects garbage goes behind the event loop", needsRoot, async (t) => {
  for (const given of [0, 15]) {
    const expected = Math.min(constants.priority.PRIORITY_LOW, getPriority() + given);
    const router = new RouterProcess(t);
    const words = router.words("start", ...router.directories);
    const { code, err } = await runProgram("nice", ["-n", `${given}`, "ip", ...words]);
    assert.deepEqual([code, err], [0, ""]);
    const { main, others } = niceOf(await router.pid());
    assert.equal(main, expected);
    // Those of V8, whatever Node starts later.
    const behind = Math.min(constants.priority.PRIORITY_LOW, expected + 10);
    assert.ok(others.filter((nice) => nice === behind).length >= 4, others.join());
  }
});

test("a daemon that cannot come up says why, and the command ends with 1", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const config = router.file("bad.yaml", "hpim: {helo: 1}\ninterfaces: {r0: {igmp: 3}}\n");
  const bad = await router.start("--config", config);
  assert.deepEqual([bad.code, bad.out], [1, ""]);
  assert.match(bad.err, /bad\.yaml:1:8: hpim\.helo: unknown setting/);
  assert.match(bad.err, /bad\.yaml:2:19: interfaces\.r0\.igmp: expected true, false or a map/);

  const absent = await router.start("--config", "/nonexistent/file");
  assert.equal(absent.code, 1);
  assert.match(absent.err, /configuration file \/nonexistent\/file cannot be read/);

  assert.equal((await router.start()).code, 0);
  const second = await router.start();
  assert.equal(second.code, 1);
  assert.match(second.err, /Another daemon answers on .*control\.sock: stop it/);
  const other = await router.start("--runtime-dir", `${router.runtime}2`);
  assert.equal(other.code, 1);
  const pid = await router.pid();
  const who = `^hpim-dm: Another multicast routing daemon .*\\(process ${pid}: .*${router.runtime}.*EADDRINUSE`;
  assert.match(other.err, new RegExp(who));
});

test(
  "whoever may not route multicast is told so, and the command ends with 3",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    const capabilities = ["--bounding-set", "-net_admin,-net_raw", "--inh-caps", "-all"];
    const start = [process.execPath, COMMAND, "start", ...router.directories];
    const words = ["netns", "exec", router.namespace.name, "setpriv", ...capabilities, ...start];
    const { status, stderr } = spawnSync("ip", words, { encoding: "utf8" });
    assert.equal(status, 3);
    assert.match(
      stderr,
      /^hpim-dm: .* CAP_NET_ADMIN and CAP_NET_RAW are missing\. Run this as root\.\n$/,
    );
  },
);

test("a daemon comes up where there are no routes at all", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const words = ["--net", process.execPath, COMMAND, "start", ...router.directories];
  const code = await new Promise((resolve) => {
    spawn("unshare", words, { stdio: "ignore" }).once("exit", resolve);
  });
  assert.equal(code, 0);
  assert.match((await router.at("show", "interfaces")).out, /^lo +down/m);
});

test("after kill -9 a daemon starts again, with a greater BootTime", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  router.addInterface();
  const config = router.file("r.yaml", "interfaces: {r0: {hpim: true}}\n");
  const stored = (): number => Number(readFileSync(join(router.state, "boot-time.r0"), "utf8"));
  assert.equal((await router.start("--config", config)).code, 0);
  const first = stored();
  await router.kill();
  assert.equal((await router.start("--config", config)).code, 0);
  assert.ok(stored() > first);
});

test(
  "--foreground: SIGHUP has the daemon read its file again, SIGTERM ends it, and its exit code is ours",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    const config = router.file("r.yaml", "interfaces: {r0: {hpim: true}}\n");
    const options = ["--config", config, ...router.directories];
    const words = router.words("start", "--foreground", ...options);
    const child = spawn("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
    const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
    const shown = async (): Promise<string> => (await router.at("config", "show")).out;
    await until("it answers", async () => (await shown()) !== "");
    router.file("r.yaml", "interfaces: {r0: {igmp: true}}\n");
    child.kill("SIGHUP");
    await until("the file is in force", async () => /igmp/.test(await shown()));
    router.file("r.yaml", "interfaces: {r0: {igmp: 3}}\n");
    child.kill("SIGHUP");
    await until("it says what is wrong", async () =>
      /"error".*Nothing has changed:.*r\.yaml:1:19: interfaces\.r0\.igmp: expected/.test(log),
    );
    assert.match(await shown(), /igmp: true/);
    child.kill("SIGTERM");
    assert.equal(await ended, 0);
    assert.equal((await router.at("show", "interfaces")).code, 3);
  },
);
