// The engine: joins the core and membership to a machine. One queue, one timer, no promises; every input is one event.
import { isDeepStrictEqual } from "node:util";
import type { Address } from "../base/address.ts";
import { invariant } from "../base/invariant.ts";
import { Queue } from "../base/queue.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { RouterAction, RouterEvent } from "../core/events.ts";
import type { Notice } from "../core/notices.ts";
import { Router } from "../core/router.ts";
import { treeKey, treeOfKey } from "../core/tree-id.ts";
import type { RouterReading } from "../core/view.ts";
import type { MembershipEvent, MembershipReading } from "../membership/events.ts";
import { IgmpRouter } from "../membership/igmp-router.ts";
import type { Configuration } from "./configuration.ts";
import { EMPTY_CONFIGURATION } from "./configuration.ts";
import type { CountersView } from "./counters.ts";
import { Counters } from "./counters.ts";
import { inboundOf, outboundMessage, outboundQuery } from "./datagrams.ts";
import type { SingleDrop } from "./drops.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { EngineReading, EngineView } from "./engine-view.ts";
import type { EngineEvent } from "./events.ts";
import type { Host, HostEvent, InstalledEntry, Link, VifCounters } from "./host.ts";
import { HostCalls } from "./host-calls.ts";
import type { DaemonNotice } from "./notices.ts";
import type { Port } from "./port.ts";
import { PortLife } from "./port-life.ts";
import { arrivedMessage, type Shown, sentMessage, sentQuery } from "./shown-messages.ts";
import type { Pause, Step } from "./steps.ts";
import { isHeldBack, newPause, SEVERAL, STEPS, STEPS_OF_BURST, stepOf } from "./steps.ts";

/** A daemon without its surroundings. */
export class Engine implements EngineReading {
  readonly #host: Host;
  readonly #report: (notice: DaemonNotice) => void;
  readonly #onInput: EngineOptions["onInput"];
  readonly #onConfigured: EngineOptions["onConfigured"];
  readonly #router: Router;
  readonly #membership = new IgmpRouter();
  readonly #calls: HostCalls;
  readonly #counters: Counters;
  readonly #ports: PortLife;
  /** What has a next instant at which it is to be told the time. */
  readonly #timed: readonly { nextDeadline(): Millis | undefined }[];
  readonly #queue = new Queue<EngineEvent>();
  readonly #routerQueue = new Queue<readonly RouterEvent[]>();
  #configuration: Configuration = EMPTY_CONFIGURATION;
  /** Only what somebody wants to see is made. */
  #show: ((shown: Shown) => void) | null = null;
  #now: Millis = millis(0);
  #deadline: Millis | null = null;
  #pause: Pause | null = null;
  #busy = false;
  #telling = false;
  #stopped = false;
  #failed = false;

  constructor(options: EngineOptions) {
    const { host, report, seed } = options;
    this.#host = host;
    this.#report = report;
    this.#onInput = options.onInput;
    this.#onConfigured = options.onConfigured;
    this.#calls = new HostCalls(host, report);
    this.#counters = new Counters(report);
    this.#router = new Router({ family: 4, settings: this.#configuration.router, seed });
    this.#ports = new PortLife({
      ...{ host, report },
      now: () => this.#now,
      tellRouter: (event) => this.#tellRouter([event]),
      tellMembership: (event) => this.#tellMembership(event),
      rewriteEntries: (index) => this.#rewriteEntries(index),
      giveBackVif: (index) => {
        this.#letOn();
        host.stopInterface(index);
      },
    });
    this.#timed = [this.#router, this.#membership, this.#counters, this.#ports];
  }

  /** Handles an event, and whatever calls of the host bring meanwhile, before it returns. After a bug of ours, which throws, it always throws. */
  handle(event: EngineEvent): void {
    invariant(!this.#failed, "an engine that met a bug is used again");
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      do {
        for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
          if (!this.#stopped) this.#step(next);
        }
      } while (this.#goOn());
    } catch (error) {
      this.#failed = true;
      throw error;
    }
    this.#busy = false;
  }

  /** Says goodbye everywhere, removes all entries and gives all VIFs back. */
  stop(): void {
    this.handle({ kind: "stop" });
  }

  /** From now on, `take` gets each message that arrives or has left, and what is dropped; null: nobody does. It must not call the engine. */
  showMessages(take: ((shown: Shown) => void) | null): void {
    this.#show = take;
  }

  /** What is configured now. */
  get configuration(): Configuration {
    return this.#configuration;
  }

  get router(): RouterReading {
    return this.#router;
  }

  get membership(): MembershipReading {
    return this.#membership;
  }

  now(): Millis {
    return this.#host.now();
  }

  ports(): readonly Readonly<Port>[] {
    return this.#ports.all();
  }

  port(index: InterfaceIndex): Readonly<Port> | undefined {
    return this.#ports.get(index);
  }

  nameOf(index: InterfaceIndex): string {
    return this.port(index)?.link.name ?? `#${index}`;
  }

  /** The whole state as it is now. */
  view(): EngineView {
    const now = this.now();
    const [router, membership] = [this.#router.view(now), this.#membership.view()];
    return { now, configuration: this.#configuration, ports: this.ports(), router, membership };
  }

  get counters(): CountersView {
    return this.#counters;
  }

  readEntries(): Iterable<InstalledEntry> {
    return this.#host.readEntries();
  }

  readEntry(source: Address, group: Address): InstalledEntry | null {
    return this.#host.readEntry(source, group);
  }

  readVifCounters(index: InterfaceIndex): VifCounters | null {
    return this.#host.readVifCounters(index);
  }

  #step(event: EngineEvent): void {
    this.#now = this.#host.now();
    this.#onInput?.(event, this.#now, this);
    this.#dispatch(event);
    if (this.#pause !== null && this.#pause.toHear > 0) this.#pause.toHear--;
    this.#conclude();
  }

  #conclude(): void {
    this.#ports.concludeRefusals();
    this.#setDeadline();
  }

  /** Goes on with what was held back, if there is any, once all that was heard has been handled. Returns whether it did. */
  #goOn(): boolean {
    const held = this.#pause;
    if (held === null || held.toHear > 0) return false;
    if (held.heard) this.#letOn();
    else {
      held.heard = true;
      held.toHear = this.#host.hearNeighbors([...held.interfaces]);
    }
    return true;
  }

  #letOn(): void {
    const held = this.#pause;
    if (held === null) return;
    this.#pause = null;
    for (const key of held.trees) {
      this.#calls.setEntry({ kind: "entry", ...treeOfKey(key), entry: this.#router.entry(key) });
    }
    for (const action of held.later) this.#perform(action);
    this.#conclude();
  }

  #dispatch(event: EngineEvent): void {
    switch (event.kind) {
      case "configure":
        this.#configure(event.configuration);
        return;
      case "stop":
        this.#configure({ ...this.#configuration, interfaces: new Map() });
        this.#stopped = true;
        return;
      case "links":
        this.#links(event.links);
        return;
      case "datagram":
        this.#datagram(event);
        return;
      case "upcalls":
        this.#tellRouter(
          event.upcalls.map(({ reason, interface: index, source, group }) => ({
            kind: reason,
            interface: index,
            source,
            group,
          })),
        );
        this.#counters.reported(event.upcalls);
        return;
      case "routes":
        this.#tellRouter([event]);
        return;
      case "deadline":
        this.#deadline = null;
        this.#counters.time(this.#now);
        this.#tellMembership({ kind: "time" });
        this.#tellRouter([{ kind: "time" }]);
        this.#ports.retry(this.#now);
        return;
      case "failed":
        this.#report({ kind: "callFailed", interface: null, failure: event.failure });
        return;
    }
  }

  #setDeadline(): void {
    let next: Millis | null = null;
    for (const owner of this.#stopped ? [] : this.#timed) {
      const due = owner.nextDeadline();
      if (due !== undefined && (next === null || due < next)) next = due;
    }
    if (next === this.#deadline) return;
    this.#deadline = next;
    this.#host.setDeadline(next);
  }

  #configure(configuration: Configuration): void {
    const before = this.#configuration;
    this.#configuration = configuration;
    this.#onConfigured?.(configuration);
    if (!isDeepStrictEqual(before.router, configuration.router)) {
      this.#tellRouter([{ kind: "settings", settings: configuration.router }]);
    }
    this.#ports.configure(configuration);
  }

  #links(links: readonly Link[]): void {
    for (const { index } of links) this.#counters.begin(index);
    for (const gone of this.#ports.setLinks(links)) {
      this.#counters.end(gone);
      this.#calls.forget(gone);
    }
  }

  #datagram({ interface: index, bytes }: Extract<HostEvent, { kind: "datagram" }>): void {
    const inbound = inboundOf(index, bytes, this.#ports.securityOf(index));
    if (inbound.kind === "drop") this.#dropped(inbound);
    else {
      this.#show?.(arrivedMessage(inbound));
      if (inbound.kind === "hpim") this.#tellRouter([inbound.event]);
      else this.#tellMembership(inbound.event);
      this.#counters.arrived(inbound);
    }
  }

  #dropped(drop: SingleDrop): void {
    this.#show?.(drop);
    this.#counters.dropped(drop, this.#now);
  }

  /** Has the router handle `events`, and performs what it wants done. What an action brings is handled after that. */
  #tellRouter(events: readonly RouterEvent[]): void {
    this.#routerQueue.push(events);
    if (this.#telling) return;
    this.#telling = true;
    const queue = this.#routerQueue;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const actions: RouterAction[] = [];
      for (const event of next) {
        for (const action of this.#router.handle(event, this.#now)) actions.push(action);
      }
      this.#performAll(actions, next.length > 1);
    }
    this.#telling = false;
  }

  /**
   * Performs the actions step by step, those of a step in their order. But unless they are of a burst, no data are let on to
   * a link of several neighbors before these have been heard once more: one may do it, too.
   */
  #performAll(actions: readonly RouterAction[], isBurst: boolean): void {
    for (const step of isBurst ? STEPS_OF_BURST : STEPS) {
      if (step === "forwards" && !isBurst) this.#pauseFor(actions);
      for (const action of actions) if (stepOf(action) === step) this.#performOrHold(action, step);
    }
  }

  #pauseFor(actions: readonly RouterAction[]): void {
    for (const action of actions) {
      if (action.kind !== "entry" || action.entry === null) continue;
      for (const index of action.entry.outgoing) {
        if (this.#router.neighborCount(index) < SEVERAL) continue;
        this.#pause ??= newPause();
        this.#pause.interfaces.add(index);
      }
    }
  }

  #performOrHold(action: RouterAction, step: Step): void {
    if (this.#pause === null || !isHeldBack(step)) this.#perform(action);
    else if (action.kind === "entry") this.#pause.trees.add(treeKey(action));
    else this.#pause.later.push(action);
  }

  #rewriteEntries(index: InterfaceIndex): void {
    for (const key of this.#router.treeKeys()) {
      const entry = key === undefined ? null : this.#router.entry(key);
      if (key === undefined || entry?.outgoing.includes(index) !== true) continue;
      this.#calls.setEntry({ kind: "entry", ...treeOfKey(key), entry });
    }
  }

  #perform(action: RouterAction): void {
    switch (action.kind) {
      case "storeBootTime":
        this.#ports.storeBootTime(action);
        return;
      case "send":
        this.#send(action);
        return;
      case "entry":
        this.#calls.setEntry(action);
        return;
      case "readCounters": {
        const readings = this.#calls.readCounters(action.trees);
        this.#tellRouter([{ kind: "counters", readings }]);
        return;
      }
      case "drop":
        this.#dropped(action);
        return;
      case "notice":
        this.#noticed(action.notice);
        return;
    }
  }

  #send(action: Extract<RouterAction, { kind: "send" }>): void {
    const { interface: index } = action;
    if (this.#ports.isMuted(index)) return;
    const datagram = outboundMessage(action, this.#ports.securityOf(index));
    if (!this.#calls.send(datagram)) return;
    this.#counters.sent(action);
    this.#show?.(sentMessage(action));
  }

  #noticed(notice: Notice): void {
    const isOfLife = notice.kind === "protocolStarted" || notice.kind === "protocolStopped";
    // What was refused as it began is reported as refused.
    if (isOfLife && this.#ports.isMuted(notice.interface)) return;
    this.#counters.noticed(notice, this.#now);
    this.#report(notice);
  }

  #tellMembership(event: MembershipEvent): void {
    for (const action of this.#membership.handle(event, this.#now)) {
      switch (action.kind) {
        case "sendQuery":
          if (!this.#calls.send(outboundQuery(action))) break;
          this.#counters.sentQuery(action.interface);
          this.#show?.(sentQuery(action));
          break;
        case "listeners":
          this.#tellRouter([action]);
          break;
        case "drop":
          this.#dropped(action);
          break;
        case "notice":
          this.#report(action.notice);
          break;
      }
    }
  }
}
