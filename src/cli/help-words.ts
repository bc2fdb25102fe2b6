// Help is that of the command whose words are typed, wherever "help" or "--help" stands.
import type { Command } from "commander";

/**
 * The words that commander is to parse: "help" before commands becomes "--help" behind them; and what is behind a word that
 * is no command is left out, for the help of what is before it would hide that there is no such command.
 */
export function wordsToParse(program: Command, words: readonly string[]): readonly string[] {
  const path: string[] = [];
  const help: string[] = [];
  let command = program;
  for (const [index, word] of words.entries()) {
    if (command.commands.length === 0 || word.startsWith("-")) {
      return [...path, ...words.slice(index), ...help];
    }
    if (word === "help" && help.length === 0) {
      help.push("--help");
      continue;
    }
    path.push(word);
    const below = command.commands.find((one) => one.name() === word);
    if (below === undefined) return path;
    command = below;
  }
  return [...path, ...help];
}
