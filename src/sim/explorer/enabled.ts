// Which transitions a state has, and when it is at rest.
import { known } from "../../base/invariant.ts";
import { isLeft } from "./budget.ts";
import { isBeyond } from "./elapsed.ts";
import type { Fault } from "./model.ts";
import { actOf, isOld, type Network } from "./network.ts";
import { ABSENT } from "./pair-table.ts";
import { EMPTY } from "./queues.ts";
import { MAX_OVERTAKEN } from "./transitions.ts";
import type { Channel } from "./wires.ts";

const FAULTS = ["losses", "duplications", "overtakings"] as const;

/** What can happen in the states of a network. */
export class Enabled {
  readonly #network: Network;
  /** Numbers of the transitions of each channel, of each router's timers, of choices, and of all together. */
  readonly #ofChannel: readonly (readonly number[])[];
  readonly #ofRouter: readonly (readonly number[])[];
  readonly #choices: readonly number[];
  readonly #ofAll: readonly number[];
  /** Bits of the incidents that come before each. */
  readonly #after: readonly number[];
  /** By incident: the channels that have to be empty first. */
  readonly #drained: readonly (readonly number[])[];
  /** By act, where it was asked for: the faults that can happen to it. */
  readonly #hitting: (ReadonlySet<Fault> | undefined)[] = [];

  constructor(network: Network) {
    const { model, channels } = network;
    const all = [...network.transitions.entries()];
    const numbers = (is: (transition: Network["transitions"][number]) => boolean) =>
      all.filter(([, transition]) => is(transition)).map(([number]) => number);
    this.#network = network;
    this.#ofChannel = channels.map((_, i) => numbers((t) => "channel" in t && t.channel === i));
    this.#ofRouter = model.routers.map((_, i) =>
      numbers((t) => t.kind === "fire" && t.router === i),
    );
    this.#choices = numbers(({ kind }) => kind === "choice");
    this.#ofAll = numbers(({ kind }) => kind === "pass" || kind === "hellos");
    this.#after = model.incidents.map(({ after }) =>
      after.reduce((bits, name) => bits | (1 << network.incidentOf(name)), 0),
    );
    this.#drained = model.incidents.map(({ drained }) =>
      [...channels.keys()].filter(
        (i) =>
          drained !== null && channels[i]?.from === drained.from && channels[i]?.to === drained.to,
      ),
    );
  }

  /** All transitions that can be taken. */
  transitions(vector: Uint32Array): readonly number[] {
    const network = this.#network;
    const able = this.#choices.filter((number) => this.#is(vector, number));
    let still = true;
    for (const [channel, ofChannel] of this.#ofChannel.entries()) {
      if (network.content(vector, channel) === EMPTY) continue;
      still = false;
      for (const number of ofChannel) if (this.#is(vector, number)) able.push(number);
    }
    if (network.model.clock === undefined) return able;
    for (const [router, ofRouter] of this.#ofRouter.entries()) {
      const due = network.dueAt(vector, router).length;
      if (due > 0) still = false;
      able.push(...ofRouter.slice(0, due));
    }
    if (still) able.push(...this.#ofAll.filter((number) => this.#is(vector, number)));
    return able;
  }

  #is(vector: Uint32Array, number: number): boolean {
    const network = this.#network;
    const transition = network.transition(number);
    switch (transition.kind) {
      case "deliver":
        return this.#isDeliverable(vector, transition.channel, transition.place);
      case "lose":
        return this.#canBeHit(vector, transition.channel, "losses");
      case "double":
        return this.#canBeHit(vector, transition.channel, "duplications");
      case "choice": {
        const { incident } = network.option(transition.option);
        return !network.hasHappened(vector, incident) && this.isOpen(vector, incident);
      }
      case "fire":
        return transition.timer < network.dueAt(vector, transition.router).length;
      case "pass":
        return network.isStill(vector) && network.span(vector) !== null;
      case "hellos":
        return (
          network.isStill(vector) &&
          network.span(vector) === null &&
          this.#nothingIsBound(vector) &&
          this.#hellosMatter(vector)
        );
    }
  }

  /** Whether all that comes before an incident has happened. */
  isOpen(vector: Uint32Array, incident: number): boolean {
    const after = this.#after[incident] as number;
    return (
      (this.#network.happened(vector) & after) === after &&
      (this.#drained[incident] as readonly number[]).every(
        (channel) => this.#network.content(vector, channel) === EMPTY,
      )
    );
  }

  /** The incidents that have to happen before one, and have not. */
  awaited(vector: Uint32Array, incident: number): readonly number[] {
    const missing = (this.#after[incident] as number) & ~this.#network.happened(vector);
    if (missing === 0) return [];
    return [...this.#after.keys()].filter((before) => ((missing >>> before) & 1) === 1);
  }

  /** Whether no message is on the way, nothing is bound to happen, and no Hello would change anything. */
  isAtRest(vector: Uint32Array): boolean {
    const network = this.#network;
    if (!network.isStill(vector) || !this.#nothingIsBound(vector)) return false;
    if (network.model.clock === undefined) return true;
    return network.span(vector) === null && !this.#hellosMatter(vector);
  }

  /** Whether all must be well by now (Clock). */
  isLate(vector: Uint32Array): boolean {
    const network = this.#network;
    const bound = network.model.clock?.within;
    return bound != null && isBeyond(network.elapsed(vector), bound) && network.isStill(vector);
  }

  /** Whether one more such fault may happen. */
  isLeft(vector: Uint32Array, fault: Fault): boolean {
    const { faults } = this.#network.model;
    return faults !== undefined && isLeft(faults, this.#network.spent(vector), fault);
  }

  /** Whether something that comes on the channel may be delivered before what is on it. */
  mayOvertake(vector: Uint32Array, channel: number): boolean {
    if (!this.isLeft(vector, "overtakings")) return false;
    for (let place = 0; place < MAX_OVERTAKEN; place++) {
      const item = this.#network.itemAt(vector, channel, place);
      if (item === ABSENT) return true;
      if (!this.#canBeOvertaken(item)) return false;
    }
    return this.#network.itemAt(vector, channel, MAX_OVERTAKEN) === ABSENT;
  }

  /** Whether the first message of the channel may be overtaken, by what is there or comes. */
  isOvertakable(vector: Uint32Array, channel: number): boolean {
    return (
      this.isLeft(vector, "overtakings") &&
      this.#canBeOvertaken(this.#network.itemAt(vector, channel, 0))
    );
  }

  #nothingIsBound(vector: Uint32Array): boolean {
    const network = this.#network;
    return network.model.incidents.every(
      ({ must }, i) => !must || network.hasHappened(vector, i) || !this.isOpen(vector, i),
    );
  }

  #canBeHit(vector: Uint32Array, channel: number, fault: Fault): boolean {
    if (!this.isLeft(vector, fault)) return false;
    const item = this.#network.itemAt(vector, channel, 0);
    return item !== ABSENT && this.#hits(item, fault);
  }

  /** Whether the fault can happen to an item of a channel. */
  #hits(item: number, fault: Fault): boolean {
    const number = actOf(item);
    const done = this.#hitting[number] ?? this.#faultsOf(number);
    this.#hitting[number] = done;
    return done.has(fault);
  }

  #faultsOf(number: number): ReadonlySet<Fault> {
    const { steps, model } = this.#network;
    const { hit } = known(model.faults, "faults of a model that has some");
    const act = steps.act(number);
    if (act.kind !== "event" || act.event.kind !== "message") return new Set();
    const { message } = act.event;
    return new Set(FAULTS.filter((fault) => hit(message, fault)));
  }

  #canBeOvertaken(item: number): boolean {
    return !isOld(item) && this.#hits(item, "overtakings");
  }

  #isDeliverable(vector: Uint32Array, channel: number, place: number): boolean {
    const network = this.#network;
    if (network.content(vector, channel) === EMPTY) return false;
    if (place === 0) return true;
    if (!this.isLeft(vector, "overtakings")) return false;
    const item = network.itemAt(vector, channel, place);
    if (item === ABSENT || !this.#hits(item, "overtakings")) return false;
    for (let before = 0; before < place; before++) {
      if (!this.#canBeOvertaken(network.itemAt(vector, channel, before))) return false;
    }
    return true;
  }

  /** Whether anything would change if all said Hello now. */
  #hellosMatter(vector: Uint32Array): boolean {
    return this.#network.hellos.some((acts, router) =>
      acts.some((act) => this.#matters(vector, router, act)),
    );
  }

  #matters(vector: Uint32Array, router: number, act: number): boolean {
    const { steps, channels } = this.#network;
    const local = vector[router] as number;
    const { next, sends } = steps.step(router, local, act);
    if (next !== local) return true;
    for (let i = 0; i < sends.length; i += 2) {
      const { to } = channels[sends[i] as number] as Channel;
      const there = vector[to] as number;
      const heard = steps.step(to, there, sends[i + 1] as number);
      if (heard.next !== there || heard.sends.length > 0) return true;
    }
    return false;
  }
}
