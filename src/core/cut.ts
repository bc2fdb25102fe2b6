// Interfaces that data of the tree were seen to arrive on: a packet that comes round cuts its loop (§9.4).
import type { Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import type {
  Arrival,
  InterfaceMemory,
  Settled,
  SettledInterface,
  TreeInterface,
} from "./settled.ts";
import type { Offer } from "./verdicts.ts";
import { suspectsOf } from "./watch.ts";

/** §9.4: an assert winner gives way once in so long, or whoever can send data onto the link could silence it. */
const NEXT_TIME = millis(600_000);

/** What a cut depends on, as it is now: of a non-root interface. */
export interface CutInputs {
  readonly now: Millis;
  readonly state: Settled["state"];
  readonly bun: Offer | null;
  /** Others may forward on another non-root interface too. */
  readonly othersElsewhere: boolean;
  readonly initialFloodTime: Millis;
}

/** A cut as it is now. */
export interface Cut {
  /** What is remembered from now on. */
  readonly arrival: Arrival | null;
  /** Until when the interface does not forward; null: it may. */
  readonly until: Millis | null;
}

const NO_CUT: Cut = { arrival: null, until: null };

/** §9.4. It is all forgotten when the state of the tree changes; while ACTIVE, what is remembered outlasts the cut. */
export function stepCut(at: TreeInterface, before: Settled["state"], inputs: CutInputs): Cut {
  const { now, state } = inputs;
  const { arrival } = at.memory;
  if (arrival === null || state !== before) return NO_CUT;
  if (state === "UNSURE") {
    const until = after(arrival.since, inputs.initialFloodTime);
    return until > now ? { arrival, until } : NO_CUT;
  }
  if (inputs.bun !== null || inputs.othersElsewhere) return NO_CUT;
  const until = after(arrival.since, at.ackFailureTime);
  return { arrival, until: until > now && !arrival.ceased ? until : null };
}

/** What is remembered when data arrive on a non-root interface, now; null: it stays as it is. */
export function stepArrival(
  at: SettledInterface,
  settled: Settled,
  { arrival }: Pick<InterfaceMemory, "arrival">,
  now: Millis,
): Arrival | null {
  const first = { since: now, ceased: false };
  if (settled.state === "UNSURE") return first;
  if (settled.state === "INACTIVE" || !at.winner) return null;
  // The counters, which tell of one interface only, can tell when they cease.
  if (suspectsOf(settled).length > 0) return null;
  if (arrival === null || after(arrival.since, NEXT_TIME) <= now) return first;
  return arrival.ceased ? { ...arrival, ceased: false } : null;
}
