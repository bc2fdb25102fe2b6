// How a change becomes what runs: proposed, put into the engine, and on disk for the next start before the answer says so.
import type { Problem } from "../api/file-problem.ts";
import type { Engine } from "./engine.ts";
import { attempt } from "./host-calls.ts";
import type { Proposal, RunningConfiguration } from "./running-configuration.ts";

/** What is changed: the engine, and the configuration that it runs. */
export interface Changeable {
  readonly engine: Engine;
  readonly running: RunningConfiguration;
}

/** What became of a change: an HTTP status, and a sentence. */
export interface Outcome {
  readonly status: 200 | 400 | 404 | 409 | 422 | 507;
  readonly sentence: string;
}

/** An outcome. */
export const outcome = (status: Outcome["status"], sentence: string): Outcome => ({
  status,
  sentence,
});

const notKept = ({ message }: { readonly message: string }): Outcome =>
  outcome(507, `Nothing has changed: ${message}. Make that possible, and try again.`);

const NO_REFUSAL = (): null => null;

/** How a change is judged. */
export interface Judgement {
  /** What is said of the problems that the change would make. */
  readonly ofProblems: (problems: readonly Problem[]) => Outcome;
  /** A sentence, once the change runs, if it is refused all the same. */
  readonly refusal?: () => string | null;
}

/** Has a proposal run, and keeps it. If it makes problems, is refused or cannot be kept, nothing has changed; null: it is done. */
export function carryOut(
  { engine, running }: Changeable,
  propose: () => Proposal | readonly Problem[],
  { ofProblems, refusal = NO_REFUSAL }: Judgement,
): Outcome | null {
  const before = running.configuration;
  const proposed = attempt(propose);
  if ("failure" in proposed) return notKept(proposed.failure);
  if (!("commit" in proposed.value)) return ofProblems(proposed.value);
  const { configuration, commit, discard } = proposed.value;
  engine.handle({ kind: "configure", configuration });
  const sentence = refusal();
  if (sentence !== null) {
    discard();
    engine.handle({ kind: "configure", configuration: before });
    return outcome(409, sentence);
  }
  const committed = attempt(commit);
  if ("value" in committed) return null;
  engine.handle({ kind: "configure", configuration: before });
  return notKept(committed.failure);
}

/** What is said when a command would make these problems in what runs. */
export const refusedForProblems = (problems: readonly Problem[]): Outcome =>
  outcome(
    409,
    `Nothing has changed: ${problems.map(({ path, message }) => `${path}: ${message}`).join("; ")}.`,
  );
