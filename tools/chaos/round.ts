// A round of a chaos run: shocks at their times, each undone at its end; then all is repaired.
import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "../../src/lab/lab-error.ts";
import type { ChaosNetwork } from "./network.ts";
import type { Due, Shock } from "./shock.ts";

/** A thing to do, milliseconds after the round began. */
interface Task {
  readonly at: number;
  readonly act: () => Promise<void>;
}

function tasksOf(network: ChaosNetwork, { at, shock }: Due): readonly Task[] {
  if (shock.kind === "change") return [{ at, act: () => network.change(shock.what) }];
  const { router, harm, span } = shock;
  return [
    { at, act: () => network.harm(router, harm) },
    { at: at + span, act: () => network.heal(router, harm) },
  ];
}

/** What stays, is done even when it comes late. */
const stays = (shock: Shock): boolean => shock.kind === "change";

/**
 * Plays the shocks of a round of `span` milliseconds, and repairs what they leave. Returns what has gone wrong with
 * daemons meanwhile. Throws when the network's signal is aborted, once nothing is under way.
 */
export async function playRound(
  network: ChaosNetwork,
  { due, span }: { readonly due: readonly Due[]; readonly span: number },
): Promise<readonly string[]> {
  const begin = performance.now();
  const problems: string[] = [];
  const underWay: Promise<void>[] = [];
  const tasks = due
    .flatMap((one) => tasksOf(network, one).map((task) => ({ ...task, stays: stays(one.shock) })))
    .filter((task) => task.at <= span || task.stays)
    .sort((a, b) => a.at - b.at);
  try {
    for (const { at, act } of tasks) {
      const wait = Math.max(0, at - (performance.now() - begin));
      await pause(wait, undefined, { signal: network.signal });
      underWay.push(act().catch((error: unknown) => void problems.push(messageOf(error))));
    }
  } finally {
    await Promise.all(underWay);
  }
  network.signal.throwIfAborted();
  return [...problems, ...(await network.repair())];
}
