// hpim-dm stop: tells the daemon to end, and waits until it has.
import type { VersionAnswer } from "../api/responses.ts";
import { waitUntil } from "../lab/wait-until.ts";
import { ask, change } from "./client.ts";
import { CommandError } from "./command-error.ts";
import { hasEnded } from "./process-state.ts";

const ENDS_WITHIN_MS = 30_000;

/** Stops the daemon; returns when it is gone. Throws CommandError if it is not there or does not go. */
export async function stop({ runtimeDir }: { readonly runtimeDir: string }): Promise<void> {
  const nobody = "there is nothing to stop";
  const { pid } = await ask<VersionAnswer>(runtimeDir, ["GET", "/v1/version"], nobody);
  await change(runtimeDir, ["POST", "/v1/stop"]);
  if (!(await waitUntil(() => hasEnded(pid), ENDS_WITHIN_MS))) {
    const message = `The daemon (process ${pid}) has not ended: look at its log.`;
    throw new CommandError(message, { exitCode: 1 });
  }
  console.log("hpim-dm has ended.");
}
