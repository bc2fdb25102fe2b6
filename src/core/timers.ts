// The core's timers: what is to be handled later, and the keys under which it waits.
import type { Address } from "../base/address.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import type { TreeKey } from "./tree-id.ts";

/** What a timer of an interface stands for. */
export type InterfaceTimerEvent =
  /** HelloPeriod (§5.1). */
  | { readonly kind: "hello"; readonly interface: InterfaceIndex }
  /**
   * The same timer once HelloPeriod was raised (§16): Hellos go on to leave at the `period` that it had, `left` more
   * times after this one, for neighbors that miss one go by the HoldTime of the one before.
   */
  | {
      readonly kind: "earlyHello";
      readonly interface: InterfaceIndex;
      readonly period: Millis;
      readonly left: number;
    }
  /** The same timer before the first Hello: the part of TriggeredHelloDelay that was drawn, from 0 to less than 1. */
  | { readonly kind: "firstHello"; readonly interface: InterfaceIndex; readonly drawn: number }
  /** Liveness timer (§5.3, §6.2). */
  | {
      readonly kind: "liveness";
      readonly interface: InterfaceIndex;
      readonly neighbor: Address;
    }
  /** SyncRetransmissionTimer (§6.5). */
  | {
      readonly kind: "syncRetransmission";
      readonly interface: InterfaceIndex;
      readonly neighbor: Address;
    }
  /** RetransmissionTime of one message (§8.3). */
  | {
      readonly kind: "retransmission";
      readonly interface: InterfaceIndex;
      readonly tree: TreeKey;
      readonly destination: Address | null;
    };

/** What a timer stands for. */
export type TimerEvent =
  | InterfaceTimerEvent
  /** Time alone changes what a tree does (§7.1, §9.4, §14). */
  | { readonly kind: "wake"; readonly tree: TreeKey }
  /** SourceActiveTimer of a tree (§9.1). */
  | { readonly kind: "sourceActive"; readonly tree: TreeKey }
  /** The counters of a tree's entry are to be read for data that come round (§9.4, §14). */
  | { readonly kind: "watch"; readonly tree: TreeKey }
  /** The counters of all originated trees are to be read (§9.1). */
  | { readonly kind: "readSources" }
  /** The counters of flood and blocking entries are to be read (§13). */
  | { readonly kind: "readStandIns" }
  /** Bounds that were met are to be reviewed (P7). */
  | { readonly kind: "limits" };

/**
 * The key of a timer: at most one of the same key runs, and of those due at the same instant the lowest comes first. It is
 * short, as V8 makes a string of up to 12 characters at once, and puts longer ones together when they are looked up.
 */
export function timerKey(event: TimerEvent): string {
  switch (event.kind) {
    case "hello":
    case "earlyHello":
    case "firstHello":
      return `a${event.interface}`;
    case "limits":
      return "b";
    case "liveness":
      return `c${event.interface}/${event.neighbor}`;
    case "readSources":
      return "d";
    case "readStandIns":
      return "e";
    case "retransmission":
      return `f${event.interface}/${event.tree}${event.destination ?? ""}`;
    case "sourceActive":
      return `g${event.tree}`;
    case "syncRetransmission":
      return `h${event.interface}/${event.neighbor}`;
    case "wake":
      return `i${event.tree}`;
    case "watch":
      return `j${event.tree}`;
  }
}
