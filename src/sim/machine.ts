// A router's machine in memory: interfaces, routes, forwarding, and the daemon that runs on it.
import type { Address } from "../base/address.ts";
import { formatPrefix, ip, isMulticast } from "../base/address.ts";
import { invariant, known } from "../base/invariant.ts";
import { orderedKeys, orderedValues } from "../base/ordered.ts";
import type { BootTime, InterfaceIndex, Millis, VifIndex } from "../base/units.ts";
import { bootTime, vifIndex } from "../base/units.ts";
import type { Route, RouteChange } from "../core/events.ts";
import type { Configuration } from "../daemon/configuration.ts";
import { Engine } from "../daemon/engine.ts";
import type { EngineEvent } from "../daemon/events.ts";
import type {
  EntryCounters,
  Host,
  InstalledEntry,
  Link,
  OutgoingDatagram,
  VifCounters,
} from "../daemon/host.ts";
import { HostError } from "../daemon/host.ts";
import type { DaemonNotice } from "../daemon/notices.ts";
import { recorded } from "../daemon/recording/recorded.ts";
import type { Ipv4Datagram } from "../wire/ip.ts";
import { decodeIpv4, encodeIpv4 } from "../wire/ip.ts";
import { isMalformed } from "../wire/malformed.ts";
import type { Fate } from "./kernel-table.ts";
import { KernelTable } from "./kernel-table.ts";
import type { End, Medium } from "./medium.ts";
import type { Scheduler } from "./scheduler.ts";
import { VifTraffic } from "./vif-traffic.ts";

const MAX_VIFS = 32;
const PROTOCOL_NUMBERS = { hpim: 103, igmp: 2 } as const;
const CONTROL_TOS = 0xc0;
/** Seconds of unix time when the virtual clock shows 0. */
const EPOCH_SECONDS = 1_700_000_000;
const EPOCH = "2023-11-14T22:13:20.000Z";
const KERNEL_ROUTE = 2;
const LOCAL_SCOPE = ip("224.0.0.0").slice(0, 3);

interface Port {
  link: Link;
  present: boolean;
  readonly medium: Medium;
  readonly end: End;
}

/** A data packet that has arrived at a machine, and what becomes of it there. */
export interface DataArrival {
  readonly packet: Ipv4Datagram;
  readonly at: InterfaceIndex;
  readonly fate: Fate | "not routed here";
  readonly outputs: readonly InterfaceIndex[];
}

/** What a machine is made of. */
export interface MachineOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly seed: number;
  /** Takes the notices of the daemon. */
  readonly report: (notice: DaemonNotice) => void;
}

/** A router in memory. */
export class Machine implements Host {
  readonly name: string;
  /** Seconds that its time of day is ahead of the others'. */
  clockStep = 0;
  /** Called when a daemon starts: what it returns gets the lines of its recording. null: none is made. */
  newRecording: (() => (line: string) => void) | null = null;
  /** The daemon hears of routes before it hears of the addresses that they came with. */
  routesFirst = false;
  /** Is called before the daemon handles an event. */
  beforeEvent: () => void = () => undefined;
  /** Is told of each data packet that arrives. */
  onData: (arrival: DataArrival) => void = () => undefined;
  readonly #options: MachineOptions;
  readonly #scheduler: Scheduler;
  readonly #ports = new Map<InterfaceIndex, Port>();
  readonly #bootTimes = new Map<string, BootTime>();
  readonly #vifs = new Map<InterfaceIndex, VifIndex>();
  readonly #vifTraffic = new VifTraffic();
  /** Of those interfaces that have another than 1. */
  readonly #ttlThresholds = new Map<InterfaceIndex, number>();
  #staticRoutes = new Map<string, RouteChange>();
  #knownRoutes = new Map<string, RouteChange>();
  #table = new KernelTable();
  #engine: Engine | null = null;
  #cancelDeadline: () => void = () => undefined;
  #starts = 0;

  constructor(options: MachineOptions) {
    this.name = options.name;
    this.#options = options;
    this.#scheduler = options.scheduler;
  }

  /** Plugs an interface into a link. */
  plug(link: Link, medium: Medium): void {
    const end = {
      name: `${this.name}.${link.name}`,
      isRouter: true,
      receive: (datagram: Uint8Array) => this.#receive(link.index, datagram),
    };
    this.#ports.set(link.index, { link, present: true, medium, end });
    medium.attach(end);
  }

  /** The daemon, while it runs. */
  get engine(): Engine | null {
    return this.#engine;
  }

  /** Starts the daemon. */
  start(configuration: Configuration): void {
    const seed = this.#options.seed + 1_000 * this.#starts++;
    const parts = { host: this, report: this.#options.report, seed };
    const record = this.newRecording?.();
    const about = { program: "simulator", time: EPOCH };
    this.#engine = new Engine(record === undefined ? parts : recorded(parts, about, record));
    this.#knownRoutes = new Map();
    this.configure(configuration);
    this.#tellLinks();
  }

  /** The daemon is gone, without a word; the kernel drops what it owned. */
  kill(): void {
    this.#engine = null;
    this.#cancelDeadline();
    this.#vifs.clear();
    this.#vifTraffic.clear();
    this.#ttlThresholds.clear();
    this.#table = new KernelTable();
  }

  /** The daemon ends in good order. */
  stop(): void {
    this.#engine?.stop();
    this.kill();
  }

  /** Changes an interface of the machine, its name too. */
  changeLink(name: string, change: Partial<Omit<Link, "index">>): void {
    const port = this.#portOf(name);
    port.link = { ...port.link, ...change };
    this.#tellLinks();
  }

  /** Takes an interface that is down out of the machine, or puts it back. */
  setPresent(name: string, present: boolean): void {
    this.#portOf(name).present = present;
    this.#tellLinks();
  }

  #portOf(name: string): Port {
    const port = [...this.#ports.values()].find(({ link }) => link.name === name);
    return known(port, `${this.name} has ${name}`);
  }

  /** From now on these are the routes of the machine, besides the connected ones. */
  setRoutes(changes: readonly RouteChange[]): void {
    this.#staticRoutes = new Map(changes.map((change) => [formatPrefix(change.prefix), change]));
    this.#tellRoutes();
  }

  #tellLinks(): void {
    const present = orderedValues(this.#ports).filter((port) => port.present);
    if (this.routesFirst) this.#tellRoutes();
    this.#tell({ kind: "links", links: present.map(({ link }) => link) });
    this.#tellRoutes();
  }

  #tellRoutes(): void {
    const routes = new Map(this.#staticRoutes);
    for (const { link } of orderedValues(this.#ports)) {
      if (!link.up) continue;
      for (const { subnet } of link.addresses) {
        const key = formatPrefix(subnet);
        const route: Route = {
          protocol: KERNEL_ROUTE,
          metric: 0,
          nextHops: [{ interface: link.index, gateway: null }],
        };
        routes.set(key, { prefix: subnet, routes: [...(routes.get(key)?.routes ?? []), route] });
      }
    }
    const changes: RouteChange[] = [];
    for (const [key, change] of routes) {
      if (JSON.stringify(this.#knownRoutes.get(key)) !== JSON.stringify(change))
        changes.push(change);
    }
    for (const [key, { prefix }] of this.#knownRoutes) {
      if (!routes.has(key)) changes.push({ prefix, routes: [] });
    }
    this.#knownRoutes = routes;
    if (changes.length > 0) this.#tell({ kind: "routes", changes });
  }

  /** From now on the daemon, if it runs, is configured so. */
  configure(configuration: Configuration): void {
    this.#tell({ kind: "configure", configuration });
  }

  #tell(event: EngineEvent): void {
    if (this.#engine === null) return;
    this.beforeEvent();
    this.#engine.handle(event);
  }

  #receive(index: InterfaceIndex, datagram: Uint8Array): void {
    const packet = decodeIpv4(datagram);
    if (this.#ports.get(index)?.link.up !== true || isMalformed(packet)) return;
    const { source, destination, protocol, ttl } = packet;
    const isControl = protocol === PROTOCOL_NUMBERS.hpim || protocol === PROTOCOL_NUMBERS.igmp;
    if (isControl) {
      const isForUs = isMulticast(destination) || this.#isOwn(destination);
      if (isForUs && this.#vifs.has(index)) {
        this.#tell({ kind: "datagram", interface: index, bytes: datagram });
      }
      return;
    }
    const isRouted = isMulticast(destination) && !destination.startsWith(LOCAL_SCOPE);
    if (!isRouted || !this.#vifs.has(index) || this.#isOwn(source)) {
      this.onData({ packet, at: index, fate: "not routed here", outputs: [] });
      return;
    }
    const data = { source, group: destination, at: index, ttl, datagram };
    const { fate, outputs, upcall } = this.#table.arrive(data, this.now());
    this.onData({ packet, at: index, fate, outputs });
    this.#vifTraffic.arrived(index, datagram, fate);
    for (const output of outputs) this.#forward(output, packet);
    if (upcall === null) return;
    const { group } = data;
    const about = { reason: upcall, interface: index, source, group };
    this.#tell({ kind: "upcalls", upcalls: [about] });
  }

  #isOwn(address: Address): boolean {
    const links = [...this.#ports.values()].map(({ link }) => link);
    return links.some(({ addresses }) => addresses.some((own) => own.address === address));
  }

  #forward(output: InterfaceIndex, packet: Ipv4Datagram): void {
    if (!this.#vifs.has(output)) return;
    const datagram = encodeIpv4({ ...packet, ttl: packet.ttl - 1 });
    this.#vifTraffic.left(output, datagram);
    this.#transmit(output, datagram);
  }

  #transmit(index: InterfaceIndex, datagram: Uint8Array): void {
    const port = this.#ports.get(index);
    if (port?.link.up === true) port.medium.send(port.end, datagram);
  }

  now(): Millis {
    return this.#scheduler.now;
  }

  unixSeconds(): number {
    return EPOCH_SECONDS + this.clockStep + Math.floor(this.now() / 1000);
  }

  setDeadline(due: Millis | null): void {
    this.#cancelDeadline();
    this.#cancelDeadline =
      due === null
        ? () => undefined
        : this.#scheduler.at(due, () => this.#tell({ kind: "deadline" }));
  }

  send({ interface: index, protocol, source, destination, payload }: OutgoingDatagram): void {
    const port = this.#ports.get(index);
    if (port?.link.up !== true) {
      throw new HostError("sendmsg", "ENETUNREACH", `${this.name}: sending on interface ${index}`);
    }
    const datagram = encodeIpv4({
      source,
      destination,
      ttl: 1,
      protocol: PROTOCOL_NUMBERS[protocol],
      tos: CONTROL_TOS,
      routerAlert: protocol === "igmp",
      payload,
    });
    this.#transmit(index, datagram);
  }

  startInterface(index: InterfaceIndex): VifIndex {
    invariant(!this.#vifs.has(index), `${this.name}: interface ${index} has one VIF`);
    const used = new Set(this.#vifs.values());
    for (let n = 0; n < MAX_VIFS; n++) {
      if (used.has(vifIndex(n))) continue;
      this.#vifs.set(index, vifIndex(n));
      this.#vifTraffic.begin(index);
      return vifIndex(n);
    }
    throw new HostError("MRT_ADD_VIF", "ENFILE", `${this.name}: all ${MAX_VIFS} VIFs are taken`);
  }

  setTtlThreshold(index: InterfaceIndex, threshold: number): void {
    invariant(this.#vifs.has(index), `${this.name}: interface ${index} has a VIF`);
    this.#ttlThresholds.set(index, threshold);
  }

  stopInterface(index: InterfaceIndex): void {
    for (const { incoming, outgoing } of this.#table.entries()) {
      const isNamed = incoming === index || outgoing.includes(index);
      invariant(!isNamed, `${this.name}: no entry names the VIF of ${index} when it is given back`);
    }
    invariant(this.#vifs.delete(index), `${this.name}: interface ${index} has a VIF to give back`);
    this.#ttlThresholds.delete(index);
    this.#vifTraffic.end(index);
  }

  /** Whoever says something in a network in memory says it later. */
  hearNeighbors(_interfaces: readonly InterfaceIndex[]): number {
    return 0;
  }

  writeEntry(
    source: Address,
    group: Address,
    incoming: InterfaceIndex,
    outgoing: readonly InterfaceIndex[],
  ): void {
    for (const index of [incoming, ...outgoing]) {
      invariant(this.#vifs.has(index), `${this.name}: an entry names VIFs: ${index} has none`);
    }
    const outputs = outgoing.map((index) => ({
      index,
      ttlThreshold: this.#ttlThresholds.get(index) ?? 1,
    }));
    const waiting = this.#table.write({ source, group }, incoming, outputs, this.now());
    for (const { at, datagram } of waiting) this.#receive(at, datagram);
  }

  deleteEntry(source: Address, group: Address): void {
    this.#table.delete(source, group);
  }

  readCounters(source: Address, group: Address): EntryCounters | null {
    return this.#table.counters(source, group);
  }

  readEntries(): readonly InstalledEntry[] {
    return this.#table.entries();
  }

  readEntry(source: Address, group: Address): InstalledEntry | null {
    return this.#table.entry(source, group);
  }

  readVifCounters(index: InterfaceIndex): VifCounters | null {
    return this.#vifTraffic.of(index);
  }

  lastBootTime(name: string): BootTime {
    return this.#bootTimes.get(name) ?? bootTime(0);
  }

  storeBootTime(name: string, value: BootTime): void {
    this.#bootTimes.set(name, value);
  }

  /** Interface indexes by device name. */
  indexes(): ReadonlyMap<string, InterfaceIndex> {
    return new Map(
      orderedKeys(this.#ports).map((index) => [this.#ports.get(index)?.link.name ?? "", index]),
    );
  }
}
