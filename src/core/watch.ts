// Data that come round, seen by the counters of a tree's kernel entry (§9.4, §14). The kernel's reports of packets on
// wrong interfaces are rationed; the counters are not, but they do not say where a packet arrived.
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { Settled } from "./settled.ts";
import type { Tree } from "./state.ts";

/** §9.4, §14: counters are read this often while an interface holds, or is cut by an assert winner. */
const SHORT_PERIOD = millis(10);
/** While UNSURE the first packet that comes round is reported; counters only make good for later ones. */
const UNSURE_PERIOD = millis(1_000);

/** Non-root interfaces on which others may forward: by one of them came what is counted as arriving on a wrong one. */
export function suspectsOf({ state, rpf, interfaces }: Settled): readonly InterfaceIndex[] {
  const suspects: InterfaceIndex[] = [];
  for (const [index, at] of interfaces) {
    if (at.role === "root") continue;
    const isSuspect = state === "UNSURE" || at.cut || !at.winner || rpf.onLink.includes(index);
    if (isSuspect) suspects.push(index);
  }
  return suspects;
}

/** How often the counters of the tree's entry are to be read for data that come round; null: not at all. */
export function watchPeriod({ settled, memory }: Tree): Millis | null {
  const { state, interfaces, interested } = settled;
  if (suspectsOf(settled).length !== 1) return null;
  if (state === "UNSURE") return interested ? UNSURE_PERIOD : null;
  const holds = [...memory.values()].some(({ holdSince }) => holdSince !== null);
  return holds || [...interfaces.values()].some(({ cut }) => cut) ? SHORT_PERIOD : null;
}
