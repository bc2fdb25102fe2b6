// Which transitions of a state have to be followed: a persistent set (Godefroid), so that of interleavings that differ
// only in the order of independent transitions one is visited.
//
// Transitions at different routers are independent: a delivery takes a channel's first message and changes its receiver,
// and what the receiver sends goes to the ends of channels. So, for a set R of routers, all transitions at R are a
// persistent set if nothing outside of R can make a new one at R possible first: no channel into R that is empty now
// can be filled without a step of R, and all that an incident of R waits for is at R, too.
//
// An Ack from a SYNCED neighbor is a persistent set alone: it takes the neighbor off what is owed (§8.2), and sends
// nothing. It commutes with whatever else happens at the router: to take a neighbor off a message and to replace the
// message (§8.1) are the same in both orders, since the new one has a higher SN than the Ack. Only what ends or begins
// the neighborhood or reads CheckpointSN would not commute: that comes from the neighbor itself, behind the Ack in its
// channel, or from an incident at the router that is more than an event.
//
// A persistent set with a transition that is due (a delivery, or what is bound to happen) keeps every state at rest:
// whatever leads there has a transition of the set, and the first of these can be moved to the front. Endless runs are
// kept, too: where none of the endless run's transitions is in the set, one of the set can be put before it. So is every
// step of a router, but for Acks that it still waits for: what runs to rest in another order is the same at each router.
// What must hold in every state is of several routers at once: then only Acks, of which it says nothing, are put first.
// A packet goes through all routers in one step, and tells some of them an event.
import { known } from "../../base/invariant.ts";
import type { Incident } from "./model.ts";
import type { Network } from "./network.ts";
import { EMPTY } from "./queues.ts";
import type { Channel } from "./wires.ts";

/** Chooses the transitions to be followed. */
export class Reduction {
  readonly #network: Network;
  readonly #everyTransition: readonly number[];
  /** By incident: the routers that it concerns, as bits. */
  readonly #concerned: readonly number[];
  /** By incident: the routers at which it is more than an event. */
  readonly #upset: readonly number[];
  /** Routers that messages may come from, as bits, by router. */
  readonly #senders: readonly number[];

  constructor(network: Network) {
    const { model, channels, options } = network;
    this.#network = network;
    this.#everyTransition = [...channels.keys(), ...options.map((_, i) => channels.length + i)];
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

  /** All transitions that can be taken. */
  enabled(vector: Uint32Array): readonly number[] {
    return this.#everyTransition.filter((transition) =>
      this.#network.isEnabled(vector, transition),
    );
  }

  /** Those of them that suffice. */
  persistent(vector: Uint32Array): readonly number[] {
    const enabled = this.enabled(vector);
    if (enabled.length < 2) return enabled;
    const ack = enabled.find((transition) => this.#isLoneAck(vector, transition));
    if (ack !== undefined) return [ack];
    if (this.#network.model.always !== undefined) return enabled;
    let best = enabled;
    for (let router = 0; router < this.#senders.length; router++) {
      const routers = this.#close(vector, 1 << router);
      const set = enabled.filter((transition) => this.#isAt(transition, routers));
      if (set.length < best.length && set.some((transition) => this.#isDue(transition))) best = set;
    }
    return best;
  }

  #isLoneAck(vector: Uint32Array, transition: number): boolean {
    const { channels, steps, queues, model } = this.#network;
    const channel = channels[transition];
    if (channel === undefined) return false;
    const act = steps.act(queues.head(this.#network.content(vector, transition)));
    if (act.kind !== "event" || act.event.kind !== "message") return false;
    if (act.event.message.kind !== "ack") return false;
    const isUpset = model.incidents.some(
      ({ drained }, incident) =>
        !this.#network.hasHappened(vector, incident) &&
        (((this.#upset[incident] as number) >>> channel.to) & 1) === 1 &&
        !(drained?.from === channel.from && drained.to === channel.to),
    );
    return !isUpset && this.#isSynced(vector, channel);
  }

  #isSynced(vector: Uint32Array, { sender, to, receiver }: Channel): boolean {
    const memory = this.#network.steps.memory(vector[to] as number);
    const address = known(sender.addresses[0], "address of a sender").address;
    const neighbors = memory?.interfaces.get(receiver.index)?.running?.neighbors;
    return neighbors?.get(address)?.sync?.state === "SYNCED";
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
    return this.#network
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
      if (isInto && this.#network.content(vector, channel) === EMPTY) wider |= 1 << from;
    }
    return wider;
  }

  /** Routers outside of R that may do something without R. */
  #active(vector: Uint32Array, routers: number): number {
    const { model, channels } = this.#network;
    let active = 0;
    for (const [channel, { to }] of channels.entries()) {
      if (this.#network.content(vector, channel) !== EMPTY) active |= 1 << to;
    }
    for (const incident of model.incidents.keys()) {
      if (!this.#network.hasHappened(vector, incident))
        active |= this.#concerned[incident] as number;
    }
    active &= ~routers;
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

  #isDue(transition: number): boolean {
    const { model, channels, options } = this.#network;
    if (transition < channels.length) return true;
    const option = known(options[transition - channels.length], "option of a transition");
    return model.incidents[option.incident]?.must === true;
  }

  #isAt(transition: number, routers: number): boolean {
    const { channels, options } = this.#network;
    const channel = channels[transition];
    if (channel !== undefined) return ((routers >>> channel.to) & 1) === 1;
    const option = known(options[transition - channels.length], "option of a transition");
    return ((this.#concerned[option.incident] as number) & routers) !== 0;
  }
}

function routersOf(incident: Incident, counts: (kind: string) => boolean): number {
  return incident.choices
    .flatMap(({ acts }) => acts)
    .reduce((bits, { router, act }) => (counts(act.kind) ? bits | (1 << router) : bits), 0);
}
