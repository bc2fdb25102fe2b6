// Scenario files: what is taken apart can be put together again, and so can each command.
import assert from "node:assert/strict";
import type { ParsedCommand } from "../../../src/scenario/commands.ts";
import { formatCommand, parseCommand } from "../../../src/scenario/commands.ts";
import { ALL_FORMS, describeParts } from "../../../src/scenario/forms.ts";
import type { ParsedTranscript } from "../../../src/scenario/transcript.ts";
import { formatTranscript, parseTranscript } from "../../../src/scenario/transcript.ts";
import { happens, pick } from "../../../tools/campaign/generate.ts";
import type { Material, Target, Verdict } from "../../../tools/fuzz/target.ts";
import { SLOW_TEXT } from "../../../tools/fuzz/target.ts";
import { inputOf, textOf, varyText } from "../../../tools/fuzz/vary-text.ts";
import { expectSame, magnitude } from "../expect.ts";

const COMMANDS = [
  ...["start R1 R2", "kill R1", "interface R5.eth0 cost 100", "interface R5.eth0 address 10.2.2.9"],
  ...["interface R2.eth0 add 10.1.1.2/24", "igmp R4.eth1 on", "blink R1 800ms", "clock R1 -30s"],
  ...["routes R2 10.1.1.0/24 via 10.2.2.1 10.2.2.3 metric 20", "leave Client0 224.12.12.12-32"],
  ...["send Source 224.12.12.12 239.1.1.1 every 20ms", "weather lost 30 only Sync"],
  ...[
    "deaf R1.eth0 to R2.eth0",
    "lose 1 Sync of R2 on L after 1",
    "until R1 says Hello on L times 3",
  ],
  ...["wait 12.345s", "rest", "show trees of R1 R2 to 224.12.12.12", "show messages F only Ack"],
];
const WORDS = [...new Set([...COMMANDS, ...ALL_FORMS.map(({ parts }) => describeParts(parts))])]
  .join(" ")
  .split(/[ [\]]+/);
const LONGEST = 600;

const transcriptOf = (commands: readonly string[]): string =>
  `---\ntopology: pair\n---\n${commands.map((command) => `> ${command}\n  R1 ACTIVE\n`).join("\n")}`;

function judge(line: string): ParsedCommand["kind"] {
  const parsed = parseCommand(line);
  if (parsed.kind === "problem") {
    assert.ok(parsed.message.length > 0, "it says what is wrong");
    return "problem";
  }
  const written = formatCommand(parsed.command);
  expectSame(parseCommand(written), parsed, `what is read can be written: ${line} as ${written}`);
  return "command";
}

/** All but the numbers of lines. */
function essence(parsed: ParsedTranscript): unknown {
  if (parsed.kind === "problem") return parsed;
  const { steps, ...others } = parsed.transcript;
  return [steps.map(({ line: _, ...step }) => step), others];
}

function execute(input: Uint8Array): Verdict {
  const text = textOf(input);
  const parsed = parseTranscript(text);
  if (parsed.kind === "problem") {
    const lines = text.split("\n").length;
    assert.ok(parsed.line >= 1 && parsed.line <= lines, `line ${parsed.line} of ${lines}`);
    return { accepted: false, kind: parsed.message };
  }
  const { transcript } = parsed;
  const again = parseTranscript(formatTranscript(transcript));
  expectSame(essence(again), essence(parsed), "what is read can be written");
  const kinds = transcript.steps.map(({ command }) => judge(command));
  const count = kinds.filter((kind) => kind === "command").length;
  const first = transcript.steps[0]?.command.split(" ").slice(0, 2).join(" ").slice(0, 20);
  return { accepted: count > 0, kind: `${magnitude(kinds.length)} ${magnitude(count)} ${first}` };
}

function vary(material: Material): Uint8Array {
  const { random } = material;
  const line = (): string => {
    const command = pick(random, COMMANDS);
    return happens(random, 30) ? command : varyText(command, material, WORDS);
  };
  if (happens(random, 60)) return inputOf(transcriptOf([line(), line()]).slice(0, LONGEST));
  return inputOf(varyText(textOf(material.input), material, WORDS).slice(0, LONGEST));
}

/** Two commands each, at first. */
export const target: Target = {
  ...SLOW_TEXT,
  ...{ name: "scenarios", share: 0.1, vary, execute },
  seeds: () => COMMANDS.map((command) => inputOf(transcriptOf([command]))),
};
