// A model as a transition system. A state is a vector: the local state of each router, the content of each channel, and
// which incidents have happened. A transition is the delivery of a channel's first message, or a choice of an incident.
import { invariant, known } from "../../base/invariant.ts";
import { DataPlane } from "./data-plane.ts";
import { Broken, type Choice, type Incident, type Model, type Packet, type Rest } from "./model.ts";
import { EMPTY, Queues } from "./queues.ts";
import { GONE, RouterSteps } from "./router-steps.ts";
import { type Channel, Wires } from "./wires.ts";

/** A choice of an incident, ready to be applied. */
export interface Option {
  readonly incident: number;
  readonly choice: Choice;
  readonly acts: readonly { readonly router: number; readonly act: number }[];
}

/** A model that runs. Transitions are numbers: channels first, then options. */
export class Network {
  readonly model: Model;
  readonly steps: RouterSteps;
  readonly channels: readonly Channel[];
  readonly options: readonly Option[];
  readonly queues: Queues = new Queues();
  /** Length of a vector. */
  readonly words: number;
  readonly #dataPlane: DataPlane;
  readonly #routers: number;
  /** Bits of the incidents that come before each. */
  readonly #after: readonly number[];
  /** By incident: the channels that have to be empty first. */
  readonly #drained: readonly (readonly number[])[];
  readonly #fail: number;
  #mostCopies = 0;

  constructor(model: Model) {
    const wires = new Wires(model.routers);
    this.model = model;
    this.steps = new RouterSteps(model, wires);
    this.channels = wires.channels;
    this.#dataPlane = new DataPlane(model.routers);
    this.#routers = model.routers.length;
    this.words = this.#routers + this.channels.length + 1;
    this.options = model.incidents.flatMap(({ choices }, incident) =>
      choices.map((choice) => this.#option(incident, choice)),
    );
    this.#after = model.incidents.map(({ after }) =>
      after.reduce((bits, name) => bits | (1 << this.#numberOf(name)), 0),
    );
    this.#drained = model.incidents.map(({ drained }) =>
      drained === null ? [] : this.#between(drained.from, drained.to),
    );
    this.#fail = this.steps.numberOf({ kind: "fail" });
  }

  /** The most copies of a packet that a link has carried so far. */
  get mostCopies(): number {
    return this.#mostCopies;
  }

  /** The state in which the exploration begins: all routers have booted, what they said then was lost, and the prelude is over. */
  initial(): Uint32Array {
    const vector = new Uint32Array(this.words).fill(EMPTY);
    for (let router = 0; router < this.#routers; router++) {
      vector[router] = this.steps.first(router);
    }
    for (const choice of this.model.prelude) {
      this.#perform(vector, this.#option(0, choice));
      this.#deliverAll(vector);
    }
    return vector;
  }

  /** Whether a channel holds a message, or an option can be taken now. */
  isEnabled(vector: Uint32Array, transition: number): boolean {
    if (transition < this.channels.length) return this.content(vector, transition) !== EMPTY;
    const { incident } = this.#optionOf(transition);
    return !this.hasHappened(vector, incident) && this.isOpen(vector, incident);
  }

  /** Whether all that comes before an incident has happened. */
  isOpen(vector: Uint32Array, incident: number): boolean {
    const after = this.#after[incident] as number;
    return (
      (this.#happened(vector) & after) === after &&
      (this.#drained[incident] as readonly number[]).every(
        (channel) => this.content(vector, channel) === EMPTY,
      )
    );
  }

  /** The incidents that have to happen before one, and have not. */
  awaited(vector: Uint32Array, incident: number): readonly number[] {
    const missing = (this.#after[incident] as number) & ~this.#happened(vector);
    if (missing === 0) return [];
    return [...this.#after.keys()].filter((before) => ((missing >>> before) & 1) === 1);
  }

  hasHappened(vector: Uint32Array, incident: number): boolean {
    return ((this.#happened(vector) >>> incident) & 1) === 1;
  }

  /** The content of a channel. */
  content(vector: Uint32Array, channel: number): number {
    return vector[this.#routers + channel] as number;
  }

  /** Changes the vector as the transition does. Throws what the core throws, and what the model does not allow. */
  apply(vector: Uint32Array, transition: number): void {
    if (transition < this.channels.length) this.#deliver(vector, transition);
    else {
      const option = this.#optionOf(transition);
      this.#perform(vector, option);
      (vector[this.words - 1] as number) |= 1 << option.incident;
    }
  }

  /** Whether no message is on the way and nothing is bound to happen. */
  isAtRest(vector: Uint32Array): boolean {
    if (this.channels.some((_, channel) => this.content(vector, channel) !== EMPTY)) return false;
    return this.model.incidents.every(
      ({ must }, i) => !must || this.hasHappened(vector, i) || !this.isOpen(vector, i),
    );
  }

  /** A state, as models see it. */
  rest(vector: Uint32Array): Rest {
    const locals = vector.slice(0, this.#routers);
    const happened = this.#happened(vector);
    return {
      memory: (router) => this.steps.memory(known(locals[router], "router of a model")),
      happened: (name) => ((happened >>> this.#numberOf(name)) & 1) === 1,
    };
  }

  #option(incident: number, choice: Choice): Option {
    const acts = choice.acts.map(({ router, act }) => ({ router, act: this.steps.numberOf(act) }));
    return { incident, choice, acts };
  }

  #optionOf(transition: number): Option {
    return this.options[transition - this.channels.length] as Option;
  }

  #numberOf(name: string): number {
    const number = this.model.incidents.findIndex((incident: Incident) => incident.name === name);
    invariant(number >= 0 && number < 32, `incident "${name}" of a model`);
    return number;
  }

  #between(from: number, to: number): readonly number[] {
    return [...this.channels.keys()].filter(
      (i) => this.channels[i]?.from === from && this.channels[i]?.to === to,
    );
  }

  #happened(vector: Uint32Array): number {
    return vector[this.words - 1] as number;
  }

  #deliverAll(vector: Uint32Array): void {
    for (;;) {
      const next = this.channels.findIndex((_, channel) => this.isEnabled(vector, channel));
      if (next < 0) return;
      this.#deliver(vector, next);
    }
  }

  #deliver(vector: Uint32Array, channel: number): void {
    const queue = this.content(vector, channel);
    vector[this.#routers + channel] = this.queues.rest(queue);
    this.#act(vector, (this.channels[channel] as Channel).to, this.queues.head(queue));
  }

  #perform(vector: Uint32Array, { acts, choice }: Option): void {
    for (const { router, act } of acts) {
      this.#act(vector, router, act);
      if (act === this.#fail) this.#clear(vector, router);
    }
    if (choice.packet !== undefined) this.#send(vector, choice.packet);
  }

  #send(vector: Uint32Array, packet: Packet): void {
    const copies = this.#dataPlane.copiesOf(packet, {
      memory: (router) => this.steps.memory(vector[router] as number),
      tell: (router, event) =>
        this.#act(vector, router, this.steps.numberOf({ kind: "event", event })),
    });
    for (const [link, count] of copies) {
      this.#mostCopies = Math.max(this.#mostCopies, count);
      if (count > (this.model.mostCopies ?? Number.POSITIVE_INFINITY)) {
        throw new Broken([`${link} carries ${count} copies of a packet`]);
      }
    }
  }

  #act(vector: Uint32Array, router: number, act: number): void {
    const { next, sends } = this.steps.step(router, vector[router] as number, act);
    vector[router] = next;
    for (let i = 0; i < sends.length; i += 2) {
      const channel = sends[i] as number;
      if (vector[(this.channels[channel] as Channel).to] === GONE) continue;
      const at = this.#routers + channel;
      vector[at] = this.queues.push(vector[at] as number, sends[i + 1] as number);
    }
  }

  /** What is on the way to a router that is gone is lost. */
  #clear(vector: Uint32Array, router: number): void {
    for (const [channel, { to }] of this.channels.entries()) {
      if (to === router) vector[this.#routers + channel] = EMPTY;
    }
  }
}
