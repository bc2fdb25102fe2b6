// What the daemon may do: whoever starts it, no thread of it has more rights than routing multicast takes.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { HostProcess } from "../linux/host-process.ts";
import { runProgram } from "../support/command.ts";
import { needsRoot } from "../support/namespace.ts";
import { copyProgram } from "../support/program-copy.ts";
import { unwantedRights } from "../support/rights.ts";
import { fromRoot } from "../support/root.ts";
import { until } from "../support/until.ts";
import { RouterProcess } from "./router-process.ts";

/** Nobody's, and no other test's. */
const USER = 61_235;
const GROUP = 4321;
const KEEPS = "The daemon keeps rights that it does not need: ";

/** The program where USER may read it. */
let copy = "";
const files = mkdtempSync(join(tmpdir(), "hpt-rights-"));

before(() => {
  if (needsRoot.skip !== false) return;
  mkdirSync(join(files, "program"));
  copy = copyProgram(join(files, "program"));
  execFileSync("chown", ["-R", `${USER}:${USER}`, join(files, "program")]);
  chmodSync(files, 0o755);
});

after(() => rmSync(files, { recursive: true }));

/** Has the daemon of `router` route multicast, and be asked. */
async function assertWorks(router: RouterProcess): Promise<void> {
  router.addInterface();
  for (const protocol of ["interface", "igmp"]) {
    const { code, err } = await router.at(protocol, "add", "r0");
    assert.deepEqual([code, err], [0, ""]);
  }
  await until("both run on r0", async () => {
    const { out } = await router.at("show", "interfaces");
    return /^r0 +up +10\.9\.0\.1\/24 +0 +on +\d+ +0 +Querier /m.test(out);
  });
}

test(
  "root's daemon keeps CAP_NET_ADMIN and CAP_NET_RAW, in all threads, and works",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    const { code, err } = await router.start();
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(unwantedRights(await router.pid()), []);
    await assertWorks(router);
    assert.equal((await router.at("stop")).code, 0);
    assert.doesNotMatch(router.logged(), /rights/);
  },
);

test("--foreground: the same", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const words = router.words("start", "--foreground", ...router.directories);
  const child = spawn("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
  const logged = text(child.stderr);
  const ended = new Promise((resolve) => child.once("close", resolve));
  await until("it answers", async () => (await router.at("show", "interfaces")).code === 0);
  assert.deepEqual(unwantedRights(await router.pid()), []);
  assert.equal((await router.at("stop")).code, 0);
  assert.equal(await ended, 0);
  const lines = (await logged).trimEnd().split("\n");
  const messages = lines.map((line) => JSON.parse(line).msg);
  assert.match(messages[0], /runs as process/);
  assert.equal(messages.at(-1), "The daemon has ended.");
});

const ambient = (capabilities: string): readonly string[] => [
  ...["--inh-caps", capabilities, "--ambient-caps", capabilities],
];
const AS_USER = ["--reuid", `${USER}`, "--regid", `${USER}`, "--clear-groups"];

/** Whoever has no CAP_SETPCAP keeps the bounding set, which is of no use without new privileges. */
const STARTERS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["a user with these two", [...AS_USER, ...ambient("+net_admin,+net_raw")], ["CapBnd"]],
  [
    "a user with more",
    [...AS_USER, ...ambient("+net_admin,+net_raw,+sys_admin,+dac_override")],
    ["CapBnd"],
  ],
  ["root without CAP_SETPCAP", ["--bounding-set", "-setpcap"], ["CapBnd"]],
  [
    "root without root's privileges (SECBIT_NOROOT)",
    ["--securebits", "+noroot", ...ambient("+net_admin,+net_raw,+setpcap,+chown")],
    [],
  ],
];

for (const [title, words, stay] of STARTERS) {
  test(`${title}: a daemon with these two, which works`, needsRoot, async (t) => {
    const router = new RouterProcess(t);
    const home = dirname(router.runtime);
    if (words.includes("--reuid")) chownSync(home, USER, USER);
    const start = [process.execPath, copy, "start", ...router.directories];
    const program = ["netns", "exec", router.namespace.name, "setpriv", ...words, "--", ...start];
    const { code, err } = await runProgram("ip", program);
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(unwantedRights(await router.pid()), stay);
    await assertWorks(router);
    assert.doesNotMatch(router.logged(), /rights/);
  });
}

test(
  "a program that only another user may read is read all the same, and the log says so",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    const program = join(files, "program");
    chmodSync(program, 0o700);
    t.after(() => chmodSync(program, 0o755));
    const start = [process.execPath, copy, "start", ...router.directories];
    const { code } = await runProgram("ip", ["netns", "exec", router.namespace.name, ...start]);
    assert.equal(code, 0);
    const index = join(program, "dist/bundle/main/index.js");
    const sentence = `${KEEPS}CAP_DAC_READ_SEARCH. Only so can it read its own program, ${index}: install it where everybody may read.`;
    assert.equal(JSON.parse(router.logged().split("\n")[0] ?? "").msg, sentence);
    const stay = ["CapBnd", "CapEff", "CapPrm"];
    assert.deepEqual(unwantedRights(await router.pid()), stay);
  },
);

/** Words before the daemon's own that keep it from executing itself once more, and what its log says then. */
const HINDRANCES: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    "that fails",
    [
      "strace",
      ...["-f", "-o", "/dev/null", "-e", "trace=execve"],
      ...["-e", "inject=execve:error=EPERM"],
    ],
    /CAP_CHOWN, .*; .*\/node cannot be executed once more: execv failed with EPERM\.$/,
  ],
  [
    "that would be a second time",
    ["sh", "-c", 'HPIM_DM_EXECUTED=$$ exec "$@"', "sh"],
    /CAP_CHOWN, .*CAP_SYS_ADMIN, [^;]*\.$/,
  ],
];

for (const [title, first, sentence] of HINDRANCES) {
  test(
    `executing itself once more ${title}: it runs, and says what it keeps`,
    needsRoot,
    async (t) => {
      const router = new RouterProcess(t);
      const directories = ["--runtime-dir", router.runtime, "--state-dir", router.state];
      const daemon = [process.execPath, fromRoot("dist/bundle/main/index.js"), ...directories];
      const words = ["netns", "exec", router.namespace.name, ...first, ...daemon];
      const child = spawn("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
      const logged = text(child.stderr);
      await until("it answers", async () => (await router.at("show", "version")).code === 0);
      assert.equal((await router.at("stop")).code, 0);
      const message = JSON.parse((await logged).split("\n")[0] ?? "").msg;
      assert.ok(message.startsWith(KEEPS), message);
      assert.match(message, sentence);
    },
  );
}

test("config check, convert and schema need neither a daemon nor rights", needsRoot, async () => {
  const file = (name: string, holds: string, mode = 0o644): string => {
    const path = join(files, name);
    writeFileSync(path, holds, { mode });
    return path;
  };
  const secret = file("secret", "swordfish", 0o600);
  const key = (holds: string): string =>
    `interfaces: {r0: {security: {keys: [{identifier: 1, algorithm: md5, ${holds}}]}}}\n`;
  const good = file("good.yaml", key("secret: swordfish"));
  const exposed = `${good}:1:1: the file has secrets in it, and every user of this machine can read or change it: chmod 600, and choose other secrets if it was read\n`;
  const bad = file("bad.yaml", "hpim: {treeLimit: 0}\nlog: {level: info}\nigmp: 3\n");
  const others = file("others.yaml", key(`secretFile: ${secret}`));
  const hidden = file("hidden.yaml", key("secret: <redacted>"));
  const legacy = file("legacy.yaml", "HPIM-DM: {DefaultTimers: {HELLO_PERIOD: 5}}\n");
  const remark = `${legacy}:1:27: HPIM-DM.DefaultTimers.HELLO_PERIOD: had no effect in hpim-dm 1.5.1, which always used 10 s; here it is in force\n`;
  const problems = `hpim-dm: ${bad}:1:8: hpim.treeLimit: expected a whole number from 1 to 10000000\n${bad}:3:1: igmp: expected a map of settings\n`;
  for (const [words, code, out, err] of [
    [["check", good], 0, `${good} has no problems.\n`, exposed],
    [["check", legacy], 0, `${legacy} has no problems.\n`, remark],
    [["check", bad], 1, "", problems],
    [
      ["check", others],
      1,
      "",
      `hpim-dm: ${others}:1:69: interfaces.r0.security.keys.0.secretFile: ${secret} cannot be read: permission denied (EACCES)\n`,
    ],
    [
      ["check", secret],
      1,
      "",
      `hpim-dm: The configuration file ${secret} cannot be read: EACCES: permission denied, open '${secret}'.\n`,
    ],
    [["convert", legacy], 0, "hpim:\n  helloPeriod: 5\n", remark],
    [["convert", bad], 1, "", problems],
  ] as const) {
    const command = [...AS_USER, "--", process.execPath, copy, "config", ...words];
    assert.deepEqual(await runProgram("setpriv", command), { code, out, err });
  }
  const checked = await runProgram(process.execPath, [copy, "config", "check", hidden]);
  assert.equal(checked.code, 1);
  assert.ok(
    checked.err.startsWith(
      `hpim-dm: ${hidden}:1:69: interfaces.r0.security.keys.0.secret: is not here but hidden`,
    ),
    checked.err,
  );
  const command = [...AS_USER, "--", process.execPath, copy, "config", "schema"];
  const { code, out } = await runProgram("setpriv", command);
  assert.equal(code, 0);
  assert.equal(JSON.parse(out).title, "hpim-dm configuration file");
});

test(
  "the socket gets the group of its directory by the bit set-group-ID; without it start says so",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    mkdirSync(router.runtime);
    chownSync(router.runtime, 0, GROUP);
    chmodSync(router.runtime, 0o750);
    const socket = (): readonly number[] => {
      const { mode, gid } = statSync(join(router.runtime, "control.sock"));
      return [mode & 0o777, gid];
    };
    const refused = await router.start();
    assert.equal(refused.code, 0);
    assert.match(
      refused.err,
      /^hpim-dm: The group of .*\/run cannot use .*: run "chmod g\+s .*\n$/,
    );
    assert.deepEqual(socket(), [0o600, 0]);
    assert.equal((await router.at("stop")).code, 0);

    chmodSync(router.runtime, 0o2750);
    const { code, err } = await router.start();
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(socket(), [0o660, GROUP]);
    const member = ["--regid", `${GROUP}`, "--clear-groups", "--reuid", `${USER}`, "--"];
    const words = [...member, process.execPath, copy, "show", "version"];
    chmodSync(dirname(router.runtime), 0o755);
    const asked = await runProgram("setpriv", [...words, "--runtime-dir", router.runtime]);
    assert.equal(asked.code, 0, asked.err);
  },
);

test(
  "of a process with more rights that holds multicast routing it says how root finds it",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    const holder = new HostProcess(t, router.namespace);
    await holder.call("now");
    const { code, err } = await router.start();
    assert.equal(code, 1);
    const [, finds = ""] =
      /namespace \(as root, "(.*)" shows which\): .*EADDRINUSE/.exec(err) ?? [];
    const [program = "", ...words] = finds.split(" ");
    assert.match(router.namespace.run(program, ...words), /igmp.*pid=\d+/);
  },
);
