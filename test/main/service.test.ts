// What the daemon tells the service manager that started it, which is a real socket here: sd_notify(3), sd-daemon(3).
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { whenDone } from "../support/cleanup.ts";
import { needsRoot } from "../support/namespace.ts";
import { listenForNotices } from "../support/notify-socket.ts";
import { fromRoot } from "../support/root.ts";
import { until } from "../support/until.ts";
import { RouterProcess } from "./router-process.ts";

/** How a daemon is started as a service. */
interface Setting {
  /** What a shell sets for it; "$$" is its process. */
  readonly variables?: readonly string[];
  readonly words?: readonly string[];
}

/** Starts the daemon of `router` as a service, whose log is returned. */
function startDaemon(
  t: TestContext,
  router: RouterProcess,
  { variables = [], words = [] }: Setting,
): { readonly child: ChildProcess; readonly log: () => string } {
  const file = router.file("output", "");
  const fd = openSync(file, "a");
  const shell = ["sh", "-c", `${variables.join(" ")} exec "$@"`, "sh"];
  const directories = ["--runtime-dir", router.runtime, "--state-dir", router.state];
  const daemon = [process.execPath, fromRoot("dist/bundle/main/index.js"), ...directories];
  const program = ["netns", "exec", router.namespace.name, ...shell, ...daemon, ...words];
  const child = spawn("ip", program, { stdio: ["ignore", fd, fd] });
  whenDone(t, () => void child.kill("SIGKILL"));
  return { child, log: () => readFileSync(file, "utf8") };
}

const besides = (router: RouterProcess, name: string): string =>
  join(dirname(router.runtime), name);

/** A router whose daemon speaks to a service manager that listens; what it says, in lines. */
function service(
  t: TestContext,
  { variables = [], words = [] }: Setting = {},
  router: RouterProcess = new RouterProcess(t),
) {
  const name = besides(router, "notify");
  const said: string[] = [];
  const onReady: (() => void)[] = [];
  listenForNotices(t, name, (lines) => {
    said.push(...lines);
    if (lines.includes("READY=1")) for (const call of onReady.splice(0)) call();
  });
  const started = startDaemon(t, router, {
    variables: [`NOTIFY_SOCKET=${name}`, ...variables],
    words,
  });
  const ready = (): Promise<void> => until("it is ready", () => said.includes("READY=1"));
  return { ...started, router, said, onReady, ready };
}

const WATCHDOG = ["WATCHDOG_USEC=100000", "WATCHDOG_PID=$$"];
const PING = "WATCHDOG=1";
const pings = (said: readonly string[]): number => said.filter((line) => line === PING).length;

test(
  "it is ready once the control socket answers, and says so when it ends",
  needsRoot,
  async (t) => {
    const { router, said, onReady, ready, log } = service(t);
    const answers = new Promise<void>((resolve, reject) => {
      onReady.push(() => {
        const client = connect(join(router.runtime, "control.sock"), () => {
          client.end();
          resolve();
        });
        client.once("error", reject);
      });
    });
    await ready();
    await answers;
    assert.match(said.join(), /^READY=1,STATUS=hpim-dm \d+\.\d+\.\d+ runs\.$/);
    assert.equal((await router.at("stop")).code, 0);
    assert.deepEqual(said.slice(2), ["STOPPING=1", "STATUS=It says goodbye to its neighbors."]);
    assert.doesNotMatch(log(), /service manager/);
  },
);

test("a daemon that does not come up is never ready", needsRoot, async (t) => {
  const { child, said } = service(t, { words: ["--config", "/nonexistent"] });
  const [code] = await once(child, "exit");
  assert.equal(code, 1);
  assert.deepEqual(said, []);
});

test("SIGHUP: it reloads, and is ready again with what became of that", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const config = router.file("r.yaml", "interfaces: {r0: {igmp: true}}\n");
  const { child, said, ready } = service(t, { words: ["--config", config] }, router);
  await ready();
  for (const [holds, status] of [
    ["interfaces: {r0: {hpim: true}}\n", /r\.yaml is in force\.$/],
    ["interfaces: 3\n", /^Nothing has changed:$/],
  ] as const) {
    said.length = 0;
    router.file("r.yaml", holds);
    child.kill("SIGHUP");
    await until("it is ready again", () => said.includes("READY=1"));
    const [reloading, time = "", again, sentence = ""] = said;
    assert.deepEqual([reloading, again], ["RELOADING=1", "READY=1"]);
    const micros = /^MONOTONIC_USEC=(\d+)$/.exec(time)?.[1];
    const now = process.hrtime.bigint() / 1_000n;
    assert.ok(BigInt(micros ?? -1) > now - 3_600_000_000n && BigInt(micros ?? -1) <= now, time);
    assert.match(sentence.replace(/^STATUS=/, ""), status);
  }
});

test(
  "its event loop says that it goes round; when it stands, it says nothing",
  needsRoot,
  async (t) => {
    const [one, other] = [service(t, { variables: WATCHDOG }), service(t, { variables: WATCHDOG })];
    const { pid } = one.child;
    assert.ok(pid !== undefined);
    const inTurn = async (): Promise<void> => {
      const before = pings(other.said);
      await until("the other one pings on", () => pings(other.said) >= before + 10);
    };
    await until("both ping", () => pings(one.said) > 1 && pings(other.said) > 1);
    assert.equal(one.said[0], "READY=1");
    process.kill(pid, "SIGSTOP");
    await until("it stands", () => /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, "utf8")));
    // What it had said before has come by then.
    await inTurn();
    one.said.length = 0;
    await inTurn();
    assert.deepEqual(one.said, []);
    process.kill(pid, "SIGCONT");
    await until("it pings again", () => pings(one.said) > 0);
  },
);

test(
  "a service manager that is not there holds nothing up, and is named once",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    const variables = [
      "NOTIFY_SOCKET=/nonexistent/notify",
      "WATCHDOG_USEC=2000",
      "WATCHDOG_PID=$$",
    ];
    const { log } = startDaemon(t, router, { variables });
    await until("it answers", async () => (await router.at("show", "version")).code === 0);
    assert.equal((await router.at("stop")).code, 0);
    const warnings = log()
      .split("\n")
      .filter((line) => line.includes("service manager"));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /"warn".*does not take messages on .*ENOENT/);
  },
);

test("nor does one that has stopped reading", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const socket = besides(router, "notify");
  listenForNotices(t, socket, null);
  const variables = [`NOTIFY_SOCKET=${socket}`, "WATCHDOG_USEC=2000", "WATCHDOG_PID=$$"];
  const { log } = startDaemon(t, router, { variables });
  await until("there is no room left", () => /does not take messages on .*EAGAIN/.test(log()));
  assert.equal((await router.at("stop")).code, 0);
  assert.equal(log().split("service manager").length, 2);
});

test("lines for the journal begin with their priority", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const stream = "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2)";
  const { child, log } = startDaemon(t, router, { variables: [stream] });
  await until("it answers", async () => (await router.at("show", "version")).code === 0);
  child.kill("SIGHUP");
  await until("it has logged that", () => log().includes("SIGHUP"));
  assert.equal((await router.at("stop")).code, 0);
  const lines = log().trimEnd().split("\n");
  const [runs, unchanged, ended, ...others] = lines;
  assert.match(runs ?? "", /^<6>hpim-dm .* runs as process /);
  assert.match(unchanged ?? "", /^<4>SIGHUP changes nothing/);
  assert.match(ended ?? "", /^<6>The daemon has ended\./);
  assert.deepEqual(others, []);
});

test("where the journal is not what the log goes to, they do not", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const { child, log } = startDaemon(t, router, { variables: ["JOURNAL_STREAM=1:1"] });
  await until("it answers", async () => (await router.at("show", "version")).code === 0);
  child.kill("SIGTERM");
  await once(child, "exit");
  for (const line of log().trimEnd().split("\n")) JSON.parse(line);
});
