// Which transitions of a state have to be followed: a persistent set (Godefroid), so that of interleavings that differ
// only in the order of independent transitions one is visited.
//
// Transitions at different routers are independent: a delivery takes a message off a channel and changes its receiver,
// and what the receiver sends goes to the ends of channels. So, for a set R of routers, all transitions at R are a
// persistent set if nothing outside of R can make a new one at R possible first: no channel into R that is empty now
// can be filled without a step of R, nor one where what is sent could overtake what is there; and all that an incident
// of R waits for is at R, too.
//
// A fault is at the receiver. Faults share a budget, so that one may forbid another; but what was spent is a sum, and an
// order of the same faults is as good as any other: the first transition of the set in a run can still be put before
// all others of the run, for it was allowed when more had been spent.
//
// Time and the Hellos of all concern every router: in a state in which they may be next every transition is followed. In
// another one they are not before what is due has happened, and the set has something of that: so they do not come
// before it.
//
// An Ack from a SYNCED neighbor is a persistent set, with its loss and its duplicate: it takes the neighbor off what is
// owed (§8.2), and sends nothing. It commutes with whatever else happens at the router: to take a neighbor off a message
// and to replace the message (§8.1) are the same in both orders, since the new one has a higher SN than the Ack. Only
// what ends or begins the neighborhood, reads CheckpointSN or sends the message again would not commute: that comes from
// the neighbor itself, behind the Ack in its channel, if nothing may overtake it; or from an incident at the router that
// is more than an event; or from a timer that is due. A Hello from a SYNCED neighbor, under the BootTime that is known
// of it, is the same: it concerns what is known of this neighbor (§5.3, §15), which nobody else changes.
//
// A persistent set with a transition that is due (a delivery, a timer, or without a clock what is bound to happen) keeps
// every state at rest: whatever leads there has a transition of the set, and the first of these can be moved to the
// front. So every run to rest is kept but for the order of its steps, with all steps of each router. Endless runs are
// kept, too: where none of the endless run's transitions is in the set, one of the set can be put before it.
//
// What must hold in every state is of several routers at once: then only Acks, of which it says nothing, are put first.
// A packet goes through all routers in one step, and tells some of them an event.
import { known } from "../../base/invariant.ts";
import type { Enabled } from "./enabled.ts";
import type { Incident } from "./model.ts";
import type { Network } from "./network.ts";
import { EMPTY } from "./queues.ts";
import type { Channel } from "./wires.ts";

/** Chooses the transitions to be followed. */
export class Reduction {
  readonly #network: Network;
  readonly #enabled: Enabled;
  /** By incident: the routers that it concerns, as bits. */
  readonly #concerned: readonly number[];
  /** By incident: the routers at which it is more than an event. */
  readonly #upset: readonly number[];
  /** Routers that messages may come from, as bits, by router. */
  readonly #senders: readonly number[];

  constructor(network: Network, enabled: Enabled) {
    const { model, channels } = network;
    this.#network = network;
    this.#enabled = enabled;
    const everybody = 2 ** model.routers.length - 1;
    this.#concerned = model.incidents.map((incident) =>
      incident.choices.some(({ packet }) => packet !== undefined)
        ? everybody
        : routersOf(incident, () => true),
    );
    this.#upset = model.incidents.map((incident) =>
      routersOf(incident, (kind) => kind !== "event"),
    );
    this.#senders = model.routers.map((_, router) =>
      channels.reduce((bits, { from, to }) => (to === router ? bits | (1 << from) : bits), 0),
    );
  }

  /** Of the transitions that can be taken, those that suffice. */
  persistent(vector: Uint32Array): readonly number[] {
    const enabled = this.#enabled.transitions(vector);
    if (enabled.length < 2 || this.#mayTimePass(vector)) return enabled;
    const alone = enabled.find((transition) => this.#isAlone(vector, transition));
    if (alone !== undefined) {
      const channel = this.#channelOf(alone);
      return enabled.filter((transition) => this.#channelOf(transition) === channel);
    }
    if (this.#network.model.always !== undefined) return enabled;
    let best = enabled;
    for (let router = 0; router < this.#senders.length; router++) {
      const routers = this.#close(vector, 1 << router);
      const set = enabled.filter((transition) => this.#isAt(transition, routers));
      if (set.length < best.length && set.some((transition) => this.#isDue(transition))) best = set;
    }
    return best;
  }

  #mayTimePass(vector: Uint32Array): boolean {
    return this.#network.model.clock !== undefined && this.#network.isStill(vector);
  }

  #channelOf(number: number): number | null {
    const transition = this.#network.transition(number);
    return "channel" in transition ? transition.channel : null;
  }

  /** Whether the transition delivers an Ack or a Hello that commutes with all else. */
  #isAlone(vector: Uint32Array, number: number): boolean {
    const transition = this.#network.transition(number);
    if (transition.kind !== "deliver" || transition.place > 0) return false;
    const channel = known(this.#network.channels[transition.channel], "channel of a message");
    return (
      this.#isPrivate(vector, transition.channel, channel) &&
      !this.#enabled.isOvertakable(vector, transition.channel) &&
      this.#network.dueAt(vector, channel.to).length === 0 &&
      !this.#isUpset(vector, channel)
    );
  }

  /** Whether an incident is still to come that concerns more than trees at the receiver. */
  #isUpset(vector: Uint32Array, { from, to }: Channel): boolean {
    return this.#network.model.incidents.some(
      ({ drained }, incident) =>
        !this.#network.hasHappened(vector, incident) &&
        (((this.#upset[incident] as number) >>> to) & 1) === 1 &&
        !(drained?.from === from && drained.to === to),
    );
  }

  /** Whether the first message is an Ack or a Hello that changes nothing but what is between SYNCED neighbors. */
  #isPrivate(vector: Uint32Array, number: number, { sender, to, receiver }: Channel): boolean {
    const { steps } = this.#network;
    const act = steps.act(this.#network.actAt(vector, number, 0));
    if (act.kind !== "event" || act.event.kind !== "message") return false;
    const { message } = act.event;
    if (message.kind !== "ack" && message.kind !== "hello") return false;
    const address = known(sender.addresses[0], "address of a sender").address;
    const running = steps.memory(vector[to] as number)?.interfaces.get(receiver.index)?.running;
    const neighbor = running?.neighbors.get(address);
    if (neighbor?.sync?.state !== "SYNCED") return false;
    if (message.kind === "ack") return true;
    return message.bootTime === neighbor.bootTime && message.options.holdTimeSeconds > 0;
  }

  /** The routers of the smallest set with these whose transitions are persistent. */
  #close(vector: Uint32Array, from: number): number {
    let routers = from;
    for (;;) {
      const wider = this.#widen(vector, routers);
      if (wider === routers) return routers;
      routers = wider;
    }
  }

  /** The routers that the incidents concern for which another one waits. */
  #awaited(vector: Uint32Array, incident: number): number {
    return this.#enabled
      .awaited(vector, incident)
      .reduce((bits, awaited) => bits | (this.#concerned[awaited] as number), 0);
  }

  #widen(vector: Uint32Array, routers: number): number {
    const { model, channels } = this.#network;
    let wider = routers;
    for (const incident of model.incidents.keys()) {
      const concerned = this.#concerned[incident] as number;
      if ((concerned & routers) === 0 || this.#network.hasHappened(vector, incident)) continue;
      wider |= concerned | this.#awaited(vector, incident);
    }
    const active = this.#active(vector, routers);
    for (const [channel, { from, to }] of channels.entries()) {
      const isInto = ((routers >>> to) & 1) === 1 && ((active >>> from) & 1) === 1;
      if (isInto && this.#isOpen(vector, channel)) wider |= 1 << from;
    }
    return wider;
  }

  /** Whether what comes next on the channel may be delivered next. */
  #isOpen(vector: Uint32Array, channel: number): boolean {
    return (
      this.#network.content(vector, channel) === EMPTY || this.#enabled.mayOvertake(vector, channel)
    );
  }

  /** Routers outside of R that may do something without R. */
  #active(vector: Uint32Array, routers: number): number {
    let active = this.#busy(vector) & ~routers;
    for (;;) {
      let more = active;
      for (const [router, senders] of this.#senders.entries()) {
        if ((senders & active) !== 0) more |= 1 << router;
      }
      more &= ~routers;
      if (more === active) return active;
      active = more;
    }
  }

  /** Routers that may do something now, or later if nobody else does. */
  #busy(vector: Uint32Array): number {
    const { model, channels } = this.#network;
    let busy = 0;
    for (const [channel, { to }] of channels.entries()) {
      if (this.#network.content(vector, channel) !== EMPTY) busy |= 1 << to;
    }
    for (const incident of model.incidents.keys()) {
      if (!this.#network.hasHappened(vector, incident)) busy |= this.#concerned[incident] as number;
    }
    for (const router of model.routers.keys()) {
      if (this.#network.dueAt(vector, router).length > 0) busy |= 1 << router;
    }
    return busy;
  }

  #isDue(number: number): boolean {
    const { model } = this.#network;
    const transition = this.#network.transition(number);
    if (transition.kind !== "choice") return true;
    const { incident } = this.#network.option(transition.option);
    return model.clock === undefined && model.incidents[incident]?.must === true;
  }

  #isAt(number: number, routers: number): boolean {
    const transition = this.#network.transition(number);
    switch (transition.kind) {
      case "deliver":
      case "lose":
      case "double": {
        const { to } = known(this.#network.channels[transition.channel], "channel of a message");
        return ((routers >>> to) & 1) === 1;
      }
      case "choice": {
        const { incident } = this.#network.option(transition.option);
        return ((this.#concerned[incident] as number) & routers) !== 0;
      }
      case "fire":
        return ((routers >>> transition.router) & 1) === 1;
      case "pass":
      case "hellos":
        return false;
    }
  }
}

function routersOf(incident: Incident, counts: (kind: string) => boolean): number {
  return incident.choices
    .flatMap(({ acts }) => acts)
    .reduce((bits, { router, act }) => (counts(act.kind) ? bits | (1 << router) : bits), 0);
}
