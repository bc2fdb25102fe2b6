// The completion script for zsh, as an interactive zsh runs it.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { LINE_SUBSYSTEMS, LOG_LEVELS, SUBSYSTEM_NAMES } from "../../src/api/log-levels.ts";
import { zshCompletion } from "../../src/cli/completion/zsh.ts";
import { commandLine } from "../../src/cli/program.ts";
import { offeredByZsh } from "../support/zsh.ts";

const interfaces = readdirSync("/sys/class/net").sort();

const EXPECTED: readonly (readonly [line: string, offers: readonly string[]])[] = [
  ["sho", ["show"]],
  ["comp", ["completion"]],
  ["completion ", ["bash", "zsh"]],
  ["--list_n", ["--list_neighbors", "--list_neighbors_state"]],
  ["show trees --js", ["--json"]],
  ["interface add eth0 --run", ["--runtime-dir"]],
  ["key ", ["add", "algorithms", "help", "list", "remove", "send"]],
  ["key add ", interfaces],
  ["key add eth0 7 sha3_2", ["sha3_224", "sha3_256"]],
  ["key add --accept-only eth0 7 sha51", ["sha512"]],
  ["key add --runtime-dir /run eth0 7 md", ["md5"]],
  ["key send eth0 ", ["newest"]],
  ["set hold-f", ["hold-forwarding", "hold-forwarding-time"]],
  ["set hold-forwarding ", ["default", "off", "on", "toggle"]],
  ["set hello-period 5 --int", ["--interface"]],
  ["set hello-period 5 --interface ", interfaces],
  ["set tree-limit 5 --int", []],
  ["key add --secret ", []],
  ["log --level ", LOG_LEVELS],
  ["log --subsystem ", LINE_SUBSYSTEMS],
  ["set log-level debug --subsystem ", SUBSYSTEM_NAMES],
  ["-aisec eth0 7 blake", ["blake2b", "blake2s"]],
  ["-risec ", interfaces],
  ["-ai ", interfaces],
  ["config sc", ["schema"]],
  ["config load --st", ["--start", "--state-dir"]],
  ["config load _", ["_hpim-dm"]],
  ["start --config _", ["_hpim-dm"]],
  ["-config _", ["_hpim-dm"]],
  ["start --state-dir ", ["directory"]],
  ["start --config _hpim-dm --fore", ["--foreground"]],
];

for (const way of ["sourced", "found"] as const) {
  test(`${way}, it completes commands, options, values, interfaces and files`, async () => {
    const script = zshCompletion(await commandLine(["completion"]));
    const lines = EXPECTED.map(([line]) => `hpim-dm ${line}`);
    const offered = offeredByZsh(script, way, lines);
    assert.deepEqual(
      offered.map((words, index) => [EXPECTED[index]?.[0], [...words].sort()]),
      EXPECTED.map(([line, words]) => [line, [...words].sort()]),
    );
  });
}
