// The manual page, as programs that show such pages read it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { placesOf } from "../../src/cli/completion/places.ts";
import { commandLine } from "../../src/cli/program.ts";
import { manPage } from "../../tools/man-page.ts";
import { fromRoot } from "../support/root.ts";

const program = await commandLine(["completion"]);
const page = manPage(program, { version: "1.2.3", date: "2026-01-31" });

/** How a terminal that is a printer shows what is bold or underlined. */
const OVERSTRUCK = new RegExp(`.${"\b"}`, "g");

function shownBy(command: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, words, { input: page, encoding: "utf8" });
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout;
}

test("mandoc and groff have nothing to complain of", () => {
  assert.equal(shownBy("mandoc", "-T", "lint", "-W", "warning"), "");
  shownBy("man", "--warnings", "--local-file", "-");
});

test("it has all sections, and all commands with their options", () => {
  const text = shownBy("mandoc", "-T", "ascii").replaceAll(OVERSTRUCK, "");
  const sections = [...text.matchAll(/^[A-Z].*$/gm)].map(([line]) => line.trim());
  assert.deepEqual(sections.slice(1), [
    ...["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "EXIT STATUS", "SIGNALS", "FILES"],
    ...["EXAMPLES", "SEE ALSO"],
  ]);
  const ends = placesOf(program).filter(
    ({ path, subcommands }) => path !== "" && subcommands.length === 0,
  );
  assert.ok(ends.length > 50);
  for (const { path, options } of ends) {
    const [, behind = ""] = text.split(`\n   hpim-dm ${path}\n`);
    const [own = ""] = behind.split(/\n {3}hpim-dm /);
    for (const { long } of options) {
      if (long !== "--help") assert.match(own, new RegExp(`^ +${long}\\b`, "m"), path);
    }
  }
  assert.match(text, /hpim-dm key add eth0 7 sha256 +# asks for the secret/);
});

test("what is installed is made of the same commands", () => {
  const built = readFileSync(fromRoot("dist/share/man/man8/hpim-dm.8"), "utf8");
  const commands = (text: string): readonly string[] => text.split("\n").slice(2);
  assert.deepEqual(commands(built), commands(page));
});
