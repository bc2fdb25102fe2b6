// What the explorer is given: a small network, what may happen to it and when, and what must hold: when it is at rest, in
// every state, and of every step of a router.
import type { Millis } from "../../base/units.ts";
import type { InterfaceFacts, RouterAction, RouterEvent } from "../../core/events.ts";
import type { RouterMemory } from "../../core/memory.ts";
import type { Message, TreeId } from "../../core/messages.ts";
import type { RouterSettings } from "../../core/settings.ts";
import type { TimerEvent } from "../../core/timers.ts";

/** A router of a model. Routers are named by their places in the list. */
export interface ModelRouter {
  readonly settings: RouterSettings;
  /** As they are when it boots for the first time. Interfaces with the same subnet are on one link. */
  readonly interfaces: readonly InterfaceFacts[];
  /** What happens to it whenever it has booted: its routes, data, listeners. */
  readonly events: readonly RouterEvent[];
}

/** Something that is done to one router. */
export type Act =
  /** It begins anew, with nothing but its last BootTimes; what is on the way to it still arrives. `unixSeconds`: its time of day by now, instead of the facts'. */
  | { readonly kind: "boot"; readonly unixSeconds?: number }
  /** It is gone for ever, and what is on the way to it is lost. */
  | { readonly kind: "fail" }
  /** A timer runs out before its time; nothing happens if it does not run. */
  | { readonly kind: "expire"; readonly timer: TimerEvent }
  | { readonly kind: "event"; readonly event: RouterEvent };

/** One way in which something happens: acts at routers, in this order, nothing in between. */
export interface Choice {
  readonly name: string;
  readonly acts: readonly { readonly router: number; readonly act: Act }[];
  /** After the acts a data packet is sent, which is faster than any message (data-plane.ts). */
  readonly packet?: Packet;
}

/** A data packet of a host. */
export interface Packet extends TreeId {
  /** Subnet of the link that it is sent to. */
  readonly subnet: string;
  /** With which it arrives on that link. */
  readonly ttl: number;
}

/** Something that happens at most once, at any time. */
export interface Incident {
  readonly name: string;
  readonly choices: readonly Choice[];
  /** Incidents that come before it. */
  readonly after: readonly string[];
  /** A router that is gone by then: all that it sent to this one has arrived before. */
  readonly drained: { readonly from: number; readonly to: number } | null;
  /** Whether it is bound to happen: until it does, the network is not at rest. */
  readonly must: boolean;
}

/** What may happen to a message on the way: it is lost, it arrives twice, or it arrives before one or two that were sent earlier on its channel. */
export type Fault = "losses" | "duplications" | "overtakings";

/** How often it may happen in a run, at any time. No message is overtaken more than twice. */
export interface Faults extends Readonly<Record<Fault, number>> {
  /** Whether it can happen to such a message; what cannot overtake cannot be overtaken either. */
  readonly hit: (message: Message, fault: Fault) => boolean;
}

/** Kinds of timers that may run out by themselves. The hold time of a SYNCED neighbor does not: its Hellos are heard, or an incident says otherwise. */
export type RunningTimer = Extract<
  TimerEvent["kind"],
  "liveness" | "retransmission" | "syncRetransmission" | "wake"
>;

/**
 * Time that passes by itself: while no message is on the way, it jumps to the next instant at which a timer runs out. When
 * none runs, all routers say Hello, until that changes nothing any more: only then the network is at rest.
 */
export interface Clock {
  /** All others stand still, and with them what they count. */
  readonly timers: readonly RunningTimer[];
  /** All must be well when this time has passed since the last fault or incident, and each router has said Hello once more; null: no matter when. */
  readonly within: Millis | null;
}

/** A step that a router took. */
export interface TakenStep {
  readonly router: number;
  readonly act: Act;
  readonly before: RouterMemory;
  readonly actions: readonly RouterAction[];
  /** null: it is gone. */
  readonly after: RouterMemory | null;
}

/** What a model sees of a state. */
export interface Rest {
  /** What a router remembers; null: it is gone. */
  readonly memory: (router: number) => RouterMemory | null;
  /** Whether an incident has happened. */
  readonly happened: (incident: string) => boolean;
}

/** What SPIN found with the authors' model of the same property. */
export interface AuthorsFigures {
  readonly model: string;
  readonly states: number;
  readonly depth: number;
  readonly seconds: number;
}

/** A model. Without a clock of its own time stands still, and a timer runs out only where an act says so. */
export interface Model {
  readonly name: string;
  /** What is modelled, in a sentence or two. */
  readonly about: string;
  readonly routers: readonly ModelRouter[];
  /** Before all else: these happen, and all messages that follow from them are delivered, in one order. */
  readonly prelude: readonly Choice[];
  readonly incidents: readonly Incident[];
  /** What does not hold at rest, a line each; none: all is well. */
  readonly broken: (rest: Rest) => readonly string[];
  /** The same for every state that is visited. */
  readonly always?: (state: Rest) => readonly string[];
  /** What no step of a router may do, a line each. */
  readonly wrong?: (taken: TakenStep) => readonly string[];
  /** More copies of a packet on one link are too many; without a number, any are well. */
  readonly mostCopies?: number;
  /** It has more states than can be visited in this time, which is what a run of all models has for it. */
  readonly minutes?: number;
  readonly faults?: Faults;
  readonly clock?: Clock;
  /** null: the authors have no such model. */
  readonly authors: AuthorsFigures | null;
}

/** What a model does not allow, found on the way from one state to the next. */
export class Broken extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join("; "));
    this.lines = lines;
  }
}
