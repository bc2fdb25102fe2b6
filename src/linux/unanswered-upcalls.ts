// Upcalls that were handed on and brought no entry. For ten seconds the kernel keeps their packets, and holds back that
// there are more: that is good for a few, but it searches them one by one for each new flow (net/ipv4/ipmr.c), so that a
// flood of flows for which there is no room would take ever more time of it.
import type { Address } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { Upcall } from "../daemon/host.ts";

/** So many may wait in the kernel without an answer. */
const MOST = 1_000;

/** The flow that an upcall is about. */
export interface Flow {
  readonly interface: InterfaceIndex;
  readonly source: Address;
  readonly group: Address;
}

/** One string for each flow. */
export const keyOf = ({ source, group }: Pick<Flow, "source" | "group">): string => source + group;

/** The flows without an answer, the oldest first. */
export class UnansweredUpcalls {
  readonly #flows = new Map<string, Flow>();

  /** These upcalls are about to be handed on. */
  add(upcalls: readonly Upcall[]): void {
    for (const { reason, interface: index, source, group } of upcalls) {
      if (reason !== "missingEntry") continue;
      const key = keyOf({ source, group });
      // Whoever is reported again is the newest that the kernel keeps.
      this.#flows.delete(key);
      this.#flows.set(key, { interface: index, source, group });
    }
  }

  /** An entry was written. */
  answer(flow: Pick<Flow, "source" | "group">): void {
    this.#flows.delete(keyOf(flow));
  }

  /** Takes out what exceeds the bound, the oldest first: the kernel is to keep nothing of these. */
  takeExcess(): readonly Flow[] {
    const excess: Flow[] = [];
    for (const [key, flow] of this.#flows) {
      if (this.#flows.size <= MOST) break;
      this.#flows.delete(key);
      excess.push(flow);
    }
    return excess;
  }
}
