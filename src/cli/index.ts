// Entry point of the command hpim-dm.
import { CommanderError } from "commander";
import { CommandError } from "./command-error.ts";
import { wordsToParse } from "./help-words.ts";
import { translated } from "./old-options.ts";
import { commandLine } from "./program.ts";

/** The exit code of a command that ended so; says why, unless that has been said. */
function exitCodeOf(error: unknown): number {
  // commander has written its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`hpim-dm: ${error.message}\n`);
  return error.exitCode;
}

// Whoever reads may have had enough before the end ("| head").
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

async function run(): Promise<void> {
  for (const words of translated(process.argv.slice(2))) {
    const program = await commandLine(words);
    await program.parseAsync(wordsToParse(program, words), { from: "user" });
  }
}

// Not awaited here: modules of the older form cannot wait.
run().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
});
