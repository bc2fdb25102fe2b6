// Data that come round, seen by the counters of a tree's kernel entry (§9.4, §14). The kernel's reports of packets on
// wrong interfaces are rationed; the counters are not, but they do not say where a packet arrived.
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { Tree } from "./state.ts";

/** §14: counters are read this often while an interface holds. */
const HOLD_WATCH_PERIOD = millis(10);
/** While UNSURE the first packet that comes round is reported; counters only make good for later ones. */
const UNSURE_WATCH_PERIOD = millis(1_000);

/**
 * The interface that a packet counted as arriving on a wrong one must have come by, if there is only one:
 * the only non-root interface on which others may forward the tree's data.
 */
export function soleSuspect(tree: Tree): InterfaceIndex | undefined {
  const { state, rpf, interfaces } = tree.settled;
  const suspects: InterfaceIndex[] = [];
  for (const [index, at] of interfaces) {
    if (at.role === "root") continue;
    if (state === "UNSURE" || !at.winner || rpf.onLink.includes(index)) suspects.push(index);
  }
  return suspects.length === 1 ? suspects[0] : undefined;
}

/** How often the counters of the tree's entry are to be read for data that come round; null: not at all. */
export function watchPeriod(tree: Tree): Millis | null {
  if (soleSuspect(tree) === undefined) return null;
  const holds = [...tree.memory.values()].some(({ holdSince }) => holdSince !== null);
  if (holds) return HOLD_WATCH_PERIOD;
  const forwardsUnsure = tree.settled.state === "UNSURE" && tree.settled.interested;
  return forwardsUnsure ? UNSURE_WATCH_PERIOD : null;
}
