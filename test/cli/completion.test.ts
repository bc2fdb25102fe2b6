// The completion script, as an interactive bash runs it.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { LINE_SUBSYSTEMS, LOG_LEVELS, SUBSYSTEM_NAMES } from "../../src/api/log-levels.ts";
import { bashCompletion } from "../../src/cli/completion/bash.ts";
import { placesOf, takersIn } from "../../src/cli/completion/places.ts";
import { commandLine } from "../../src/cli/program.ts";
import { offeredByBash } from "../support/bash.ts";

const program = await commandLine(["completion"]);

type Offer = readonly [line: string, offers: readonly string[]];

function expect(...offers: readonly Offer[]): void {
  const lines = offers.map(([line]) => line.split(" "));
  assert.deepEqual(
    offeredByBash(bashCompletion(program), lines).map((words, index) => [
      offers[index]?.[0],
      [...words].sort(),
    ]),
    offers.map(([line, words]) => [line, [...words].sort()]),
  );
}

const interfaces = readdirSync("/sys/class/net");
/** What is in the directory where bash completes. */
const FILES = ["directory", "script"];

test("subcommands and old options are completed", () => {
  expect(
    ["sho", ["show"]],
    ["-list", []],
    ["--list_n", ["--list_neighbors", "--list_neighbors_state"]],
    ["show t", ["trees"]],
    ["show trees l", []],
    ["config sc", ["schema"]],
  );
});

test("options of a subcommand are completed, behind its arguments too", () => {
  expect(
    ["show trees --js", ["--json"]],
    ["interface add eth0 --run", ["--runtime-dir"]],
    ["config load --st", ["--start", "--state-dir"]],
  );
});

test("keys and settings are completed word by word, and so are values that have names", () => {
  expect(
    ["key ", ["add", "remove", "send", "list", "algorithms", "help"]],
    ["key add eth0 7 sha3_2", ["sha3_224", "sha3_256"]],
    ["key add --accept-only eth0 7 sha51", ["sha512"]],
    ["key add --runtime-dir /run eth0 7 md", ["md5"]],
    ["key send eth0 ", ["newest"]],
    ["set hold-f", ["hold-forwarding", "hold-forwarding-time"]],
    ["set hold-forwarding ", ["on", "off", "toggle", "default"]],
    ["set hello-period ", ["default"]],
    ["set hello-period 5 --int", ["--interface"]],
    ["set tree-limit 5 --int", []],
    ["-aisec eth0 7 blake", ["blake2b", "blake2s"]],
    ["completion z", ["zsh"]],
  );
});

test("values of options are completed where they have names, by the command", () => {
  expect(
    ["log --level ", LOG_LEVELS],
    ["log --follow --level de", ["debug"]],
    ["key add --secret ", []],
    ["log --subsystem ", LINE_SUBSYSTEMS],
    ["set log-level debug --subsystem ", SUBSYSTEM_NAMES],
  );
});

test("interfaces are completed where one is asked for", () => {
  expect(
    ...[
      ...["interface add ", "igmp join ", "key add ", "set hello-period 5 --interface "],
      ...["log --interface ", "show trees --interface ", "send 239.1.2.3 --interface "],
      ...["-ai ", "-risec "],
    ].map((line) => [line, interfaces] as const),
  );
});

test("files are completed where one is asked for, and directories", () => {
  expect(
    ["config load ", FILES],
    ["config check s", ["script"]],
    ["decode ", FILES],
    ["start --config ", FILES],
    ["key add eth0 7 md5 --secret-file ", FILES],
    ["-config ", FILES],
    ["start --state-dir ", ["directory"]],
    ["log --runtime-dir ", ["directory"]],
  );
});

test("and nowhere else", () => {
  const places = placesOf(program).filter(({ path }) => path !== "");
  const behindWords = places
    .filter(({ positions }) => positions.every((argument) => argument.name() !== "file"))
    .flatMap(({ path }) => [`${path} scrip`, `${path} x scrip`]);
  assert.ok(behindWords.length > 100);
  const behindOptions = takersIn(places)
    .filter(({ flags }) => !/<(?:file|directory)>/.test(flags))
    .map(({ long }) => `log ${long} scrip`);
  const lines = [...behindWords, ...new Set(behindOptions)];
  expect(...lines.map((line) => [line, []] as const));
});
