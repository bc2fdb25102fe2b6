// Writes into scenario files what the simulator shows.
import { readFileSync, writeFileSync } from "node:fs";
import { withExpected } from "../../src/scenario/scenario.ts";
import { fromRoot } from "../support/root.ts";
import { type LoadedScenario, loadText } from "./files.ts";
import { playOnSimulator } from "./on-simulator.ts";
import { NotAsExpected } from "./player.ts";

/** What follows from a command is taken at most so often: it may depend on what was taken for another. */
const MOST_TAKES = 3;

/** Commands, by their lines, and how often what follows from them was taken. */
type Takes = Map<number, number>;

/** The text after one play, or before it if a command shows what is not expected: that is taken in the next one. */
async function playedOnce(
  text: string,
  about: Pick<LoadedScenario, "name" | "file">,
  { pending, takes }: { readonly pending: Set<number>; readonly takes: Takes },
): Promise<string> {
  try {
    const shown = await playOnSimulator(loadText(text, about), {
      takes: ({ line, expected }) => expected.length === 0 || pending.has(line),
    });
    pending.clear();
    return withExpected(text, shown);
  } catch (error) {
    if (!(error instanceof NotAsExpected)) throw error;
    const taken = takes.get(error.line) ?? 0;
    if (taken === MOST_TAKES) throw error;
    takes.set(error.line, taken + 1);
    pending.add(error.line);
    return text;
  }
}

/** The text with the lines that follow from its commands. Throws if a command fails, or shows something else each time. */
export async function rewritten(
  text: string,
  about: Pick<LoadedScenario, "name" | "file">,
): Promise<string> {
  const pending = new Set<number>();
  const takes: Takes = new Map();
  let before = text;
  for (let changes = 0; changes <= MOST_TAKES; ) {
    const after = await playedOnce(before, about, { pending, takes });
    if (after !== before) {
      changes += 1;
      // Other lines move the commands.
      takes.clear();
    } else if (pending.size === 0) return after;
    before = after;
  }
  throw new Error(`${about.file}: what is shown is something else each time`);
}

/** Rewrites a scenario file. Returns whether it has changed. */
export async function rewriteFile(about: Pick<LoadedScenario, "name" | "file">): Promise<boolean> {
  const path = fromRoot(about.file);
  const before = readFileSync(path, "utf8");
  const after = await rewritten(before, about);
  if (after !== before) writeFileSync(path, after);
  return after !== before;
}
