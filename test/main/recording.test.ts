// hpim-dm start --record, as people run it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import { test } from "node:test";
import { BARE_DAEMON } from "../../src/lab/daemon-process.ts";
import { replayFile } from "../../tools/replay/replay-file.ts";
import { COMMAND, runProgram } from "../support/command.ts";
import { needsRoot } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { RouterProcess } from "./router-process.ts";

/** What is said of a recording that is replayed. */
function said(path: string): string {
  const lines: string[] = [];
  replayFile(path, [], (line) => lines.push(line));
  return lines.join("\n");
}

/** Why a daemon does not come up that is to be recorded in this file, beside whatever runs there. */
async function refusal(router: RouterProcess, path: string): Promise<string> {
  const directories = ["--runtime-dir", `${router.runtime}.other`, "--state-dir", router.state];
  const words = [...BARE_DAEMON, "--record", path, ...directories];
  const ended = await runProgram("ip", ["netns", "exec", router.namespace.name, ...words]);
  assert.equal(ended.code, 1);
  return JSON.parse(ended.err.split("\n")[0] ?? "").msg;
}

test(
  "--record: a new file, not in place of another, whole to the end, also of a daemon that is killed",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    const config = router.file("r.yaml", "interfaces: { r0: { hpim: true } }\n");
    const path = `${config}.recording`;
    assert.equal((await router.start("--config", config, "--record", path)).code, 0);
    assert.match(router.logged(), new RegExp(`It is recorded in ${path}\\.`));
    await until("HPIM-DM is on record", async () =>
      readFileSync(path, "utf8").includes("protocolStarted"),
    );
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const other = `${path}.1`;
    assert.match(await refusal(router, other), /already routes multicast|in use|EADDRINUSE/);
    assert.equal(existsSync(other), false, "a start that fails leaves none");
    await router.kill();
    assert.match(said(path), /HPIM-DM runs on r0 as 10\.9\.0\.1\.\n(.*\n)*The same, to its end: /);

    const before = readFileSync(path, "utf8");
    assert.equal(
      await refusal(router, path),
      `The recording ${path} is there already: choose another name, or move it away.`,
    );
    assert.equal(readFileSync(path, "utf8"), before);
    assert.match(
      await refusal(router, "/nowhere/recording"),
      /^The recording \/nowhere\/recording cannot be made: ENOENT/,
    );

    const next = `${path}.2`;
    assert.equal((await router.start("--config", config, "--record", next)).code, 0);
    assert.equal((await router.at("stop")).code, 0);
    assert.match(
      readFileSync(next, "utf8"),
      /"input":\{"kind":"stop"\}\}\n(\{"(call|notice)".*\n)+$/,
    );
    const whole = said(next);
    assert.match(whole, /^The same, to its end: /m);
    assert.doesNotMatch(whole, /cut off/);
    truncateSync(next, statSync(next).size - 5);
    assert.match(said(next), /^The last line is cut off.*\nThe same, to its end: /m);
  },
);

test(
  "--record: a disk that is full ends the recording with a warning, and the daemon runs on",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    const config = router.file("r.yaml", "interfaces: { r0: { hpim: { helloPeriod: 50ms } } }\n");
    const disk = `${config}.disk`;
    mkdirSync(disk);
    const [recording, log] = [`${disk}/r`, `${config}.log`];
    const options = ["--foreground", "--config", config, "--record", recording];
    const words = [process.execPath, COMMAND, "start", ...options, ...router.directories];
    // In the mount namespace that "ip netns exec" makes.
    const script = `mount -t tmpfs -o size=8k none ${disk} && exec ${words.join(" ")} 2> ${log}`;
    const child = spawn("ip", ["netns", "exec", router.namespace.name, "sh", "-c", script]);
    const ended = once(child, "exit");
    const why = `The recording ${recording} has ended, and the daemon runs on: no space left on device (ENOSPC).`;
    await until("the disk is full", async () =>
      (existsSync(log) ? readFileSync(log, "utf8") : "").includes(why),
    );
    const root = `/proc/${await router.pid()}/root`;
    const neighbors = await router.at("show", "neighbors");
    assert.equal(neighbors.code, 0, "the daemon answers");
    assert.equal(
      replayFile(`${root}${recording}`, [], () => undefined),
      "same",
    );
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
    assert.equal(readFileSync(log, "utf8").split(why).length, 2, "it is said once");
  },
);
