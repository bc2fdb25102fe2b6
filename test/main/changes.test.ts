// What commands change while the daemon runs is there when it starts again, on a real kernel and file system.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { interfacesSchema } from "../../src/api/lists/interfaces.ts";
import { ask } from "../../src/cli/client.ts";
import { needsRoot } from "../support/namespace.ts";
import { RouterProcess } from "./router-process.ts";

/** What runs on r0: "HPIM-DM's state, IGMP's state". */
async function statesOnR0(router: RouterProcess): Promise<string> {
  const { interfaces } = interfacesSchema.parse(
    await ask(router.runtime, ["GET", "/v1/interfaces"]),
  );
  const row = interfaces.find(({ name }) => name === "r0");
  return `${row?.hpim.state}, ${row?.igmp.state}`;
}

test("changes outlive kill -9 and stop; start --clean forgets them", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  router.addInterface();
  const config = router.file("r.yaml", "interfaces: {r0: {hpim: true}}\n");
  const start = async (...words: readonly string[]): Promise<string> => {
    const { code, err } = await router.start("--config", config, ...words);
    assert.deepEqual([code, err], [0, ""]);
    return statesOnR0(router);
  };
  assert.equal(await start(), "running, off");
  assert.equal((await router.at("interface", "remove", "r0")).code, 0);
  assert.equal((await router.at("igmp", "add", "r0")).code, 0);
  assert.equal((await router.at("set", "flood-initial-data", "off")).code, 0);
  await router.kill();
  assert.equal(await start(), "off, running");
  const setting = await router.at("set", "flood-initial-data", "toggle");
  assert.equal(setting.out, "floodInitialData is on.\n");
  assert.equal((await router.at("interface", "add", "r0")).code, 0);
  assert.equal((await router.at("stop")).code, 0);
  assert.equal(await start(), "running, running");
  assert.equal((await router.at("stop")).code, 0);
  assert.equal(await start("--clean"), "running, off");
  assert.equal((await router.at("stop")).code, 0);
  assert.equal(await start(), "running, off");
});

test(
  "groups are joined and left by commands, and are joined again after kill -9",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    const config = router.file("r.yaml", "interfaces: {r0: {igmp: {join: [239.1.1.1]}}}\n");
    assert.equal((await router.start("--config", config)).code, 0);
    const groups = async (): Promise<readonly string[]> => {
      const { out } = await router.at("show", "groups");
      return out
        .split("\n")
        .slice(1, -1)
        .map((line) => line.replaceAll(/ +/g, " ").trim());
    };
    const row = (group: string, sources: string): string =>
      `r0 ${group} NoMembersPresent - - ${sources}`;
    assert.deepEqual(await groups(), [row("239.1.1.1", "all sources")]);
    const joined = await router.at("igmp", "join", "r0", "239.1.2.3", "10.1.1.1");
    assert.equal(joined.out, "239.1.2.3 is joined on r0, of 10.1.1.1 only.\n");
    assert.equal((await router.at("igmp", "leave", "r0", "239.1.1.1")).code, 0);
    await router.kill();
    assert.equal((await router.start("--config", config)).code, 0);
    assert.deepEqual(await groups(), [row("239.1.2.3", "10.1.1.1")]);
    for (const [words, why] of [
      [["igmp", "join", "r0", "224.0.0.251"], /stays on its link/],
      [["igmp", "join", "lo", "239.1.2.3"], /IGMP is not enabled on lo: .*"hpim-dm igmp add lo"/],
      [["igmp", "leave", "r0", "239.1.2.3"], /nothing to leave: .* of 10\.1\.1\.1 only/],
    ] as const) {
      const { code, err } = await router.at(...words);
      assert.equal(code, 1);
      assert.match(err, why);
    }
    assert.equal((await router.at("igmp", "leave", "r0", "239.1.2.3", "10.1.1.1")).code, 0);
    assert.deepEqual(await groups(), []);
  },
);

test("a second daemon that does not come up forgets nothing", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  router.addInterface();
  assert.equal((await router.start()).code, 0);
  assert.equal((await router.at("igmp", "add", "r0")).code, 0);
  const elsewhere = ["--runtime-dir", `${router.runtime}2`];
  assert.equal((await router.start(...elsewhere, "--clean")).code, 1);
  assert.equal((await router.start("--clean")).code, 1);
  await router.kill();
  assert.equal((await router.start()).code, 0);
  assert.equal(await statesOnR0(router), "off, running");
});

test("a clean start that is refused for want of a secret forgets none", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  const changes = join(router.state, "changes.yaml");
  const keys = (secret: string): string =>
    `interfaces: {r0: {security: {keys: [{identifier: 7, algorithm: sha256, secret: ${secret}}]}}}`;
  mkdirSync(router.state, { mode: 0o700 });
  writeFileSync(changes, keys("swordfish"));
  const shown = router.file("r.yaml", keys("<redacted>"));
  const { code, err } = await router.start("--clean", "--config", shown);
  assert.equal(code, 1);
  assert.match(
    err,
    /r\.yaml:1:\d+: interfaces\.r0\.security\.keys\.0\.secret: is not here but hidden/,
  );
  assert.equal(readFileSync(changes, "utf8"), keys("swordfish"));
});

test("a damaged file of changes is set aside, and the router runs", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  router.addInterface();
  const config = router.file("r.yaml", "interfaces: {r0: {igmp: true}}\n");
  assert.equal((await router.start()).code, 0);
  assert.equal((await router.at("interface", "add", "r0")).code, 0);
  await router.kill();
  const changes = join(router.state, "changes.yaml");
  const half = readFileSync(changes, "utf8").slice(0, -9);
  writeFileSync(changes, half);
  const { code, err } = await router.start("--config", config);
  assert.equal(code, 0);
  assert.match(err, /^hpim-dm: The changes .* damaged: .*changes\.yaml:\d+:\d+: .*\n$/);
  assert.equal(await statesOnR0(router), "off, running");
  assert.equal(existsSync(changes), false);
  assert.equal(readFileSync(`${changes}.damaged`, "utf8"), half);
});

test(
  "on a full or read-only disk a change is refused, and nothing changes",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    const { state } = router;
    const [program = "", ...words] = router.words("start", ...router.directories).slice(3);
    const script = 'mkdir "$1"; mount -t tmpfs -o size=32k none "$1"; shift; exec "$@"';
    const inside = ["sh", "-c", script, "sh", state, program, ...words];
    const started = spawnSync("ip", ["netns", "exec", router.namespace.name, ...inside]);
    assert.equal(started.status, 0, String(started.stderr));
    const target = ["--target", String(await router.pid()), "--mount"];
    const there = (...command: readonly string[]) => spawnSync("nsenter", [...target, ...command]);
    const refused = async (errno: string): Promise<void> => {
      const { code, err } = await router.at("igmp", "add", "r0");
      assert.equal(code, 1);
      assert.match(
        err,
        new RegExp(`^hpim-dm: Nothing has changed: .*${state}/changes.yaml: .*${errno}.*\n$`),
      );
      assert.equal(await statesOnR0(router), "off, off");
    };
    there("dd", "if=/dev/zero", `of=${state}/filler`, "bs=1k");
    await refused("ENOSPC");
    there("rm", `${state}/filler`);
    assert.equal(there("mount", "-o", "remount,ro", state).status, 0);
    await refused("EROFS");
    assert.equal(there("mount", "-o", "remount,rw", state).status, 0);
    assert.equal((await router.at("igmp", "add", "r0")).code, 0);
    assert.equal(String(there("ls", state).stdout), "changes.yaml\n");
  },
);

test(
  "a file of changes that cannot be read is named, and not as a lack of capabilities",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    const file = join(router.state, "changes.yaml");
    mkdirSync(router.state, { mode: 0o700 });
    writeFileSync(file, "", { mode: 0o600 });
    chownSync(file, 4321, 4321);
    const { code, err } = await router.start();
    assert.equal(code, 3);
    const sentence = `Cannot read the changes that commands made from ${file}: open failed with EACCES.`;
    const remark = "Also as root, the daemon has no rights to files of other users.";
    assert.equal(err, `hpim-dm: ${sentence} ${remark}\n`);
  },
);
