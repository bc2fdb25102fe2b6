// What an interactive bash offers for the last word of a line, with readline's own completion.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The command that is typed writes down its words, a line for each call. */
const ASKED = `
hpim-dm() {
  printf '%s\\t' "$@" >>"$FILES/directory/typed"
  echo >>"$FILES/directory/typed"
}
`;

/** The key that inserts all that is offered, and the one that ends a line. */
const INSERT_ALL = "\x1b*\n";

/** What bash offers with this script for the last word of each of these lines, where a file "script" and a "directory" are. */
export function offeredByBash(
  script: string,
  lines: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const files = mkdtempSync(join(tmpdir(), "hpt-bash-"));
  try {
    mkdirSync(join(files, "directory"));
    writeFileSync(join(files, "script"), script + ASKED);
    const keys = lines.map((words) => `hpim-dm ${words.join(" ")}${INSERT_ALL}`);
    execFileSync("bash", ["--norc", "--noprofile", "-i"], {
      cwd: files,
      env: { ...process.env, FILES: files, INPUTRC: "/dev/null", TERM: "dumb", HISTFILE: "" },
      input: `source ./script\n${keys.join("")}`,
      stdio: ["pipe", "ignore", "ignore"],
      timeout: 60_000,
    });
    const typed = readFileSync(join(files, "directory", "typed"), "utf8")
      .split("\n")
      .slice(0, -1);
    return lines.map((words, index) => {
      const offers = (typed[index] ?? "").split("\t").slice(words.length - 1, -1);
      return offers.join() === words.at(-1) ? [] : offers;
    });
  } finally {
    rmSync(files, { recursive: true });
  }
}
