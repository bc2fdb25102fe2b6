// The command line: its groups of subcommands, each described in a file of its own; what a subcommand does is loaded
// when it is called.
import { readFileSync } from "node:fs";
import { Argument, Command } from "commander";
import { addChangeCommands, SET } from "./change-commands.ts";
import { addConfigCommands } from "./config-commands.ts";
import { addDaemonCommands } from "./daemon-commands.ts";
import { addDecodeCommand } from "./decode-commands.ts";
import { addDiagnosisCommands } from "./diagnosis-commands.ts";
import { addEventCommands } from "./event-commands.ts";
import { examples } from "./examples.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { addKeyCommands } from "./key-commands.ts";
import { addLabCommands } from "./lab-commands.ts";
import { oldOptionsHelp } from "./old-options.ts";
import { addShowCommands } from "./show-commands.ts";
import { addTrafficCommands } from "./traffic-commands.ts";

const PACKAGE = new URL("../../../package.json", import.meta.url);

const HELP_END = `
Exit codes: ${EXIT_CODES.map(([code, meaning]) => `${code} ${meaning}`).join("; ")}.
"hpim-dm COMMAND --help" explains a command.

Options of the Python router, hpim-dm 1.5.1, and what each does here:
${oldOptionsHelp()}`;

function version(): string {
  const { name, version: number } = JSON.parse(readFileSync(PACKAGE, "utf8"));
  return `${name} ${number}`;
}

/** First words of command lines that are about settings. */
const ABOUT_SETTINGS: ReadonlySet<string | undefined> = new Set([SET, "help", "completion"]);

function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print a script for a shell that completes the words of this command")
    .addArgument(new Argument("[shell]", "which one").choices(["bash", "zsh"]).default("bash"))
    .addHelpText(
      "after",
      examples(
        ['eval "$(hpim-dm completion)"', "complete in this bash"],
        ['eval "$(hpim-dm completion zsh)"', "in this zsh, behind compinit"],
      ),
    )
    .action(async (shell) => {
      const { completion } = await import("./completion/completion.ts");
      process.stdout.write(completion(program, shell));
    });
}

/** The command line, ready to parse `words`; it throws what commander and the subcommands throw. */
export async function commandLine(words: readonly string[]): Promise<Command> {
  const program = new Command("hpim-dm")
    .description("HPIM-DM multicast routing for Linux")
    .version(version())
    .showHelpAfterError('("--help" shows how to use it)')
    .addHelpText("after", HELP_END)
    .exitOverride();
  addDaemonCommands(program);
  addChangeCommands(program);
  if (ABOUT_SETTINGS.has(words[0])) (await import("./setting-commands.ts")).addSettings(program);
  addKeyCommands(program);
  addConfigCommands(program);
  addShowCommands(program);
  addEventCommands(program);
  addDecodeCommand(program);
  addDiagnosisCommands(program);
  addTrafficCommands(program);
  addLabCommands(program);
  addCompletion(program);
  return program;
}
