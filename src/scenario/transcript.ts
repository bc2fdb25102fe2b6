// The layout of a scenario file: a head in YAML between two lines "---", then commands, each on a line that begins with
// "> ", and below it, indented, the lines that follow from it. Blank lines and lines that begin with "#" are for people.

/** A command, and what is expected to follow from it. */
export interface Step {
  /** Blank lines and comments above the command. */
  readonly above: readonly string[];
  /** Line of the command in the file, from 1. */
  readonly line: number;
  readonly command: string;
  /** Without their indentation. */
  readonly expected: readonly string[];
}

/** A scenario file, taken apart. */
export interface Transcript {
  /** YAML. */
  readonly head: string;
  readonly steps: readonly Step[];
  /** Blank lines and comments at the end. */
  readonly below: readonly string[];
}

/** What a text turned out to be. */
export type ParsedTranscript =
  | { readonly kind: "transcript"; readonly transcript: Transcript }
  | { readonly kind: "problem"; readonly line: number; readonly message: string };

const FENCE = "---";
const PROMPT = "> ";
const INDENT = "  ";

const problem = (line: number, message: string): ParsedTranscript => ({
  kind: "problem",
  line,
  message,
});

const isForPeople = (line: string): boolean => line === "" || line.startsWith("#");

function parseBody(lines: readonly string[], first: number, head: string): ParsedTranscript {
  const steps: (Step & { expected: string[] })[] = [];
  let above: string[] = [];
  for (const [i, line] of lines.entries()) {
    const number = first + i;
    if (line.startsWith(PROMPT)) {
      steps.push({ above, line: number, command: line.slice(PROMPT.length), expected: [] });
      above = [];
    } else if (isForPeople(line)) {
      above.push(line);
    } else if (line.startsWith(INDENT)) {
      const step = steps.at(-1);
      if (step === undefined || above.length > 0) {
        return problem(number, "an expected line stands right below its command");
      }
      step.expected.push(line.slice(INDENT.length));
    } else {
      return problem(number, `a line begins with "${PROMPT}", "#" or two spaces`);
    }
  }
  return { kind: "transcript", transcript: { head, steps, below: above } };
}

/** Takes a scenario file apart. */
export function parseTranscript(text: string): ParsedTranscript {
  const lines = text.replace(/\n$/, "").split("\n");
  if (lines[0] !== FENCE) return problem(1, `the first line is "${FENCE}", then comes the head`);
  const end = lines.indexOf(FENCE, 1);
  if (end === -1) return problem(lines.length, `the head ends with a line "${FENCE}"`);
  const head = lines.slice(1, end).join("\n");
  return parseBody(lines.slice(end + 1), end + 2, head);
}

/** The text of a scenario file. `parseTranscript` takes it apart into the same. */
export function formatTranscript({ head, steps, below }: Transcript): string {
  const body = steps.flatMap(({ above, command, expected }) => [
    ...above,
    PROMPT + command,
    ...expected.map((line) => INDENT + line),
  ]);
  return [FENCE, head, FENCE, ...body, ...below, ""].join("\n");
}
