// Looking on, on a real kernel: hpim-dm log --follow, log levels at run time, and hpim-dm watch in a real terminal.
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { unlinkSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { hasEnded } from "../../src/cli/process-state.ts";
import { whenDone } from "../support/cleanup.ts";
import { needsRoot } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { RouterProcess } from "./router-process.ts";

/** A program that runs on, and what it has written. */
interface Running {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
}

function runOn(t: TestContext, program: string, words: readonly string[]): Running {
  const child = spawn(program, words, { stdio: "pipe" });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    out += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    err += part;
  });
  whenDone(t, () => {
    child.kill("SIGKILL");
  });
  return { child, out: () => out, err: () => err };
}

const follow = (t: TestContext, router: RouterProcess, ...words: readonly string[]): Running => {
  const asked = router.words("log", "--follow", ...words, "--runtime-dir", router.runtime);
  return runOn(t, "ip", asked);
};

test(
  "log --follow: the past from the file, then what happens, once each; on over a restart",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    assert.equal((await router.start()).code, 0);
    const { out, err } = follow(t, router);
    const narrowed = follow(t, router, "--subsystem", "membership,neighbors", "--json");
    await until("the past is shown", () => out().includes("runs as process"));
    await until("it listens", async () => {
      await router.at("igmp", "add", "r0");
      await router.at("igmp", "remove", "r0");
      return narrowed.out().includes('"kind":"querier"') && out().includes("querier on r0");
    });
    assert.equal((await router.at("interface", "add", "r0")).code, 0);
    await until("it is shown", () => out().includes("HPIM-DM runs on r0"));
    assert.equal((await router.at("restart")).code, 0);
    await until("it is shown again", () => out().split("HPIM-DM runs on r0").length === 3);
    assert.equal(
      err(),
      "hpim-dm: The daemon has ended; what happens is shown again when one has started.\n",
    );
    const shown = out().trimEnd().split("\n");
    assert.deepEqual(shown, [...new Set(shown)], "no line twice");
    const logged = router.logged();
    for (const line of narrowed.out().trimEnd().split("\n")) {
      assert.match(line, /"subsystem":"membership"/);
      assert.ok(logged.includes(`${line}\n`), line);
    }
  },
);

test("log --follow: of a daemon in the foreground, or whose log is gone", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  router.addInterface();
  const words = router.words("start", "--foreground", ...router.directories);
  const daemon = runOn(t, "ip", words);
  await until("it runs", () => daemon.err().includes("runs as process"));
  const { code, err } = await router.at("log");
  assert.equal(code, 1);
  assert.match(err, /runs in the foreground: .* "hpim-dm log --follow" shows what happens/);
  const followed = follow(t, router);
  await until("it is shown", async () => {
    await router.at("interface", "add", "r0");
    await router.at("interface", "remove", "r0");
    return followed.out().includes("HPIM-DM runs on r0");
  });
  assert.equal(followed.err(), "");
  assert.equal((await router.at("stop")).code, 0);
  await until("it has ended", () => daemon.child.exitCode !== null);

  assert.equal((await router.start()).code, 0);
  unlinkSync(join(router.log, "hpim-dm.log"));
  const without = follow(t, router);
  await until("it says so", () => without.err().includes("The log cannot be read"));
  await until("it is shown", async () => {
    await router.at("interface", "add", "r0");
    await router.at("interface", "remove", "r0");
    return without.out().includes("HPIM-DM runs on r0");
  });
});

test("set log-level: at once, of all or one subsystem, and kept", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  router.addInterface();
  assert.equal((await router.start()).code, 0);
  for (const [typed, printed, code = 0] of [
    ["log-level warn", /^logLevel is warn\.\n$/],
    ["log-level debug --subsystem messages", /^logLevel is debug for messages\.\n$/],
    ["log-level error", /^logLevel is error, but debug for messages\.\n$/],
    ["log-level loud", /Expected one of debug, info, warn, error, or "default"\./, 2],
    ["log-level info --subsystem cows", /Allowed choices are interfaces, neighbors/, 2],
    ["log-level info --interface r0", /logLevel is a setting of the router: leave the/, 1],
  ] as const) {
    const { code: is, out, err } = await router.at("set", ...typed.split(" "));
    assert.equal(is, code, `${typed}: ${err}`);
    assert.match(code === 0 ? out : err, printed, typed);
  }
  assert.equal((await router.at("interface", "add", "r0")).code, 0);
  await until("its Hello is in the log", () =>
    router.logged().includes("Sent on r0 to 224.0.0.13"),
  );
  assert.doesNotMatch(router.logged(), /HPIM-DM runs on r0/);
  const past = await router.at(
    "log",
    "--level",
    "debug",
    "--subsystem",
    "messages",
    "--lines",
    "1",
  );
  assert.match(past.out, /^\S+Z {2}debug {2}Sent on r0 to 224\.0\.0\.13: Hello HoldTime \d+ s, /);
  assert.equal((await router.at("log", "--level", "info", "--interface", "r0")).out, "");
  assert.equal((await router.at("restart")).code, 0);
  const { out } = await router.at("show", "settings");
  assert.match(out, /^logLevel +router +error\nlogLevel +messages +debug$/m);
});

/** A terminal of 24 rows, in which hpim-dm watch runs, and then says how the terminal was left. */
function watchIn(t: TestContext, router: RouterProcess, ...words: readonly string[]): Running {
  const asked = router.words(
    "watch",
    "--interval",
    "0.2",
    ...words,
    "--runtime-dir",
    router.runtime,
  );
  const watched = `sh -c 'echo "process $$"; exec ip ${asked.join(" ")}'`;
  const command = `stty rows 24 columns 100; ${watched}; echo "left with $?"; stty -a`;
  return runOn(t, "script", ["-qc", command, "/dev/null"]);
}

/** Escape sequences, and what they show. */
const ESCAPES = /\p{Cc}\[[?0-9;]*[A-Za-z]/gu;
const ENTERED = "\u001b[?1049h";
const LEFT = "\u001b[?1049l";

/** The lines of the last frame that was drawn. */
function lastFrame(out: string): string {
  return (out.split("\u001b[H").at(-1) ?? "").replaceAll(ESCAPES, "");
}

test("watch: draws, hears keys, and leaves the terminal as it was", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  router.addInterface();
  assert.equal((await router.start()).code, 0);
  assert.equal((await router.at("interface", "add", "r0")).code, 0);
  const { child, out } = watchIn(t, router);
  const shows = (text: RegExp) => until(`${text}`, () => text.test(lastFrame(out())));
  await shows(/^hpim-dm \S+, process \d+, up .*trees: 0 ACTIVE/);
  await shows(/rates over \d/);
  await shows(/r0 +up +on/);
  child.stdin?.write("/239.1");
  await shows(/group or source .*: 239\.1_/);
  child.stdin?.write("\r");
  await shows(/239\.1 is no group or source/);
  child.stdin?.write(".0.0/16\r");
  await shows(/only 239\.1\.0\.0\/16;/);
  await shows(/Nothing matches\./);
  child.stdin?.write("/7");
  await shows(/group or source .*: 7_/);
  child.stdin?.write("\u0015");
  await shows(/group or source .*: _/);
  child.stdin?.write("\u001b");
  await shows(/only 239\.1\.0\.0\/16;/);
  child.stdin?.write("?");
  await shows(/q, ctrl-C +end/);
  child.stdin?.write("?p");
  await shows(/PAUSED/);
  child.stdin?.write("p");
  await shows(/only 239\.1\.0\.0\/16; rates/);
  child.stdin?.write("q");
  await until("it has ended", () => out().includes("left with 0"));
  await until("the terminal has, too", () => child.exitCode !== null);
  assert.ok(out().indexOf(ENTERED) < out().indexOf(LEFT));
  assert.match(out().slice(out().indexOf(LEFT)), / icanon(.*\r?\n)*.* echo /);
});

test(
  "watch: says that the daemon does not answer, and goes on with the next one, also with its events",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    assert.equal((await router.start()).code, 0);
    const { child, out } = watchIn(t, router);
    const shows = (text: RegExp) => until(`${text}`, () => text.test(lastFrame(out())));
    const showsEvent = (what: string, text: RegExp) =>
      until(what, async () => {
        await router.at("igmp", "add", "r0");
        await router.at("igmp", "remove", "r0");
        return text.test(lastFrame(out()));
      });
    await shows(/^hpim-dm \S+, process \d+, up/);
    await showsEvent("an event is drawn", /We are the IGMP querier on r0\./);

    const pid = await router.pid();
    process.kill(pid, "SIGSTOP");
    try {
      await shows(
        /^NO ANSWER .* since [\d:]{8} \(\d+s\).*\s+The daemon takes connections and says/,
      );
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await shows(/^hpim-dm .*The daemon answers again: process/s);

    await router.kill();
    await shows(/^NO ANSWER .*\s+No daemon answers on .*control\.sock/);
    assert.equal((await router.start()).code, 0);
    await shows(/^hpim-dm .*Another daemon answers: process/s);
    await shows(new RegExp(`runs as process ${await router.pid()}\\.`));
    await showsEvent("an event of the next daemon", /Another daemon.*We are the IGMP querier/s);

    child.stdin?.write("p");
    await shows(/PAUSED/);
    await router.kill();
    await shows(/^NO ANSWER [^\n]*\s+No daemon answers on .*PAUSED/s);
    assert.equal((await router.start()).code, 0);
    await shows(/^hpim-dm .*PAUSED/s);
    child.stdin?.write("q");
    await until("it has ended", () => out().includes("left with 0"));
  },
);

test("watch: ctrl-C, a signal and the end of its terminal end it", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  assert.equal((await router.start()).code, 0);
  const drawn = async (): Promise<Running & { readonly pid: number }> => {
    const watched = watchIn(t, router);
    await until("it has drawn", () => lastFrame(watched.out()).includes("trees: "));
    return { ...watched, pid: Number(/^process (\d+)/.exec(watched.out())?.[1]) };
  };
  const interrupted = await drawn();
  interrupted.child.stdin?.write("\u0003");
  await until("ctrl-C has ended it", () => interrupted.out().includes("left with 0"));
  const signalled = await drawn();
  process.kill(signalled.pid, "SIGTERM");
  await until("the signal has ended it", () => signalled.out().includes("left with 143"));
  for (const { out } of [interrupted, signalled]) assert.ok(out().includes(LEFT));
  const alone = await drawn();
  alone.child.kill("SIGKILL");
  await until("it has ended with its terminal", () => hasEnded(alone.pid));
});

test(
  "watch: without a terminal it says what to use; --once prints a frame",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    assert.equal((await router.at("watch", "--once")).code, 3);
    assert.equal((await router.start()).code, 0);
    const refused = await router.at("watch");
    assert.deepEqual([refused.code, refused.out], [1, ""]);
    assert.match(
      refused.err,
      /^hpim-dm: This is no terminal to watch on: use "hpim-dm watch --once"/,
    );
    assert.equal((await router.at("interface", "add", "r0")).code, 0);
    const { code, out, err } = await router.at("watch", "--once", "--interval", "0.1");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(
      out,
      /^hpim-dm .*\nInterface .*\nr0 +up +on .*\n\nThere are no neighbors\.\n(.*\n)*rates over .*\n$/,
    );
    assert.ok(!out.includes("\u001b"), "no escape sequences");
  },
);
