// Where the secret of a key comes from: a file, the terminal, which does not show it, or the standard input.
import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { CommandError } from "./command-error.ts";

/** Options of `key add`, as commander names them. */
export interface SecretOptions {
  /** On the command line, where every user of the machine can see it. */
  readonly secret?: string;
  readonly secretFile?: string;
}

const refused = (message: string, cause?: unknown): CommandError =>
  new CommandError(message, { exitCode: 1, cause });

/** The secret in `bytes`, without the end of its last line. */
function secretIn(bytes: Uint8Array, where: string): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const message = `The secret ${where} is no text: name the file in the configuration file (secretFile).`;
    throw refused(message, cause);
  }
  const secret = text.replace(/\r?\n$/, "");
  if (secret === "") throw refused(`The secret ${where} is empty.`);
  return secret;
}

function fromFile(file: string): string {
  try {
    return secretIn(readFileSync(file), `in ${file}`);
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refused(`${file} cannot be read: ${reason}.`, cause);
  }
}

const ENTER = "\r\n";
const ERASE = "\b\u007f";
/** Ctrl-C, Ctrl-D. */
const INTERRUPT = "\u0003\u0004";

/** A line as far as it is typed, and whether it is complete or given up. */
interface Line {
  readonly text: string;
  readonly end: "complete" | "given up" | null;
}

function typed(line: Line, character: string): Line {
  if (line.end !== null) return line;
  if (INTERRUPT.includes(character)) return { ...line, end: "given up" };
  if (ENTER.includes(character)) return { ...line, end: "complete" };
  if (ERASE.includes(character)) return { ...line, text: [...line.text].slice(0, -1).join("") };
  return { ...line, text: line.text + character };
}

/** A line from the terminal, which does not show it. Throws CommandError if it is given up. */
async function fromTerminal(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  // Before anything is typed, for the terminal would show it.
  stdin.setRawMode(true);
  stderr.write(prompt);
  stdin.setEncoding("utf8");
  const line = await new Promise<Line>((resolve) => {
    let sofar: Line = { text: "", end: null };
    const take = (text: string): void => {
      sofar = [...text].reduce(typed, sofar);
      if (sofar.end === null) return;
      stdin.off("data", take).pause();
      resolve(sofar);
    };
    stdin.on("data", take).resume();
  });
  stdin.setRawMode(false);
  stderr.write("\n");
  if (line.end === "given up") throw refused("No key was added.");
  return line.text;
}

async function twiceFromTerminal(): Promise<string> {
  const secret = await fromTerminal("Secret: ");
  if (secret === "") throw refused("The secret is empty.");
  if ((await fromTerminal("Again: ")) === secret) return secret;
  throw refused("The two are not the same: no key was added.");
}

/** The secret, from where the options say. Throws CommandError. */
export async function readSecret({ secret, secretFile }: SecretOptions): Promise<string> {
  if (secret !== undefined) {
    // Who looks at the list of processes from now on does not see it.
    process.title = "hpim-dm";
    process.stderr.write(
      "hpim-dm: A secret on the command line shows in the list of processes: next time, let it be asked for, or use --secret-file.\n",
    );
    return secret;
  }
  if (secretFile !== undefined) return fromFile(secretFile);
  if (process.stdin.isTTY) return twiceFromTerminal();
  return secretIn(await buffer(process.stdin), "on the standard input");
}
