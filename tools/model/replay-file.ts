// Replays a scenario file of a model, and says where it differs.
import { parse } from "yaml";
import { parseTranscript, type Transcript } from "../../src/scenario/transcript.ts";
import type { Model } from "../../src/sim/explorer/model.ts";
import { replay } from "../../src/sim/explorer/replay.ts";
import { MODELS } from "../../src/sim/models/list.ts";

/** What differs, a line each; none: it is as the file says. */
export function differences(text: string): readonly string[] {
  const parsed = parseTranscript(text);
  if (parsed.kind === "problem") return [`line ${parsed.line}: ${parsed.message}`];
  const model = modelIn(parsed.transcript);
  if (model === undefined) return ["the head names no model that there is (model: NAME)"];
  const played = replay(model, parsed.transcript);
  if (played.kind === "stuck") {
    const possible = played.possible.map((words) => `  > ${words}`);
    return [`line ${played.line}: this cannot happen now; what can:`, ...possible];
  }
  return parsed.transcript.steps.flatMap(({ line, expected }) => {
    const lines = played.lines.get(line) ?? [];
    if (lines.join("\n") === expected.join("\n")) return [];
    return [
      `line ${line}: other things follow`,
      ...expected.map((was) => `- ${was}`),
      ...lines.map((is) => `+ ${is}`),
    ];
  });
}

function modelIn({ head }: Transcript): Model | undefined {
  const document: unknown = parse(head);
  if (typeof document !== "object" || document === null || !("model" in document)) return undefined;
  return MODELS.find(({ name }) => name === document.model);
}

/** Tells what differs. Returns the exit code. */
export function replayFile(path: string, text: string): number {
  const lines = differences(text);
  console.log(lines.length === 0 ? `${path}: as it says` : `${path}:\n${lines.join("\n")}`);
  return lines.length === 0 ? 0 : 1;
}
