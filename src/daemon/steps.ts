// In which order an engine does what its router wants done.
import type { InterfaceIndex } from "../base/units.ts";
import type { RouterAction } from "../core/events.ts";
import type { TreeKey } from "../core/tree-id.ts";

/** A part of what is done upon an event. */
export type Step = "has to be stored" | "leads on" | "forwards" | "can wait";

/** What is done first: neighbors hear of a tree before its data are let go; Acks, counters and the log keep nobody waiting. */
export const STEPS: readonly Step[] = ["has to be stored", "leads on", "forwards", "can wait"];
/** Of a burst of flows the data are let go first: the kernel holds back a few packets for a short time only. */
export const STEPS_OF_BURST: readonly Step[] = [
  "has to be stored",
  "forwards",
  "leads on",
  "can wait",
];

/** The step that an action belongs to. */
export function stepOf(action: RouterAction): Step {
  switch (action.kind) {
    case "storeBootTime":
      return "has to be stored";
    case "send":
      return action.message.kind === "ack" ? "can wait" : "leads on";
    case "entry":
      return "forwards";
    default:
      return "can wait";
  }
}

/** A link with so many neighbors has another router that may let the same data on to it. */
export const SEVERAL = 2;

/**
 * A pause before data are let on to links of several neighbors: what these have said meanwhile comes first, as one of them
 * may do it, too. All that the kernel has for packets without an entry are four places, which two routers fill with two
 * packets, and the routers behind them lose the third.
 */
export interface Pause {
  /** Of these links. */
  readonly interfaces: Set<InterfaceIndex>;
  /** Whose entries are to be written after it, as they are then. */
  readonly trees: Set<TreeKey>;
  /** What has to be done after that, in this order. */
  readonly later: RouterAction[];
  heard: boolean;
  /** So many of the datagrams that were heard are still to be handled. */
  toHear: number;
}

/** A pause that begins. */
export const newPause = (): Pause => ({
  interfaces: new Set(),
  trees: new Set(),
  later: [],
  heard: false,
  toHear: 0,
});

const HELD_BACK: ReadonlySet<Step> = new Set(["forwards", "can wait"]);

/** Whether what belongs to a step is held back in a pause. */
export const isHeldBack = (step: Step): boolean => HELD_BACK.has(step);
