// Replays a life of a network to one router of the core, in place of the router that was captured.

import { type Address, formatAddress } from "../../src/base/address.ts";
import { EVERY_SOURCE, NO_SOURCE } from "../../src/base/source-filter.ts";
import {
  bootTime,
  type InterfaceIndex,
  type Millis,
  millis,
  type SequenceNumber,
} from "../../src/base/units.ts";
import type { Received } from "../../src/core/acceptance.ts";
import type { RouterAction, RouterEvent } from "../../src/core/events.ts";
import {
  type Ack,
  allRouters,
  type Message,
  type Sync,
  type TreeMessage,
} from "../../src/core/messages.ts";
import { Router } from "../../src/core/router.ts";
import { DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";
import type { InterfaceView, NeighborView } from "../../src/core/view.ts";
import { type Captured, linkOf, ownFrames, reaches, type Said } from "./captured.ts";
import type { Happening, Life } from "./lives.ts";
import { Machine } from "./machine.ts";
import { type PlannedRouter, SOURCE } from "./networks.ts";
import { pairsOf, setUp } from "./past.ts";
import { type Step, scheduleOf, takenBy } from "./schedule.ts";
import { type Answer, Translation } from "./translation.ts";

/** What came of a replay. */
export interface Outcome {
  /** What ours sent on the links that were captured. */
  readonly said: readonly Said[];
  /** How many captured messages it heard. */
  readonly heard: number;
  /** How many it could not hear, because it had not sent what they answer. */
  readonly unheard: number;
}

const SEED = 1;
const MICROS_PER_MILLI = 1000;

type Sent = Extract<RouterAction, { kind: "send" }>;

const newRouter = (): Router =>
  new Router({ family: 4, settings: DEFAULT_ROUTER_SETTINGS, seed: SEED });

/** A neighbor says something to our address `on`, or to all. */
function saidTo(on: Address, source: Address, message: Message): Received {
  const { kind } = message;
  const isForAll = kind === "hello" || kind === "iamUpstream" || kind === "iamNoLongerUpstream";
  return { source, destination: isForAll ? allRouters(4) : on, ttl: 1, message };
}

/** An Ack of our message `sn`, due at a time. */
interface DueAck {
  readonly due: Millis;
  readonly on: Address;
  readonly answer: Answer;
  readonly sn: SequenceNumber;
}

class Replay {
  readonly said: Said[] = [];
  heard = 0;
  unheard = 0;
  readonly #life: Life;
  readonly #frames: readonly Captured[];
  readonly #plan: PlannedRouter;
  readonly #firstMicros: number;
  readonly #captured: ReadonlySet<Address>;
  readonly #translation: Translation;
  readonly #queue: RouterEvent[] = [];
  /** The last Sync that we sent each neighbor that we have. */
  readonly #lastSyncs = new Map<Address, Sync>();
  /** Acks that are under way. */
  readonly #acks: DueAck[] = [];
  #router: Router = newRouter();
  #machine: Machine;
  #now: Millis = millis(0);
  #isSetUp = false;

  constructor(life: Life, frames: readonly Captured[], plan: PlannedRouter) {
    this.#life = life;
    this.#frames = frames;
    this.#plan = plan;
    this.#firstMicros = frames[0]?.micros ?? 0;
    this.#captured = new Set(frames.map(({ link }) => link));
    this.#machine = new Machine(plan);
    const taken = takenBy(life, frames, plan);
    this.#translation = new Translation(
      plan.addresses.flatMap((on) => ownFrames(frames, on)),
      plan.addresses.flatMap((on) => taken.filter((frame) => reaches(frame, on))),
    );
  }

  run(): void {
    this.#handle(this.#machine.route(this.#plan.route.metric));
    for (const { micros, step } of scheduleOf(this.#life, this.#frames, this.#plan)) {
      this.#advance(micros);
      this.#take(step);
    }
    this.#advance(this.#frames.at(-1)?.micros ?? 0);
  }

  #take(step: Step): void {
    switch (step.kind) {
      case "restart":
        this.#restart();
        return;
      case "begin":
        this.#handle(this.#machine.interface(step.on, step.bootTime));
        return;
      case "end":
        this.#handle(this.#machine.interface(step.on, null));
        return;
      case "happening":
        this.#happen(step.what);
        return;
      case "setUp":
        this.#setUp();
        return;
      case "message":
        this.#hearCaptured(step.on, this.#translated(step.received));
        return;
      case "data":
        for (const event of this.#machine.data(step.tree, step.on)) this.#handle(event);
    }
  }

  /** The daemon was killed: nothing is left but what is on disk. */
  #restart(): void {
    this.#router = newRouter();
    this.#machine = new Machine(this.#plan);
    this.#handle(this.#machine.route(this.#plan.route.metric));
    for (const on of this.#plan.addresses) {
      if (!this.#captured.has(linkOf(on))) this.#handle(this.#machine.interface(on, bootTime(1)));
    }
  }

  #happen(what: Happening): void {
    switch (what.kind) {
      case "metric":
        this.#handle(this.#machine.route(what.metric));
        return;
      case "source":
        this.#source(what.group);
        return;
      case "listener": {
        const { on, group } = what;
        const wanted = what.wanted ? EVERY_SOURCE : NO_SOURCE;
        const index = this.#machine.indexOf(on);
        this.#handle({ kind: "listeners", interface: index, group, wanted });
      }
    }
  }

  #source(group: Address): void {
    const [first] = this.#plan.addresses;
    if (first === undefined) return;
    for (const event of this.#machine.data({ source: SOURCE, group }, first)) this.#handle(event);
  }

  #setUp(): void {
    setUp(this.#life, this.#frames, {
      plan: this.#plan,
      hear: (on, from, message) => this.#hear(on, saidTo(on, from, message)),
      neighbor: (from) => this.#neighbor(from),
      bootTimeOn: (on) => this.#runningOn(this.#machine.indexOf(on)).bootTime,
      source: (group) => this.#source(group),
    });
    for (const [, neighbor] of pairsOf(this.#life, this.#plan)) {
      this.#translation.syncedBefore(neighbor, this.#neighbor(neighbor).mySsn);
    }
    this.#isSetUp = true;
  }

  #runningOn(index: InterfaceIndex): NonNullable<InterfaceView["running"]> {
    const view = this.#router.view(this.#now).interfaces.find((i) => i.index === index);
    if (view?.running == null) throw new Error(`HPIM-DM does not run on ${index}`);
    return view.running;
  }

  #neighbor(address: Address): NeighborView {
    for (const { running } of this.#router.view(this.#now).interfaces) {
      const found = running?.neighbors.find((neighbor) => neighbor.address === address);
      if (found !== undefined) return found;
    }
    throw new Error(`${formatAddress(address)} is not a neighbor`);
  }

  #translated(received: Received): Received | undefined {
    const { message } = received;
    return message.kind === "sync" ? this.#translation.sync({ ...received, message }) : received;
  }

  /** Hears what was captured; undefined: it cannot be said to us. */
  #hearCaptured(on: Address, received: Received | undefined): void {
    if (received === undefined) {
      this.unheard++;
      return;
    }
    this.heard++;
    this.#hear(on, received);
  }

  #hear(on: Address, received: Received): void {
    this.#handle({ kind: "message", interface: this.#machine.indexOf(on), ...received });
  }

  /** Lets time pass until then, timer by timer and Ack by Ack. */
  #advance(micros: number): void {
    const to = millis((micros - this.#firstMicros) / MICROS_PER_MILLI);
    for (;;) {
      const [ack] = this.#acks;
      const timer = this.#router.nextDeadline() ?? Number.POSITIVE_INFINITY;
      const due = Math.min(timer, ack?.due ?? Number.POSITIVE_INFINITY);
      if (due > to) break;
      this.#now = millis(Math.max(due, this.#now));
      if (ack === undefined || timer < ack.due) this.#handle({ kind: "time" });
      else this.#hearAck(ack);
    }
    this.#now = to;
  }

  #hearAck(ack: DueAck): void {
    this.#acks.shift();
    const { on, answer, sn } = ack;
    this.#hearCaptured(on, this.#translation.ack(answer, sn));
  }

  #handle(event: RouterEvent): void {
    this.#queue.push(event);
    for (;;) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      for (const action of this.#router.handle(next, this.#now)) this.#do(action);
    }
  }

  #do(action: RouterAction): void {
    switch (action.kind) {
      case "send":
        this.#send(action);
        return;
      case "entry":
        this.#machine.install(action, action.entry);
        return;
      case "readCounters":
        this.#queue.push(this.#machine.counters(action.trees));
        return;
      case "notice":
        if (action.notice.kind === "neighborFailed") this.#lastSyncs.delete(action.notice.neighbor);
        return;
      case "drop":
      case "storeBootTime":
        return;
    }
  }

  #send(sent: Sent): void {
    const { source, destination, message } = sent;
    const link = linkOf(source);
    if (message.kind === "sync") this.#lastSyncs.set(destination, message);
    if (this.#isSetUp && this.#captured.has(link)) {
      const said = { situation: this.#situation(), link, destination, message };
      this.said.push(said);
      if (message.kind === "sync") this.#translation.syncSent(message, destination);
      if ("sn" in message) this.#awaitAcks(sent, message, this.#translation.answers(said));
    } else if ("sn" in message) {
      this.#playAcks(sent, message);
    }
  }

  /** `answers` undefined: the captured router never sent the like, and its neighbors are played. */
  #awaitAcks(sent: Sent, message: TreeMessage, answers: readonly Answer[] | undefined): void {
    if (answers === undefined) {
      this.#playAcks(sent, message);
      return;
    }
    for (const answer of answers) {
      const due = millis(this.#now + answer.micros / MICROS_PER_MILLI);
      this.#acks.push({ due, on: sent.source, answer, sn: message.sn });
    }
    this.#acks.sort((a, b) => a.due - b.due);
  }

  #playAcks({ interface: index, source: on, destination }: Sent, message: TreeMessage): void {
    for (const [neighbor, sync] of this.#lastSyncs) {
      const isMeant = destination === allRouters(4) || destination === neighbor;
      if (linkOf(neighbor) !== linkOf(on) || !isMeant) continue;
      const ack: Ack = {
        kind: "ack",
        source: message.source,
        group: message.group,
        bootTime: sync.neighborBootTime,
        neighborBootTime: message.bootTime,
        neighborSsn: sync.mySsn,
        mySsn: sync.neighborSsn,
        neighborSn: message.sn,
      };
      this.#queue.push({ kind: "message", interface: index, ...saidTo(on, neighbor, ack) });
    }
  }

  /** The situation that it is now; the time between two belongs to the first. */
  #situation(): string {
    const micros = this.#firstMicros + this.#now * MICROS_PER_MILLI;
    return this.#frames.findLast((frame) => frame.micros <= micros)?.situation ?? "";
  }
}

/** Replays a life to one of its routers. */
export function replay(life: Life, frames: readonly Captured[], plan: PlannedRouter): Outcome {
  const run = new Replay(life, frames, plan);
  run.run();
  const { said, heard, unheard } = run;
  return { said, heard, unheard };
}
