// What the routers of a model do: the real core, one step at a time. Local states and what is done to them have numbers,
// and each step is taken once: most of an exploration is the same steps in other company.
import { invariant, known } from "../../base/invariant.ts";
import { interfaceIndex, millis } from "../../base/units.ts";
import type { InterfaceFacts, RouterAction, RouterEvent } from "../../core/events.ts";
import { emptyMemory, type RouterMemory } from "../../core/memory.ts";
import { Router } from "../../core/router.ts";
import { type TimerEvent, timerKey } from "../../core/timers.ts";
import { canonical } from "./canonical.ts";
import { afterSpan, NOW, timingOf, withoutWaiting, withWaiting } from "./clock.ts";
import { type Act, Broken, type Model, type ModelRouter, type TakenStep } from "./model.ts";
import { ABSENT, PairTable } from "./pair-table.ts";
import { MAX_DUE } from "./transitions.ts";
import type { Wires } from "./wires.ts";

/** The local state of every router that is gone; nothing happens to it any more. */
export const GONE = 0;
/** Of random delays; timers of random length run out where the model says so. */
const SEED = 2;

/** What follows from a step. */
export interface Step {
  readonly next: number;
  /** What is sent: channel, act at its receiver, channel, act... */
  readonly sends: readonly number[];
}

/** A step as the core tells it. */
export interface Performed {
  /** null: the router is gone. */
  readonly memory: RouterMemory | null;
  readonly actions: readonly RouterAction[];
}

/** What a router waits for. */
export interface Timing {
  /** Acts by which what is due now happens, in the core's order. */
  readonly due: readonly number[];
  /** Milliseconds until something is due, by the model's clock; null: no timer runs that will run out by itself. */
  readonly next: number | null;
}

const TIMELESS: Timing = { due: [], next: null };

/** Steps of routers. */
export class RouterSteps {
  readonly #model: Model;
  readonly #wires: Wires;
  readonly #memories: (RouterMemory | null)[] = [null];
  readonly #locals = new Map<string, number>();
  readonly #acts: Act[] = [];
  readonly #actNumbers = new Map<string, number>();
  readonly #steps: Step[] = [];
  readonly #known = new PairTable();
  /** By local state, where it was asked for. */
  readonly #timings: (Timing | undefined)[] = [];
  /** By local state and span. */
  readonly #later = new PairTable();

  constructor(model: Model, wires: Wires) {
    this.#model = model;
    this.#wires = wires;
  }

  /** Local states so far. */
  get locals(): number {
    return this.#memories.length;
  }

  /** Steps taken by the core so far. */
  get taken(): number {
    return this.#steps.length;
  }

  /** The memory behind a local state; null: the router is gone. */
  memory(local: number): RouterMemory | null {
    return this.#memories[local] as RouterMemory | null;
  }

  /** The act behind a number. */
  act(number: number): Act {
    return known(this.#acts[number], "act of a number");
  }

  /** The number of an act. */
  numberOf(act: Act): number {
    const text = canonical(act);
    const number = this.#actNumbers.get(text);
    if (number !== undefined) return number;
    this.#actNumbers.set(text, this.#acts.length);
    return this.#acts.push(act) - 1;
  }

  /** The local state of a router that has booted for the first time. */
  first(router: number): number {
    return this.#localOf(router, this.#boot(router, null, undefined).memory);
  }

  /** What `act` does to a router. Throws what the core throws, and what the model does not allow. */
  step(router: number, local: number, act: number): Step {
    const done = this.#known.get(local, act);
    if (done !== ABSENT) return this.#steps[done] as Step;
    const { memory, actions } = this.perform(router, local, this.act(act));
    const before = this.memory(local);
    if (before !== null) {
      this.#judge({ router, act: this.act(act), before, actions, after: memory });
    }
    const step = { next: this.#localOf(router, memory), sends: this.#sendsOf(router, actions) };
    this.#known.add(local, act, this.#steps.push(step) - 1);
    return step;
  }

  /** What a router waits for. */
  timing(local: number): Timing {
    const done = this.#timings[local];
    if (done !== undefined) return done;
    const memory = this.memory(local);
    const timing = memory === null ? TIMELESS : this.#timingOf(memory);
    this.#timings[local] = timing;
    return timing;
  }

  #timingOf(memory: RouterMemory): Timing {
    const { clock } = this.#model;
    if (clock === undefined) return TIMELESS;
    const { due, next } = timingOf(clock, memory);
    invariant(due.length <= MAX_DUE, "more timers of a router are due than a model counts");
    return { due: due.map((timer) => this.numberOf({ kind: "expire", timer })), next };
  }

  /** The local state of a router after so many milliseconds in which nothing is due. */
  later(router: number, local: number, span: number): number {
    const done = this.#later.get(local, span);
    if (done !== ABSENT) return done;
    const memory = this.memory(local);
    const clock = known(this.#model.clock, "clock of a model in which time passes");
    const next = memory === null ? null : afterSpan(clock, memory, millis(span));
    const later = this.#localOf(router, next);
    this.#later.add(local, span, later);
    return later;
  }

  /** What `act` does to a router, as the core tells it. */
  perform(router: number, local: number, act: Act): Performed {
    const memory = this.memory(local);
    if (memory === null) return { memory, actions: [] };
    switch (act.kind) {
      case "boot":
        return this.#boot(router, memory, act.unixSeconds);
      case "fail":
        return { memory: null, actions: [] };
      case "expire":
        return expire(memory, act.timer);
      case "event":
        return handleAll(memory, [act.event]);
    }
  }

  #boot(router: number, before: RouterMemory | null, unixSeconds: number | undefined): Performed {
    const { settings, interfaces, events } = this.#model.routers[router] as ModelRouter;
    const facts = interfaces
      .map((at) => withLastBootTime(at, before))
      .map((at) => (unixSeconds === undefined ? at : { ...at, unixSeconds }));
    const begins = facts.map((at): RouterEvent => ({ kind: "interface", facts: at }));
    const memory = emptyMemory({ family: 4, settings, seed: SEED });
    return handleAll(memory, [...begins, ...events]);
  }

  #judge(taken: TakenStep): void {
    const lines = this.#model.wrong?.(taken) ?? [];
    if (lines.length > 0) throw new Broken(lines);
  }

  #localOf(router: number, memory: RouterMemory | null): number {
    if (memory === null) return GONE;
    const text = `${router}${canonical(memory)}`;
    const local = this.#locals.get(text);
    if (local !== undefined) return local;
    this.#locals.set(text, this.#memories.length);
    return this.#memories.push(memory) - 1;
  }

  #sendsOf(router: number, actions: readonly RouterAction[]): readonly number[] {
    return actions.flatMap((action) => {
      if (action.kind !== "send") return [];
      return this.#wires
        .deliveries(router, action)
        .flatMap(({ channel, event }) => [channel, this.numberOf({ kind: "event", event })]);
    });
  }
}

/** §4: a router that boots again knows the last BootTime of each interface from its disk. */
function withLastBootTime(facts: InterfaceFacts, before: RouterMemory | null): InterfaceFacts {
  const running = before?.interfaces.get(interfaceIndex(facts.index))?.running;
  return running == null ? facts : { ...facts, lastBootTime: running.bootTime };
}

function handleAll(memory: RouterMemory, events: readonly RouterEvent[]): Performed {
  const router = new Router(withWaiting(memory));
  const actions: RouterAction[] = [];
  for (const event of events) {
    const due = router.nextDeadline();
    invariant(due === undefined || due > NOW, "a timer of a model runs out unasked");
    actions.push(...router.handle(event, NOW));
  }
  return { memory: withoutWaiting(router.save(NOW)), actions };
}

function expire(memory: RouterMemory, timer: TimerEvent): Performed {
  const key = timerKey(timer);
  if (!memory.timers.some((running) => running.key === key)) return { memory, actions: [] };
  const waiting = withWaiting(memory);
  const timers = waiting.timers.map((running) =>
    running.key === key ? { ...running, due: NOW } : running,
  );
  const router = new Router({ ...waiting, timers });
  const actions = router.handle({ kind: "time" }, NOW);
  return { memory: withoutWaiting(router.save(NOW)), actions };
}
