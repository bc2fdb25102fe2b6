// Makes dist/share of the commands: the manual page and the completions for bash and zsh, as they are installed.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { completion } from "../src/cli/completion/completion.ts";
import { commandLine } from "../src/cli/program.ts";
import { manPage } from "./man-page.ts";

const SHARE = "dist/share";
const MILLIS_PER_SECOND = 1_000;

/** Of what is built, for whoever wants the same build to give the same bytes (reproducible-builds.org). */
const { SOURCE_DATE_EPOCH } = process.env;
const built =
  SOURCE_DATE_EPOCH === undefined
    ? new Date()
    : new Date(Number(SOURCE_DATE_EPOCH) * MILLIS_PER_SECOND);

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
// These words have it know the settings, too.
const program = await commandLine(["completion"]);
const files = {
  "man/man8/hpim-dm.8": manPage(program, {
    version,
    date: built.toISOString().slice(0, "2026-01-31".length),
  }),
  "bash-completion/completions/hpim-dm": completion(program, "bash"),
  "zsh/site-functions/_hpim-dm": completion(program, "zsh"),
};
rmSync(SHARE, { recursive: true, force: true });
for (const [name, text] of Object.entries(files)) {
  const path = join(SHARE, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
