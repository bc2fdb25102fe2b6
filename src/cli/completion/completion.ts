// hpim-dm completion: the script for a shell.
import type { Command } from "commander";
import { bashCompletion } from "./bash.ts";
import { zshCompletion } from "./zsh.ts";

/** The script that has `shell` complete the words of `program`. */
export const completion = (program: Command, shell: "bash" | "zsh"): string =>
  shell === "bash" ? bashCompletion(program) : zshCompletion(program);
