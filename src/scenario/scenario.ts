// A scenario file as a value: its head, and its commands with the lines that are expected to follow from each.
import type { Command } from "./command.ts";
import { parseCommand } from "./commands.ts";
import { type Head, parseHead, type ScenarioProblem } from "./head.ts";
import { formatTranscript, parseTranscript, type Step } from "./transcript.ts";

/** A step whose command is understood. */
export interface ScenarioStep extends Omit<Step, "command"> {
  readonly command: Command;
}

/** A scenario. */
export interface Scenario {
  readonly head: Head;
  readonly steps: readonly ScenarioStep[];
}

/** What a text turned out to be. */
export type ParsedScenario =
  | { readonly kind: "scenario"; readonly scenario: Scenario }
  | { readonly kind: "problems"; readonly problems: readonly ScenarioProblem[] };

/** Whether lines may follow from a command. */
const isShow = ({ kind }: Command): boolean => kind.startsWith("show");

/** Reads a scenario file, or tells all that is wrong with it. */
export function parseScenario(text: string): ParsedScenario {
  const parsed = parseTranscript(text);
  if (parsed.kind === "problem") return { kind: "problems", problems: [parsed] };
  const { transcript } = parsed;
  const head = parseHead(transcript.head);
  const problems: ScenarioProblem[] = head.kind === "problems" ? [...head.problems] : [];
  const steps = transcript.steps.flatMap((step): readonly ScenarioStep[] => {
    const { line } = step;
    const read = parseCommand(step.command);
    if (read.kind === "problem") {
      problems.push({ line, message: read.message });
      return [];
    }
    if (step.expected.length > 0 && !isShow(read.command)) {
      problems.push({ line: line + 1, message: "lines follow only from what begins with show" });
    }
    return [{ ...step, command: read.command }];
  });
  if (head.kind === "problems" || problems.length > 0) return { kind: "problems", problems };
  return { kind: "scenario", scenario: { head: head.head, steps } };
}

/** The text of a scenario file with other lines below its commands: `lines` has them by the command's line. */
export function withExpected(text: string, lines: ReadonlyMap<number, readonly string[]>): string {
  const parsed = parseTranscript(text);
  if (parsed.kind === "problem") return text;
  const steps = parsed.transcript.steps.map((step) => ({
    ...step,
    expected: lines.get(step.line) ?? step.expected,
  }));
  return formatTranscript({ ...parsed.transcript, steps });
}
