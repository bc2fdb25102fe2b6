// The engine: joins the core and membership to a machine. One queue, one timer, no promises; every input is one event.
import { isDeepStrictEqual } from "node:util";
import type { Address } from "../base/address.ts";
import { invariant } from "../base/invariant.ts";
import { orderedKeys, orderedValues } from "../base/ordered.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { bootTime, millis } from "../base/units.ts";
import type { RouterAction, RouterEvent } from "../core/events.ts";
import type { Notice } from "../core/notices.ts";
import { Router } from "../core/router.ts";
import type { RouterReading } from "../core/view.ts";
import type { MembershipEvent, MembershipReading } from "../membership/events.ts";
import { IgmpRouter } from "../membership/igmp-router.ts";
import type { MembershipSettings } from "../membership/settings.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../membership/settings.ts";
import type { Configuration } from "./configuration.ts";
import { configurationOf, EMPTY_CONFIGURATION } from "./configuration.ts";
import type { CountersView } from "./counters.ts";
import { Counters } from "./counters.ts";
import { inboundOf, outboundMessage, outboundQuery } from "./datagrams.ts";
import type { EngineReading, EngineView } from "./engine-view.ts";
import type { EngineEvent } from "./events.ts";
import type { Host, HostEvent, InstalledEntry, Link } from "./host.ts";
import { attempt, HostCalls } from "./host-calls.ts";
import type { DaemonNotice, Refusal } from "./notices.ts";
import type { Plan, Port } from "./port.ts";
import { inOrder, isUsable, newPort, planOf, refusalByNature } from "./port.ts";

/** What an engine is made of. */
export interface EngineOptions {
  readonly host: Host;
  /** Takes every notice, in order. Must not call the engine. */
  readonly report: (notice: DaemonNotice) => void;
  /** Of the random delays; the same seed and events give the same run. */
  readonly seed: number;
}

/** A daemon without its surroundings. */
export class Engine implements EngineReading {
  readonly #host: Host;
  readonly #report: (notice: DaemonNotice) => void;
  readonly #router: Router;
  readonly #membership = new IgmpRouter();
  readonly #calls: HostCalls;
  readonly #counters: Counters;
  readonly #ports = new Map<InterfaceIndex, Port>();
  readonly #queue: EngineEvent[] = [];
  readonly #routerQueue: RouterEvent[] = [];
  /** Ports that were refused while an event was handled, to be told before it ends. */
  readonly #refused: Port[] = [];
  #configuration: Configuration = EMPTY_CONFIGURATION;
  #now: Millis = millis(0);
  #deadline: Millis | null = null;
  #busy = false;
  #telling = false;
  #stopped = false;
  #failed = false;

  constructor(options: EngineOptions) {
    const { host, report, seed } = options;
    this.#host = host;
    this.#report = report;
    this.#calls = new HostCalls(host, report);
    this.#counters = new Counters(report);
    this.#router = new Router({ family: 4, settings: this.#configuration.router, seed });
  }

  /** Handles an event, and whatever calls of the host bring meanwhile, before it returns. After a bug of ours, which throws, it always throws. */
  handle(event: EngineEvent): void {
    invariant(!this.#failed, "an engine that met a bug is used again");
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        if (!this.#stopped) this.#step(next);
      }
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
    return orderedValues(this.#ports);
  }

  nameOf(index: InterfaceIndex): string {
    return this.#ports.get(index)?.link.name ?? `#${index}`;
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

  #step(event: EngineEvent): void {
    this.#now = this.#host.now();
    this.#dispatch(event);
    for (let port = this.#refused.shift(); port !== undefined; port = this.#refused.shift()) {
      this.#reconcile(port);
    }
    this.#setDeadline();
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
      case "upcall": {
        const { reason, interface: index, source, group } = event;
        this.#tellRouter({ kind: reason, interface: index, source, group });
        return;
      }
      case "routes":
        this.#tellRouter(event);
        return;
      case "deadline":
        this.#deadline = null;
        this.#counters.time(this.#now);
        this.#tellMembership({ kind: "time" });
        this.#tellRouter({ kind: "time" });
        return;
    }
  }

  #setDeadline(): void {
    const owners = [this.#router, this.#membership, this.#counters];
    const dues = owners.map((owner) => owner.nextDeadline());
    const running = this.#stopped ? [] : dues.filter((due) => due !== undefined);
    const next = running.length === 0 ? null : millis(Math.min(...running));
    if (next === this.#deadline) return;
    this.#deadline = next;
    this.#host.setDeadline(next);
  }

  #configure(configuration: Configuration): void {
    const before = this.#configuration;
    this.#configuration = configuration;
    if (!isDeepStrictEqual(before.router, configuration.router)) {
      this.#tellRouter({ kind: "settings", settings: configuration.router });
    }
    for (const port of orderedValues(this.#ports)) this.#reconsider(port);
  }

  #links(links: readonly Link[]): void {
    const present = new Map(links.map((link) => [link.index, link]));
    for (const index of orderedKeys(this.#ports)) {
      if (!present.has(index)) this.#removePort(index);
    }
    for (const link of inOrder(links)) {
      const port = this.#ports.get(link.index) ?? newPort(link);
      port.link = link;
      this.#ports.set(link.index, port);
      this.#counters.begin(link.index);
      this.#reconsider(port);
    }
  }

  #removePort(index: InterfaceIndex): void {
    const port = this.#ports.get(index);
    if (port === undefined) return;
    this.#endMembership(port);
    this.#tellRouter({ kind: "interfaceGone", interface: index });
    this.#giveBackVif(port);
    this.#ports.delete(index);
    this.#counters.end(index);
    this.#calls.forget(index);
  }

  /** Tries anew what was refused: the reason may have gone. */
  #reconsider(port: Port): void {
    port.refusal = null;
    const { hpim, igmp } = configurationOf(this.#configuration, port.link.name);
    const refusal = refusalByNature(port.link);
    if (hpim === null && igmp === null) port.reported = "";
    else if (refusal !== null) this.#refuse(port, refusal);
    this.#reconcile(port);
    if (port.refusal === null && isUsable(port.link)) port.reported = "";
  }

  #refuse(port: Port, refusal: Refusal): void {
    port.refusal = refusal;
    const text = JSON.stringify(refusal);
    if (port.reported === text) return;
    port.reported = text;
    this.#report({ kind: "refused", interface: port.index, refusal });
  }

  /** Brings what runs on a port in line with what is to run there. A VIF exists before entries name it and after. */
  #reconcile(port: Port): void {
    this.#takeVif(port);
    this.#readBootTime(port);
    const plan = planOf(port, this.#configuration);
    if (!plan.runs || plan.igmp === null) this.#endMembership(port);
    this.#tellFacts(port, plan);
    if (plan.runs && plan.igmp !== null) this.#tellPlan(port, plan.igmp);
    if (!plan.runs) this.#giveBackVif(port);
  }

  #takeVif(port: Port): void {
    if (port.vif !== null || !planOf(port, this.#configuration).runs) return;
    const taken = attempt(() => this.#host.startInterface(port.index));
    if ("failure" in taken) {
      this.#refuse(port, { kind: "noVif", failure: taken.failure });
      return;
    }
    port.vif = taken.value;
  }

  #giveBackVif(port: Port): void {
    if (port.vif === null) return;
    this.#host.stopInterface(port.index);
    port.vif = null;
  }

  /** Once for each name: what cannot be read later must not end what runs. */
  #readBootTime(port: Port): void {
    const { name } = port.link;
    if (port.lastBootTime?.of === name || planOf(port, this.#configuration).hpim === null) return;
    const last = attempt(() => this.#host.lastBootTime(name));
    if ("value" in last) port.lastBootTime = { of: name, value: last.value };
    else this.#refuse(port, { kind: "noBootTime", failure: last.failure });
  }

  #tellFacts(port: Port, plan: Plan): void {
    const { index, name, up, mtu, addresses } = port.link;
    const facts = {
      ...{ index, name, up, mtu, addresses },
      protocol: plan.hpim,
      signatureBytes: 0,
      membership: plan.igmp !== null,
    };
    const text = JSON.stringify(facts);
    if (text === port.told) return;
    port.told = text;
    const lastBootTime = port.lastBootTime?.value ?? bootTime(0);
    const unixSeconds = this.#host.unixSeconds();
    this.#tellRouter({ kind: "interface", facts: { ...facts, lastBootTime, unixSeconds } });
  }

  #tellPlan(port: Port, settings: MembershipSettings): void {
    const [first] = port.link.addresses;
    invariant(first !== undefined, "membership runs on an interface without an address");
    const subnets = port.link.addresses.map((address) => address.subnet);
    port.membership = true;
    const about = { interface: port.index, address: first.address, subnets, settings };
    this.#tellMembership({ kind: "interface", ...about });
  }

  #endMembership(port: Port): void {
    if (!port.membership) return;
    port.membership = false;
    const nothing = { address: null, subnets: [], settings: DEFAULT_MEMBERSHIP_SETTINGS };
    this.#tellMembership({ kind: "interface", interface: port.index, ...nothing });
  }

  #datagram({ interface: index, bytes }: Extract<HostEvent, { kind: "datagram" }>): void {
    const inbound = inboundOf(index, bytes);
    this.#counters.arrived(inbound, this.#now);
    if (inbound.kind === "hpim") this.#tellRouter(inbound.event);
    if (inbound.kind === "igmp") this.#tellMembership(inbound.event);
  }

  /** The router's events are handled one after the other: one that an action brings waits for the rest of them. */
  #tellRouter(event: RouterEvent): void {
    this.#routerQueue.push(event);
    if (this.#telling) return;
    this.#telling = true;
    const queue = this.#routerQueue;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const action of this.#router.handle(next, this.#now)) this.#perform(action);
    }
    this.#telling = false;
  }

  #perform(action: RouterAction): void {
    switch (action.kind) {
      case "storeBootTime":
        this.#storeBootTime(action);
        return;
      case "send":
        if (this.#isMuted(action.interface)) return;
        if (this.#calls.send(outboundMessage(action))) this.#counters.sent(action);
        return;
      case "entry":
        this.#calls.setEntry(action);
        return;
      case "readCounters": {
        const readings = this.#calls.readCounters(action.trees);
        this.#tellRouter({ kind: "counters", readings });
        return;
      }
      case "drop":
        this.#counters.dropped(action, this.#now);
        return;
      case "notice":
        this.#noticed(action.notice);
        return;
    }
  }

  #noticed(notice: Notice): void {
    if (notice.kind === "protocolStarted" && this.#isMuted(notice.interface)) return;
    if (notice.kind === "neighborFailed") this.#counters.failed(notice.interface, notice.why);
    this.#report(notice);
  }

  #storeBootTime(action: Extract<RouterAction, { kind: "storeBootTime" }>): void {
    const port = this.#ports.get(action.interface);
    if (port === undefined || this.#isMuted(port.index)) return;
    const last = { of: port.link.name, value: action.bootTime };
    const stored = attempt(() => this.#host.storeBootTime(last.of, last.value));
    if ("value" in stored) port.lastBootTime = last;
    else {
      this.#refuse(port, { kind: "noBootTime", failure: stored.failure });
      this.#refused.push(port);
    }
  }

  /** §4: not even a goodbye leaves with a BootTime that is not on disk. */
  #isMuted(index: InterfaceIndex): boolean {
    return this.#ports.get(index)?.refusal?.kind === "noBootTime";
  }

  #tellMembership(event: MembershipEvent): void {
    for (const action of this.#membership.handle(event, this.#now)) {
      switch (action.kind) {
        case "sendQuery":
          if (this.#calls.send(outboundQuery(action))) this.#counters.sentQuery(action.interface);
          break;
        case "listeners":
          this.#tellRouter(action);
          break;
        case "drop":
          this.#counters.dropped(action, this.#now);
          break;
        case "notice":
          this.#report(action.notice);
          break;
      }
    }
  }
}
