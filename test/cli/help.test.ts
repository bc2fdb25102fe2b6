// The help of every command, and the commands that the documents name.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Command } from "commander";
import { placesOf } from "../../src/cli/completion/places.ts";
import { wordsToParse } from "../../src/cli/help-words.ts";
import { commandLine } from "../../src/cli/program.ts";
import { runCommand } from "../support/command.ts";
import { fromRoot } from "../support/root.ts";

const program = await commandLine(["help"]);
const paths = placesOf(program).map(({ path }) => path);

function commandsFrom(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsFrom)];
}

/** What is printed when these words are typed. */
async function helpOf(words: readonly string[]): Promise<string> {
  const asked = await commandLine(words);
  let help = "";
  for (const command of commandsFrom(asked)) {
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
  }
  const parsing = asked.parseAsync(wordsToParse(asked, words), { from: "user" });
  await assert.rejects(parsing, { exitCode: 0 }, words.join(" "));
  return help;
}

test("every command has a help of its own, however one asks for it", async () => {
  assert.ok(paths.length > 80);
  for (const path of paths) {
    const words = path === "" ? [] : path.split(" ");
    const help = await helpOf([...words, "--help"]);
    const [usage = ""] = help.split("\n");
    const named = ["Usage: hpim-dm", ...words, ""].join(" ");
    assert.ok(usage.startsWith(named), usage);
    assert.doesNotMatch(usage.slice(named.length), /^[a-z]/, "no command below it");
    assert.equal(await helpOf(["help", ...words]), help);
    assert.equal(await helpOf([...words, "-h"]), help);
    const [last, ...before] = words.toReversed();
    if (last !== undefined) assert.equal(await helpOf([...before.reverse(), "help", last]), help);
  }
});

test("help is printed, and that is a success", async () => {
  const asked = await runCommand("help", "show", "trees");
  assert.deepEqual([asked.code, asked.err], [0, ""]);
  assert.match(asked.out, /^Usage: hpim-dm show trees /);
});

for (const words of [
  ["events", "--help"],
  ["help", "events"],
  ["show", "events", "--help"],
  ["help", "show", "events"],
  ["lab", "help", "events"],
]) {
  test(`there is no help of what is no command: hpim-dm ${words.join(" ")}`, async () => {
    const { code, out, err } = await runCommand(...words);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /^error: unknown command 'events'/);
  });
}

/** The words behind "hpim-dm" wherever a document shows what is typed, as far as they may be commands. */
function typedIn(document: string): readonly string[] {
  const text = readFileSync(fromRoot(document), "utf8");
  const code = [...text.matchAll(/^```sh\n(.*?)^```|`([^`\n]+)`/gms)];
  return code.flatMap(([, block, span]) =>
    [...(block ?? span ?? "").matchAll(/(?<![\w/.-])hpim-dm((?: [a-z][a-z-]+)+)/g)].map(
      ([, words = ""]) => words.trim(),
    ),
  );
}

test("documents name commands that there are, and the README each of the general help", () => {
  const documents = readdirSync(fromRoot("docs")).map((name) => join("docs", name));
  const groups = new Set(
    placesOf(program)
      .filter(({ subcommands }) => subcommands.length > 0)
      .map(({ path }) => path),
  );
  for (const document of ["README.md", ...documents]) {
    for (const typed of typedIn(document)) {
      const words = typed.split(" ");
      const depth = groups.has(words[0] ?? "") ? 2 : 1;
      assert.ok(paths.includes(words.slice(0, depth).join(" ")), `${document}: hpim-dm ${typed}`);
    }
  }
  const named = new Set(typedIn("README.md").map((typed) => typed.split(" ")[0]));
  assert.deepEqual(
    program.commands.map((command) => command.name()).filter((name) => !named.has(name)),
    [],
  );
});
