// SIGHUP: the daemon runs its configuration file as it is now; but where the log goes to a terminal, that has gone.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { neighborsSchema } from "../../src/api/lists/neighbors.ts";
import { ask } from "../../src/cli/client.ts";
import { needsRoot } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { RouterProcess, twoRouters } from "./router-process.ts";

const neighborsOf = async (router: RouterProcess) =>
  neighborsSchema.parse(await ask(router.runtime, ["GET", "/v1/neighbors"])).neighbors;

/** Sends SIGHUP; what the log says of it: its level, and the sentence. */
async function reload(router: RouterProcess): Promise<readonly [level: string, sentence: string]> {
  const before = router.logged().length;
  process.kill(await router.pid(), "SIGHUP");
  const lines = () =>
    router
      .logged()
      .slice(before)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === undefined);
  await until("the log says what became of it", () => lines().length > 0);
  const [{ level, msg }] = lines();
  return [level, msg];
}

const withKey = (secret: string): string =>
  `interfaces:\n  r0:\n    hpim: true\n    security: {keys: [{identifier: 7, algorithm: sha256, secret: ${secret}}]}\n`;

test(
  "SIGHUP: what differs in the file changes, and neighbors stay; with a problem nothing changes",
  needsRoot,
  async (t) => {
    const [a, b] = twoRouters(t);
    const file = a.file("a.yaml", withKey("swordfish"));
    assert.equal((await a.start("--config", file)).code, 0);
    assert.equal((await b.start("--config", b.file("b.yaml", withKey("swordfish")))).code, 0);
    await until("both are SYNCED", async () => {
      const all = [...(await neighborsOf(a)), ...(await neighborsOf(b))];
      return all.length === 2 && all.every(({ state }) => state === "SYNCED");
    });
    const shown = async (): Promise<string> => (await a.at("config", "show")).out;
    const isInForce = ["info", `${file} is in force.`];

    a.file("a.yaml", `hpim: {helloPeriod: 2}\n${withKey("swordfish")}`);
    assert.deepEqual(await reload(a), isInForce);
    const text = await shown();
    assert.match(text, /^hpim:\n {2}helloPeriod: 2\ninterfaces:[\s\S]*secret: <redacted>/);

    for (const [bad, sentence] of [
      [
        "hpim: {helloPeriod: 0}\nigmp: {groupLimit: 0}\n",
        `Nothing has changed:\n${file}:1:8: hpim.helloPeriod: expected a duration from 50ms to 900s, such as 2, "2s" or "2000ms"\n${file}:2:8: igmp.groupLimit: expected a whole number from 1 to 10000000`,
      ],
      [
        null,
        `Nothing has changed. The configuration file ${file} cannot be read: ENOENT: no such file or directory, open '${file}'.`,
      ],
    ] as const) {
      if (bad === null) rmSync(file);
      else a.file("a.yaml", bad);
      assert.deepEqual(await reload(a), ["error", sentence]);
      assert.equal(await shown(), text);
    }

    // What is shown, written into the file itself: only this daemon has the secret, until the file is loaded.
    a.file("a.yaml", text);
    const refused = await a.at("restart");
    assert.deepEqual([refused.code, refused.out], [1, ""]);
    assert.match(
      refused.err,
      /^hpim-dm: \S+a\.yaml:\d+:\d+: interfaces\.r0\.security\.keys\.0\.secret: is not here but hidden, [^\n]*\n$/,
    );
    assert.deepEqual(await reload(a), isInForce);
    assert.equal(await shown(), text);

    for (const router of [a, b]) {
      assert.deepEqual(
        (await neighborsOf(router)).map(({ state }) => state),
        ["SYNCED"],
      );
      assert.doesNotMatch(router.logged(), /is gone|swordfish/);
    }
    assert.equal((await a.at("restart")).code, 0);
    await until("both are SYNCED again", async () => {
      const all = [...(await neighborsOf(a)), ...(await neighborsOf(b))];
      return all.length === 2 && all.every(({ state }) => state === "SYNCED");
    });
    assert.equal(await shown(), text);

    const modes = [a.state, a.runtime].flatMap((directory) =>
      [directory, ...readdirSync(directory).map((name) => join(directory, name))].map(
        (path) =>
          `${path.slice(dirname(a.state).length)} ${(statSync(path).mode & 0o777).toString(8)}`,
      ),
    );
    assert.deepEqual(modes, [
      ...["/state 700", "/state/boot-time.r0 600", "/state/changes.yaml 600"],
      ...["/run 700", "/run/control.sock 600"],
    ]);
  },
);

test("SIGHUP without a configuration file changes nothing, and says so", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  assert.equal((await router.start()).code, 0);
  assert.deepEqual(await reload(router), [
    "warn",
    "SIGHUP changes nothing: the daemon was started without a configuration file.",
  ]);
});

test(
  "--foreground: SIGHUP is passed on, and reads the file again where the log goes elsewhere",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    const file = router.file("r.yaml", "hpim: {treeLimit: 5}\n");
    const words = router.words("start", "--foreground", "--config", file, ...router.directories);
    const child = spawn("ip", words, { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const shown = async (): Promise<string> => (await router.at("config", "show")).out;
    await until("it answers", async () => (await shown()).includes("treeLimit: 5"));
    router.file("r.yaml", "hpim: {treeLimit: 6}\n");
    child.kill("SIGHUP");
    await until("it has read the file", async () => (await shown()).includes("treeLimit: 6"));
    assert.equal((await router.at("stop")).code, 0);
    assert.equal(await ended, 0);
  },
);

test("--foreground: the daemon ends with its terminal", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const start = router.words("start", "--foreground", ...router.directories);
  const terminal = spawn("script", ["-qec", ["ip", ...start].join(" "), "/dev/null"], {
    stdio: "ignore",
  });
  await until("it answers", async () => (await router.at("config", "show")).code === 0);
  terminal.kill("SIGKILL");
  await until("it is gone", async () => (await router.at("config", "show")).code === 3);
});
