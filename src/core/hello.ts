// Hellos (§5): what they carry, and how long their sender lives by them.
import type { BootTime, Millis, SequenceNumber } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { Hello, HelloOptions } from "./messages.ts";
import type { InterfaceSettings } from "./settings.ts";

const HOLD_TIME_FACTOR = 4;
const MAX_HOLD_TIME_SECONDS = 0xffff;
const MAX_LIVENESS = 3600_000;
/** Holds when a Sync carries none (§2.2). */
const DEFAULT_HOLD_TIME_SECONDS = 120;

/** §5.2, §5.4: the options that tell how long we live. `settings` null: a goodbye. */
export function holdTimeOptions(
  settings: InterfaceSettings | null,
): HelloOptions & { readonly holdTimeSeconds: number } {
  if (settings === null) return { holdTimeSeconds: 0 };
  const holdTimeMillis = HOLD_TIME_FACTOR * settings.helloPeriod;
  const holdTimeSeconds = Math.min(Math.ceil(holdTimeMillis / 1000), MAX_HOLD_TIME_SECONDS);
  return settings.helloPeriod < 1000 ? { holdTimeSeconds, holdTimeMillis } : { holdTimeSeconds };
}

/** §5.2: a Hello. `settings` null: a goodbye. */
export const helloMessage = (
  bootTime: BootTime,
  settings: InterfaceSettings | null,
  checkpointSn: SequenceNumber,
): Hello => ({
  kind: "hello",
  bootTime,
  options: { checkpointSn, ...holdTimeOptions(settings) },
});

/** §5.3, §5.4: how long the sender of these options lives without another word. 0: a goodbye. */
export function holdTimeOf(options: HelloOptions): Millis {
  const span =
    options.holdTimeMillis ?? 1000 * (options.holdTimeSeconds ?? DEFAULT_HOLD_TIME_SECONDS);
  return millis(Math.min(span, MAX_LIVENESS));
}
