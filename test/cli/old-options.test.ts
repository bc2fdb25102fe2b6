// The options of the Python router: what each becomes, and that the documents say so.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { CommandError } from "../../src/cli/command-error.ts";
import { OLD_OPTIONS, oldOptionsTable, translated } from "../../src/cli/old-options.ts";
import { commandLine } from "../../src/cli/program.ts";

const OPERATIONS = new URL("../../../docs/operations.md", import.meta.url);

const refusal =
  (exitCode: number, message: RegExp) =>
  (error: CommandError): boolean => {
    assert.equal(error.exitCode, exitCode);
    assert.match(error.message, message);
    return true;
  };

for (const [line, ...commands] of [
  ["-li", "show interfaces"],
  ["--list_interfaces", "show interfaces"],
  ["-ls", "show groups", "show trees"],
  ["-ai eth0", "interface add eth0"],
  ["-4 -ai eth0", "interface add eth0"],
  ["-ai eth0 --ipv4", "interface add eth0"],
  ["--add_interface=eth0", "interface add eth0"],
  ["-ai -4", "interface add -4"],
  ["-config a=b.yaml", "config load --start a=b.yaml"],
  ["show trees", "show trees"],
  ["--json", "--json"],
  ["", ""],
] as const) {
  test(`"hpim-dm ${line}" asks for ${commands.map((one) => `"${one}"`).join(" and ")}`, () => {
    const words = translated(line.split(" "));
    assert.deepEqual(
      words.map((one) => one.join(" ")),
      commands,
    );
  });
}

test("no words are no old options", () => {
  assert.deepEqual(translated([]), [[]]);
});

for (const [line, exitCode, message] of [
  ["-ai", 2, /^-ai takes 1 value: "hpim-dm -ai IF"\.$/],
  ["-aisec eth0 1 md5", 2, /^-aisec takes 4 values: "hpim-dm -aisec IF ID HASH KEY"\.$/],
  ["-li -ln", 2, /^-li and -ln exclude each other\.$/],
  ["-li --json", 2, /^--json cannot stand beside options of the Python router\.$/],
  ["-4", 2, /^-4 alone asks for nothing/],
  ["-li=x", 2, /^-li takes no value/],
  ["-6 -li", 1, /^-6 is not taken: IPv6/],
  ["-start -uvrf 100", 1, /^-uvrf is not taken: write .hpim: \{ routingTable: N \}/],
] as const) {
  test(`"hpim-dm ${line}" ends with ${exitCode} and says why`, () => {
    assert.throws(() => translated(line.split(" ")), refusal(exitCode, message));
  });
}

test("every command that an old option becomes exists", async () => {
  const program = await commandLine(["completion"]);
  const exists = (words: readonly string[]): boolean => {
    let at = program;
    for (const word of words) {
      const next = at.commands.find((sub) => sub.name() === word);
      if (next === undefined) {
        return word.startsWith("-")
          ? at
              .createHelp()
              .visibleOptions(at)
              .some(({ long }) => long === word)
          : at.registeredArguments.length > 0;
      }
      at = next;
    }
    return true;
  };
  for (const { short, standing, values } of OLD_OPTIONS) {
    if (!("commands" in standing)) continue;
    for (const words of standing.commands(...values)) {
      assert.ok(exists(words), `${short} becomes ${words.join(" ")}`);
    }
  }
});

test("docs/operations.md has the table of all options", () => {
  assert.ok(
    readFileSync(OPERATIONS, "utf8").includes(oldOptionsTable()),
    `docs/operations.md is to have this table:\n${oldOptionsTable()}`,
  );
});
