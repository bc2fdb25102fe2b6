// Waiting for what nothing tells: asked for again and again.
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 20;

/** Waits until `isSo`, asking again and again for `milliseconds`; whether it came to be so. */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  milliseconds: number,
): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (!(await isSo())) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
