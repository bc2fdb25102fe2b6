// A copy of the repository, built, in which a mutant is tried. The working tree is never touched.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Killer, Mutant } from "./mutant.ts";
import { type Outcome, outcomesOf } from "./outcomes.ts";

const COPIED = [
  "bin",
  "biome.json",
  "dist",
  "package.json",
  "src",
  "test",
  "tools",
  "topologies",
  "tsconfig.base.json",
  "tsconfig.json",
];
/** A mutant that loops for ever is none that a test kills. */
const LIMIT_SECONDS = 300;

const WAYS = { apply: [], "take away": ["--reverse"], check: ["--check"] } as const;

/** What a command came to. `code` null: it was killed. */
interface Ending {
  readonly code: number | null;
  readonly output: string;
}

function ended(child: ChildProcess): Promise<Ending> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((settle, fail) => {
    child.on("error", fail);
    child.on("close", (code) => settle({ code, output }));
  });
}

const quoted = (title: string): string => title.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** A copy of the repository at `root`, which has been built. */
export class Workshop {
  readonly #copy: string;

  constructor(root: string) {
    this.#copy = mkdtempSync(join(tmpdir(), "hpim-dm-mutants-"));
    // Times are kept: by them the compiler knows what it has compiled.
    for (const name of COPIED) {
      cpSync(join(root, name), join(this.#copy, name), {
        recursive: true,
        preserveTimestamps: true,
      });
    }
    symlinkSync(resolve(root, "node_modules"), join(this.#copy, "node_modules"));
  }

  /** Removes the copy. */
  close(): void {
    rmSync(this.#copy, { recursive: true, force: true });
  }

  /** Applies a mutant, takes it away, or only sees whether it applies. Returns what is in the way; null: nothing. */
  async patch(mutant: Mutant, way: keyof typeof WAYS): Promise<string | null> {
    const { code, output } = await this.#run(["git", "apply", ...WAYS[way], "-"], mutant.patch);
    return code === 0 ? null : output;
  }

  /** Compiles what has changed. Returns the compiler's words; null: it is silent. */
  async compile(): Promise<string | null> {
    const { code, output } = await this.#run(["node_modules/.bin/tsc", "-b"]);
    return code === 0 ? null : output;
  }

  /** Checks the form of a file. Returns the linter's words; null: it is silent. */
  async lint(file: string): Promise<string | null> {
    const { code, output } = await this.#run(["node_modules/.bin/biome", "check", file]);
    return code === 0 ? null : output;
  }

  /** Runs tests of one file. Returns the outcomes of those that are there and end in time, by title. */
  async test(file: string, killers: readonly Killer[]): Promise<ReadonlyMap<string, Outcome>> {
    const patterns = killers.map(({ title }) => `--test-name-pattern=^${quoted(title)}$`);
    const compiled = join("dist", file.replace(/\.ts$/, ".js"));
    const command = ["node", "--test", "--test-reporter=tap", ...patterns, compiled];
    const { output } = await this.#run(command);
    return outcomesOf(output);
  }

  async #run(command: readonly string[], input = ""): Promise<Ending> {
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      cwd: this.#copy,
      // The copy is no repository, even if it lies in one; and tests that run mutants are tests themselves.
      env: {
        ...process.env,
        GIT_CEILING_DIRECTORIES: join(this.#copy, ".."),
        NODE_TEST_CONTEXT: undefined,
      },
      timeout: LIMIT_SECONDS * 1000,
      killSignal: "SIGTERM",
    });
    child.stdin.on("error", () => undefined).end(input);
    return await ended(child);
  }
}
