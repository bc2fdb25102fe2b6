// A model as a transition system. A state is a vector: the local state of each router, the content of each channel, which
// incidents have happened, and where the model has them, which faults have, and how long they are ago. What is on a
// channel is an act at its receiver and how often it was overtaken.
import { invariant, known } from "../../base/invariant.ts";
import { afterFault, countsOvertakings } from "./budget.ts";
import { DataPlane } from "./data-plane.ts";
import { AT_ONCE, afterHellos, afterTime } from "./elapsed.ts";
import { helloActs } from "./hellos.ts";
import {
  type Act,
  Broken,
  type Choice,
  type Fault,
  type Incident,
  type Model,
  type Packet,
  type Rest,
} from "./model.ts";
import { EMPTY, Queues } from "./queues.ts";
import { GONE, RouterSteps } from "./router-steps.ts";
import { allTransitions, MAX_OVERTAKEN, type Option, type Transition } from "./transitions.ts";
import { type Channel, Wires } from "./wires.ts";

const AGES = MAX_OVERTAKEN + 1;

/** The act by which an item of a channel arrives. */
export const actOf = (item: number): number => Math.floor(item / AGES);
/** Whether an item of a channel cannot be overtaken once more. */
export const isOld = (item: number): boolean => item % AGES === MAX_OVERTAKEN;

/** A model that runs. */
export class Network {
  readonly model: Model;
  readonly steps: RouterSteps;
  readonly channels: readonly Channel[];
  readonly options: readonly Option[];
  /** All that there are, by their numbers. */
  readonly transitions: readonly Transition[];
  readonly queues: Queues = new Queues();
  /** Length of a vector. */
  readonly words: number;
  readonly #dataPlane: DataPlane;
  readonly #routers: number;
  readonly #happenedAt: number;
  readonly #spentAt: number;
  readonly #elapsedAt: number;
  readonly #fail: number;
  /** By router: acts by which it says Hello. */
  readonly hellos: readonly (readonly number[])[];
  readonly #countsOvertakings: boolean;
  #mostCopies = 0;
  /** Is told of each step that a router takes. */
  witness: ((router: number, local: number, act: Act) => void) | null = null;

  constructor(model: Model) {
    const wires = new Wires(model.routers);
    this.model = model;
    this.steps = new RouterSteps(model, wires);
    this.channels = wires.channels;
    this.#dataPlane = new DataPlane(model.routers);
    this.#routers = model.routers.length;
    this.#happenedAt = this.#routers + this.channels.length;
    this.#spentAt = this.#happenedAt + (model.faults === undefined ? 0 : 1);
    this.#elapsedAt = this.#spentAt + (model.clock?.within == null ? 0 : 1);
    this.words = this.#elapsedAt + 1;
    this.options = model.incidents.flatMap(({ choices }, incident) =>
      choices.map((choice) => this.#option(incident, choice)),
    );
    this.transitions = allTransitions(model, this.channels.length, this.options.length);
    this.#fail = this.steps.numberOf({ kind: "fail" });
    this.hellos = helloActs(model).map((acts) => acts.map((act) => this.steps.numberOf(act)));
    this.#countsOvertakings = countsOvertakings(model.faults);
  }

  /** The most copies of a packet that a link has carried so far. */
  get mostCopies(): number {
    return this.#mostCopies;
  }

  /** The state in which the exploration begins: all routers have booted, what they said then was lost, and the prelude is over. */
  initial(): Uint32Array {
    const vector = new Uint32Array(this.words);
    vector.fill(EMPTY, this.#routers, this.#happenedAt);
    for (let router = 0; router < this.#routers; router++) {
      vector[router] = this.steps.first(router);
    }
    for (const choice of this.model.prelude) {
      this.#perform(vector, this.#option(0, choice));
      this.#deliverAll(vector);
    }
    return vector;
  }

  transition(number: number): Transition {
    return this.transitions[number] as Transition;
  }

  option(number: number): Option {
    return this.options[number] as Option;
  }

  /** Acts by which what is due now at a router happens. */
  dueAt(vector: Uint32Array, router: number): readonly number[] {
    return this.steps.timing(vector[router] as number).due;
  }

  /** Whether no message is on the way, and nothing is due now. */
  isStill(vector: Uint32Array): boolean {
    for (let at = this.#routers; at < this.#happenedAt; at++) {
      if (vector[at] !== EMPTY) return false;
    }
    for (let router = 0; router < this.#routers; router++) {
      if (this.dueAt(vector, router).length > 0) return false;
    }
    return true;
  }

  /** How long until something is due somewhere; null: nothing will be by itself. */
  span(vector: Uint32Array): number | null {
    let span: number | null = null;
    for (let router = 0; router < this.#routers; router++) {
      const { next } = this.steps.timing(vector[router] as number);
      if (next !== null && (span === null || next < span)) span = next;
    }
    return span;
  }

  hasHappened(vector: Uint32Array, incident: number): boolean {
    return ((this.happened(vector) >>> incident) & 1) === 1;
  }

  /** The item of a channel at a place, from 0; ABSENT: there are not so many. */
  itemAt(vector: Uint32Array, channel: number, place: number): number {
    return this.queues.at(this.content(vector, channel), place);
  }

  /** The content of a channel. */
  content(vector: Uint32Array, channel: number): number {
    return vector[this.#routers + channel] as number;
  }

  /** The act by which the message at a place of a channel arrives. */
  actAt(vector: Uint32Array, channel: number, place: number): number {
    return actOf(this.itemAt(vector, channel, place));
  }

  /** The number of an incident. */
  incidentOf(name: string): number {
    const number = this.model.incidents.findIndex((incident: Incident) => incident.name === name);
    invariant(number >= 0 && number < 32, `incident "${name}" of a model`);
    return number;
  }

  /** Bits of the incidents that have happened. */
  happened(vector: Uint32Array): number {
    return vector[this.#happenedAt] as number;
  }

  /** Faults so far; only where the model has some. */
  spent(vector: Uint32Array): number {
    return vector[this.#spentAt] as number;
  }

  /** The same state with other faults so far; only where the model has some. */
  setSpent(vector: Uint32Array, spent: number): void {
    vector[this.#spentAt] = spent;
  }

  /** Time since the last fault or incident; only where the model has a bound of it. */
  elapsed(vector: Uint32Array): number {
    return vector[this.#elapsedAt] as number;
  }

  /** Changes the vector as the transition does. Throws what the core throws, and what the model does not allow. */
  apply(vector: Uint32Array, number: number): void {
    const transition = this.transition(number);
    switch (transition.kind) {
      case "deliver":
        if (transition.place > 0) this.#spend(vector, "overtakings");
        this.#deliver(vector, transition.channel, transition.place);
        break;
      case "lose":
        this.#spend(vector, "losses");
        this.#take(vector, transition.channel, 0);
        break;
      case "double":
        this.#spend(vector, "duplications");
        this.#hear(vector, transition.channel, this.actAt(vector, transition.channel, 0));
        break;
      case "choice":
        this.#choose(vector, this.option(transition.option));
        break;
      case "fire": {
        const due = this.dueAt(vector, transition.router)[transition.timer];
        this.#act(vector, transition.router, known(due, "act of a timer that is due"));
        break;
      }
      case "pass":
        this.#pass(vector);
        break;
      case "hellos":
        this.#sayHello(vector);
    }
  }

  /** A state, as models see it. */
  rest(vector: Uint32Array): Rest {
    const locals = vector.slice(0, this.#routers);
    const happened = this.happened(vector);
    return {
      memory: (router) => this.steps.memory(known(locals[router], "router of a model")),
      happened: (name) => ((happened >>> this.incidentOf(name)) & 1) === 1,
    };
  }

  #option(incident: number, choice: Choice): Option {
    const acts = choice.acts.map(({ router, act }) => ({ router, act: this.steps.numberOf(act) }));
    return { incident, choice, acts };
  }

  #deliverAll(vector: Uint32Array): void {
    for (;;) {
      const next = this.channels.findIndex((_, channel) => this.content(vector, channel) !== EMPTY);
      if (next < 0) return;
      this.#deliver(vector, next, 0);
    }
  }

  #spend(vector: Uint32Array, fault: Fault): void {
    const faults = known(this.model.faults, "faults of a model that has some");
    vector[this.#spentAt] = afterFault(faults, vector[this.#spentAt] as number, fault);
    this.#begin(vector);
  }

  /** From now on time is counted. */
  #begin(vector: Uint32Array): void {
    if (this.#elapsedAt > this.#spentAt) vector[this.#elapsedAt] = AT_ONCE;
  }

  #pass(vector: Uint32Array): void {
    const span = known(this.span(vector), "time to pass");
    for (let router = 0; router < this.#routers; router++) {
      vector[router] = this.steps.later(router, vector[router] as number, span);
    }
    const bound = this.model.clock?.within;
    if (bound == null) return;
    vector[this.#elapsedAt] = afterTime(vector[this.#elapsedAt] as number, span, bound);
  }

  #sayHello(vector: Uint32Array): void {
    for (const [router, acts] of this.hellos.entries()) {
      for (const act of acts) this.#act(vector, router, act);
    }
    if (this.#elapsedAt > this.#spentAt) {
      vector[this.#elapsedAt] = afterHellos(vector[this.#elapsedAt] as number);
    }
  }

  #choose(vector: Uint32Array, option: Option): void {
    (vector[this.#happenedAt] as number) |= 1 << option.incident;
    this.#begin(vector);
    this.#perform(vector, option);
  }

  #deliver(vector: Uint32Array, channel: number, place: number): void {
    const act = this.actAt(vector, channel, place);
    this.#take(vector, channel, place);
    this.#hear(vector, channel, act);
  }

  #hear(vector: Uint32Array, channel: number, act: number): void {
    this.#act(vector, (this.channels[channel] as Channel).to, act);
  }

  #take(vector: Uint32Array, channel: number, place: number): void {
    const older = this.#countsOvertakings ? 1 : 0;
    const queue = this.content(vector, channel);
    vector[this.#routers + channel] = this.queues.without(queue, place, (item) => item + older);
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
    this.witness?.(router, vector[router] as number, this.steps.act(act));
    const { next, sends } = this.steps.step(router, vector[router] as number, act);
    vector[router] = next;
    for (let i = 0; i < sends.length; i += 2) {
      const channel = sends[i] as number;
      if (vector[(this.channels[channel] as Channel).to] === GONE) continue;
      const at = this.#routers + channel;
      vector[at] = this.queues.push(vector[at] as number, AGES * (sends[i + 1] as number));
    }
  }

  /** What is on the way to a router that is gone is lost. */
  #clear(vector: Uint32Array, router: number): void {
    for (const [channel, { to }] of this.channels.entries()) {
      if (to === router) vector[this.#routers + channel] = EMPTY;
    }
  }
}
