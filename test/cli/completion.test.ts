// The completion script, as bash runs it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { bashCompletion } from "../../src/cli/completion/bash.ts";
import { commandLine } from "../../src/cli/program.ts";

const program = await commandLine(["completion"]);

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): readonly string[] {
  const ask = `
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_hpim_dm
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const script = bashCompletion(program) + ask;
  const out = execFileSync("bash", ["-c", script, "bash", "hpim-dm", ...words], {
    encoding: "utf8",
  });
  return out.split("\n").filter((word) => word !== "");
}

const interfaces = readdirSync("/sys/class/net");

test("subcommands and old options are completed", () => {
  assert.deepEqual(offered("sho"), ["show"]);
  assert.deepEqual(offered("-list"), []);
  assert.deepEqual(offered("--list_n"), ["--list_neighbors", "--list_neighbors_state"]);
  assert.ok(offered("show", "").includes("trees"));
  assert.ok(!offered("show", "").includes("add"));
});

test("options of a subcommand are completed, behind its arguments too", () => {
  assert.deepEqual(offered("show", "trees", "--js"), ["--json"]);
  assert.deepEqual(offered("interface", "add", "eth0", "--run"), ["--runtime-dir"]);
});

test("keys and settings are completed word by word, and so are values that have names", () => {
  assert.deepEqual(offered("key", ""), ["add", "remove", "send", "list", "algorithms", "help"]);
  assert.deepEqual(offered("key", "add", ""), interfaces);
  assert.deepEqual(offered("key", "add", "eth0", "7", "sha3_2"), ["sha3_224", "sha3_256"]);
  assert.deepEqual(offered("key", "add", "--accept-only", "eth0", "7", "sha51"), ["sha512"]);
  assert.deepEqual(offered("key", "add", "--runtime-dir", "/run", "eth0", "7", "md"), ["md5"]);
  assert.deepEqual(offered("key", "send", "eth0", ""), ["newest"]);
  assert.deepEqual(offered("set", "hold-f"), ["hold-forwarding", "hold-forwarding-time"]);
  assert.deepEqual(offered("set", "hold-forwarding", ""), ["on", "off", "toggle", "default"]);
  assert.deepEqual(offered("set", "hello-period", ""), ["default"]);
  assert.deepEqual(offered("set", "hello-period", "5", "--int"), ["--interface"]);
  assert.deepEqual(offered("set", "hello-period", "5", "--interface", ""), interfaces);
  assert.deepEqual(offered("set", "tree-limit", "5", "--int"), []);
  assert.deepEqual(offered("-aisec", "eth0", "7", "blake"), ["blake2b", "blake2s"]);
  assert.deepEqual(offered("-risec", ""), interfaces);
  assert.deepEqual(offered("config", "sc"), ["schema"]);
});

test("where a file is asked for, nothing else is offered, so that bash offers files", () => {
  for (const words of [
    ["config", "load", ""],
    ["config", "check", ""],
    ["start", "--config", ""],
    ["key", "add", "eth0", "7", "md5", "--secret-file", ""],
    ["-config", ""],
  ]) {
    assert.deepEqual(offered(...words), [], words.join(" "));
  }
  assert.deepEqual(offered("config", "load", "--st"), ["--start", "--state-dir"]);
});

test("interfaces are completed where one is asked for", () => {
  assert.deepEqual(
    offered("interface", "add", "").filter((word) => interfaces.includes(word)),
    interfaces,
  );
  assert.deepEqual(offered("-ai", ""), interfaces);
  assert.deepEqual(offered("show", "trees", "l"), []);
});
