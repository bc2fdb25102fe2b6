// What a model says of a state.
import type { Enabled } from "./enabled.ts";
import type { Network } from "./network.ts";

/** What is wrong with a state. */
export interface Defect {
  readonly kind: "broken at rest" | "not well in time" | "broken on the way";
  readonly lines: readonly string[];
}

/** What is wrong with a state, and whether it is at rest. */
export function judge(
  network: Network,
  enabled: Enabled,
  vector: Uint32Array,
): { readonly isAtRest: boolean; readonly defect: Defect | null } {
  const { model } = network;
  const isAtRest = enabled.isAtRest(vector);
  const found = (kind: Defect["kind"], lines: readonly string[]) => ({
    isAtRest,
    defect: lines.length > 0 ? { kind, lines } : null,
  });
  if (model.always !== undefined) {
    const lines = model.always(network.rest(vector));
    if (lines.length > 0) return found("broken on the way", lines);
  }
  if (!isAtRest && !enabled.isLate(vector)) return { isAtRest, defect: null };
  return found(
    isAtRest ? "broken at rest" : "not well in time",
    model.broken(network.rest(vector)),
  );
}
