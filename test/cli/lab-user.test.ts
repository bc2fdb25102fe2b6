// hpim-dm lab for a user who is not root: a lab in namespaces of that user's own, and nothing left of it.
// That user's copy of the program is made here: the repository may lie where only root can read.
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { neighborsSchema } from "../../src/api/lists/neighbors.ts";
import { waitUntil } from "../../src/lab/namespaces.ts";
import { LAB_DIRECTORY } from "../../src/lab/record.ts";
import { needsRoot } from "../support/namespace.ts";
import { fromRoot } from "../support/root.ts";

/** Nobody's. */
const UID = 61_234;
const DEADLINE_MS = 60_000;
const WANTED_BUFFER_BYTES = 8 << 20;
const DROP_ROOT = ["--reuid", `${UID}`, "--regid", `${UID}`, "--clear-groups", "--"];

const files = mkdtempSync(join(tmpdir(), "hpt-user-"));
const program = join(files, "program");
const runtime = join(files, "run");
const home = join(files, "home");
const command = join(program, "bin", "hpim-dm");
const pair = join(program, "topologies", "pair.yaml");

function copyProgram(): void {
  const { packages }: { packages: Record<string, { dev?: boolean }> } = JSON.parse(
    readFileSync(fromRoot("package-lock.json"), "utf8"),
  );
  const needed = Object.keys(packages).filter(
    (path) => path !== "" && packages[path]?.dev !== true && existsSync(fromRoot(path)),
  );
  const paths = ["bin", "dist/src", "topologies", "package.json", ...needed];
  execFileSync("cp", ["-rL", "--parents", ...paths, program], { cwd: fromRoot() });
  execFileSync("cp", [process.execPath, join(program, "bin", "node")]);
}

before(() => {
  if (needsRoot.skip !== false) return;
  for (const directory of [program, runtime, home]) mkdirSync(directory);
  copyProgram();
  execFileSync("chown", ["-R", `${UID}:${UID}`, files]);
});

after(() => rmSync(files, { recursive: true }));

interface Running {
  readonly child: ChildProcess;
  /** What it has said so far. */
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
    child.once("close", (code) => resolve({ code, out, err }));
  });
  return { child, said: () => out, ended };
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

function assertNothingLeft(): void {
  assert.deepEqual(processes(), []);
  assert.deepEqual([readdirSync(runtime), readdirSync(home)], [[], []]);
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  assert.ok(await waitUntil(condition, DEADLINE_MS), `not within ${DEADLINE_MS} ms: ${what}`);
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
    t.after(async () => {
      await lab("down");
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
  const [keeper] = processes().filter(({ command: text }) => text.includes("keeper-main.js"));
  process.kill(Number(keeper?.pid ?? assert.fail("a keeper runs")), "SIGKILL");
  await until("all processes are gone", () => processes().length === 0);
  assert.deepEqual(await lab("list"), {
    code: 0,
    out: "No lab is up.\n",
    err: "The keeper of your labs was killed, and all of them ended with it.\n",
  });
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
