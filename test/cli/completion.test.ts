// The completion script, as bash runs it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { bashCompletion } from "../../src/cli/completion.ts";
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

test("interfaces are completed where one is asked for", () => {
  assert.deepEqual(
    offered("interface", "add", "").filter((word) => interfaces.includes(word)),
    interfaces,
  );
  assert.deepEqual(offered("-ai", ""), interfaces);
  assert.deepEqual(offered("show", "trees", "l"), []);
});
