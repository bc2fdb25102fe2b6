// Waiting in tests: for a condition, so long that no machine is too slow.
import assert from "node:assert/strict";
import { waitUntil } from "../../src/lab/wait-until.ts";

/** How long a condition may take before its test fails. */
export const PATIENCE_MS = 60_000;

/** Waits until `condition` holds. Fails, naming `what`, if it does not within a minute. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  assert.ok(await waitUntil(condition, PATIENCE_MS), `not within ${PATIENCE_MS} ms: ${what}`);
}
