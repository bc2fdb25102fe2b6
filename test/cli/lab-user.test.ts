// hpim-dm lab for a user who is not root: a lab in namespaces of that user's own, and nothing left of it.
// That user's copy of the program is made here: the repository may lie where only root can read.
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { neighborsSchema } from "../../src/api/lists/neighbors.ts";
import { LAB_DIRECTORY } from "../../src/lab/record.ts";
import { whenDone } from "../support/cleanup.ts";
import { needsRoot } from "../support/namespace.ts";
import { copyProgram } from "../support/program-copy.ts";
import { unwantedRights } from "../support/rights.ts";
import { until } from "../support/until.ts";

/** Nobody's, and no other test's: what runs as this user is ours. */
const UID = 61_234;
const OTHER = "other";
/** The names of all labs of these tests. */
const LABS = ["pair", OTHER];
const WANTED_BUFFER_BYTES = 8 << 20;
const DROP_ROOT = ["--reuid", `${UID}`, "--regid", `${UID}`, "--clear-groups", "--"];

const files = mkdtempSync(join(tmpdir(), "hpt-user-"));
const program = join(files, "program");
const runtime = join(files, "run");
const home = join(files, "home");
const command = join(program, "bin", "hpim-dm");
const pair = join(program, "topologies", "pair.yaml");

before(() => {
  if (needsRoot.skip !== false) return;
  for (const directory of [program, runtime, home]) mkdirSync(directory);
  copyProgram(program);
  execFileSync("chown", ["-R", `${UID}:${UID}`, files]);
});

process.on("exit", () => rmSync(files, { recursive: true }));

/** Those that have not ended. */
const running = new Set<Running>();

interface Running {
  readonly child: ChildProcess;
  /** What it has said so far, errors last. */
  said(): string;
  readonly ended: Promise<Outcome>;
}

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts `words` as the user, in a process group of their own. */
function startAsUser(words: readonly string[]): Running {
  const child = spawn("setpriv", [...DROP_ROOT, ...words], {
    cwd: "/",
    detached: true,
    env: {
      HOME: home,
      XDG_RUNTIME_DIR: runtime,
      PATH: `${join(program, "bin")}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<Outcome>((resolve) => {
    child.once("close", (code) => {
      running.delete(started);
      resolve({ code, out, err });
    });
  });
  const started: Running = { child, said: () => out + err, ended };
  running.add(started);
  return started;
}

const startLab = (...words: readonly string[]): Running => startAsUser([command, "lab", ...words]);
const lab = (...words: readonly string[]): Promise<Outcome> => startLab(...words).ended;

const ask = (node: string, ...words: readonly string[]): Promise<Outcome> =>
  lab("exec", node, "--", ...words);

interface UserProcess {
  readonly pid: string;
  readonly command: string;
}

/** The user's processes but those that have ended and are still to be reaped. */
function processes(): readonly UserProcess[] {
  return readdirSync("/proc").flatMap((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      if (!new RegExp(`^Uid:\t${UID}\t`, "m").test(status) || /^State:\tZ/m.test(status)) return [];
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return [{ pid, command: words.join(" ") }];
    } catch {
      return [];
    }
  });
}

/** The process of the user's keeper, of which there is one. */
function keeper(): number {
  const keepers = processes().filter(({ command: text }) => text.includes("keeper-main.js"));
  assert.equal(keepers.length, 1, "one keeper runs");
  return Number(keepers[0]?.pid);
}

function assertNothingLeft(): void {
  assert.deepEqual(processes(), []);
  assert.deepEqual([readdirSync(runtime), readdirSync(home)], [[], []]);
}

/** Whether this machine lets the user have namespaces at all, as unshare(1) finds it. */
const isAllowed = (): boolean =>
  spawnSync("setpriv", [
    ...[...DROP_ROOT, "unshare", "--user", "--map-root-user", "--mount", "--net"],
    ...["unshare", "--pid", "--fork", "mount", "-n", "-t", "proc", "proc", "/proc"],
  ]).status === 0;

async function assertForbidden(words: readonly string[], reason: RegExp): Promise<void> {
  const { code, out, err } = await startAsUser(words).ended;
  assert.deepEqual([code, out], [3, ""], err);
  assert.match(
    err,
    /^hpim-dm: Without root a lab needs a user namespace, .*: run this as root.*\n$/,
  );
  assert.match(err, reason);
}

/** A test of a lab; where the machine forbids it, the command has to say so. */
const testAsUser = (title: string, body: () => Promise<void>): void =>
  void test(title, needsRoot, async (t) => {
    if (!isAllowed()) return assertForbidden([command, "lab", "up", pair], /does not allow/);
    whenDone(t, async () => {
      for (const { child, ended } of running) {
        child.kill("SIGTERM");
        await ended;
      }
      for (const name of LABS) await lab("down", "--name", name);
      for (const { pid, command: text } of processes()) {
        if (text.includes(files)) process.kill(Number(pid), "SIGKILL");
      }
    });
    await body();
    assertNothingLeft();
  });

testAsUser("a user's lab routes multicast, and goes without a trace", async () => {
  const up = await lab("up", pair);
  assert.equal(up.code, 0, up.err);
  assert.match(up.out, /^Lab "pair" is up: .*\n.*\nMade without root: .*\n$/);
  await until("R1 and R2 are synchronised", async () => {
    const { out } = await ask("R1", "hpim-dm", "show", "neighbors", "--json");
    const { neighbors } = neighborsSchema.parse(JSON.parse(out));
    return neighbors.some(({ state }) => state === "SYNCED");
  });

  const daemons = processes().filter(({ command: text }) => text.includes("main/index.js"));
  assert.equal(daemons.length, 2);
  for (const { pid } of daemons) assert.deepEqual(unwantedRights(Number(pid)), []);

  const receiver = startLab("receive", "Client", "224.12.12.12", "--count", "20");
  await until("the client has joined", () => receiver.said().includes("has joined"));
  const sender = startLab("send", "Source", "224.12.12.12", "--rate", "100", "--count", "6000");
  const received = await receiver.ended;
  assert.equal(received.code, 0, received.err);
  assert.match(received.out, /Client received 20 packets from 224\.12\.12\.12/);
  sender.child.kill("SIGTERM");
  const sent = await sender.ended;
  assert.equal(sent.code, 0, sent.err);
  assert.match(sent.out, /^Source sent \d+ packets to 224\.12\.12\.12\.\n$/);
  assert.doesNotMatch(sent.out, /6000/, "it was ended");

  const { out: log } = await ask("R1", "cat", join(LAB_DIRECTORY, "pair/R1/state/hpim-dm.log"));
  const isLimited =
    Number(readFileSync("/proc/sys/net/core/rmem_max", "utf8")) < WANTED_BUFFER_BYTES;
  assert.equal(
    log.match(/The receive buffer for new flows is \d+ bytes/g)?.length ?? 0,
    +isLimited,
  );

  assert.equal((await ask("R1", "sh", "-c", "exit 42")).code, 42);
  assert.match((await lab("list")).out, /^pair .* up +4$/m);
  const down = await lab("down");
  assert.deepEqual(down, { code: 0, out: 'Lab "pair" is gone.\n', err: "" });
});

testAsUser("a killed keeper takes the lab along, which the next command says", async () => {
  const up = await lab("up", pair);
  assert.equal(up.code, 0, up.err);
  process.kill(keeper(), "SIGKILL");
  await until("all processes are gone", () => processes().length === 0);
  assert.deepEqual(await lab("list"), {
    code: 0,
    out: "No lab is up.\n",
    err: "The keeper of your labs was killed, and all of them ended with it.\n",
  });
});

testAsUser("two commands at once after a killed keeper find one new keeper", async () => {
  const up = await lab("up", pair);
  assert.equal(up.code, 0, up.err);
  process.kill(keeper(), "SIGKILL");
  await until("all processes are gone", () => processes().length === 0);
  // The first is slow to remove the killed keeper's socket, as if the machine had other things to do.
  const slowly = ["-o", "/dev/null", "-e", "trace=unlink", "-e", "inject=unlink:delay_enter=3s"];
  const first = startAsUser(["strace", ...slowly, command, "lab", "up", pair]);
  await until("the first found a killed keeper", () => first.said().includes("was killed"));
  const second = startLab("up", pair, "--name", OTHER);
  for (const { code, err } of await Promise.all([first.ended, second.ended])) {
    assert.equal(code, 0, err);
  }
  assert.match((await lab("list")).out, new RegExp(`^${OTHER} .* up +4$\n^pair .* up +4$`, "m"));
  keeper();
  for (const name of LABS) assert.equal((await lab("down", "--name", name)).code, 0);
});

testAsUser("Ctrl-C while a lab comes up leaves nothing of it", async () => {
  const up = startLab("up", pair);
  const isBegun = (): boolean =>
    processes().some(({ pid }) => existsSync(`/proc/${pid}/root${LAB_DIRECTORY}/pair.json`));
  await until("the lab's record is there", isBegun);
  process.kill(-(up.child.pid ?? assert.fail("it was started")), "SIGINT");
  const { code, out, err } = await up.ended;
  assert.deepEqual([code, out], [1, ""]);
  assert.equal(err, 'hpim-dm: Interrupted: the lab "pair" is not up.\n');
});

testAsUser("where user namespaces are forbidden, one line says what to do", async () => {
  const forbid = `echo 0 >/proc/sys/user/max_user_namespaces
    exec setpriv --ambient-caps=-all --inh-caps=-all ${command} lab up ${pair}`;
  await assertForbidden(
    ["unshare", "--user", "--map-user=1000", "--keep-caps", "sh", "-ec", forbid],
    /user\.max_user_namespaces is 0.* "sysctl -w user\.max_user_namespaces=\d+"/,
  );
});
