// What daemons have recorded of a chaos run: it happens again in the same way, or the recording or the engine is at fault.
import { statSync } from "node:fs";
import { RecordingError } from "../../src/sim/replay/script.ts";
import { replayFile } from "../replay/replay-file.ts";

const LINES_TOLD = 20;

/** What differs when a recording is replayed. One of a daemon that was killed before it wrote any is the same. */
export function replayProblems(file: string): readonly string[] {
  if (statSync(file).size === 0) return [];
  const lines: string[] = [];
  try {
    const outcome = replayFile(file, [], (line) => {
      lines.push(line);
      if (lines.length > LINES_TOLD) lines.shift();
    });
    return outcome === "same" ? [] : [`${file} does not replay:`, ...lines];
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    return [`${file} cannot be replayed: ${error.message}`];
  }
}
