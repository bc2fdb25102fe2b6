// A topology in memory: its routers run the daemon's engine, its hosts speak IGMP and send and receive real packets.
import type { Address } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import { orderedValues } from "../base/ordered.ts";
import { Random } from "../base/random.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { after, interfaceIndex, millis } from "../base/units.ts";
import type { RouteChange } from "../core/events.ts";
import type { Configuration } from "../daemon/configuration.ts";
import { EMPTY_CONFIGURATION, withProtocol } from "../daemon/configuration.ts";
import type { DaemonNotice } from "../daemon/notices.ts";
import { ROUTE_PROTOCOL, routesOf } from "../topology/routes.ts";
import type { InterfaceChange, Route, Router, Topology } from "../topology/topology.ts";
import { changeInterface, subnetOf } from "../topology/topology.ts";
import { decodeIgmp } from "../wire/igmp.ts";
import { decodeIpv4 } from "../wire/ip.ts";
import { isMalformed } from "../wire/malformed.ts";
import { EndHost } from "./end-host.ts";
import { Machine } from "./machine.ts";
import type { End, Frame } from "./medium.ts";
import { Medium } from "./medium.ts";
import { Scheduler } from "./scheduler.ts";

const IGMP = 2;
const MTU = 1500;

/** Each machine and host draws for itself: what others do at the same instant, and in which order, changes nothing of it. */
const seedOf = (random: Random): number => random.below(2 ** 31);

/** A notice, and who gave it when. */
export interface NoticeOfRouter {
  readonly at: Millis;
  readonly router: string;
  readonly notice: DaemonNotice;
}

/** What a router of the topology is configured with: the protocols where the topology says so, the defaults otherwise. */
export function configurationFor(
  router: Router,
  base: Configuration = EMPTY_CONFIGURATION,
): Configuration {
  let configuration = base;
  for (const { name, hpim, igmp } of router.interfaces) {
    if (hpim) configuration = withProtocol(configuration, name, "hpim", true);
    if (igmp) configuration = withProtocol(configuration, name, "igmp", true);
  }
  return configuration;
}

/** Whether a snooping switch keeps a frame from an end: hosts hear no reports of others (RFC 4541 §2.1.1). */
function isHidden(frame: Frame, receiver: End): boolean {
  const packet = decodeIpv4(frame.datagram);
  if (receiver.isRouter || isMalformed(packet) || packet.protocol !== IGMP) return false;
  const message = decodeIgmp(packet.payload);
  return !isMalformed(message) && message.kind !== "query";
}

/** The routes of a router with these interfaces as its kernel tells of them. */
export const routeChanges = (
  routes: readonly Route[],
  indexes: ReadonlyMap<string, InterfaceIndex>,
): readonly RouteChange[] =>
  routes.map(({ destination, nextHops, metric }) => {
    const hops = nextHops.map(({ via, interface: device }) => ({
      interface: known(indexes.get(device), `the router has ${device}`),
      gateway: via,
    }));
    return {
      prefix: destination,
      routes: [{ protocol: ROUTE_PROTOCOL, metric, nextHops: hops }],
    };
  });

/** The routes of the nodes of a topology. */
export type Routing = (topology: Topology) => ReadonlyMap<string, readonly Route[]>;

/** A network in memory. */
export class Network {
  readonly scheduler: Scheduler = new Scheduler();
  /** Every frame that was sent onto a link. */
  readonly frames: Frame[] = [];
  readonly notices: NoticeOfRouter[] = [];
  readonly #machines = new Map<string, Machine>();
  readonly #hosts = new Map<string, EndHost>();
  readonly #media = new Map<string, Medium>();
  readonly #routing: Routing;
  #topology: Topology;
  #routes: ReadonlyMap<string, readonly Route[]> = new Map();

  /** `seed` of all that is random; `routing` gives the routes. No daemon runs yet. */
  constructor(topology: Topology, seed: number, routing: Routing = (of) => routesOf(of)) {
    this.#topology = topology;
    this.#routing = routing;
    const random = new Random(seed);
    const { scheduler } = this;
    const record = (frame: Frame): void => void this.frames.push(frame);
    for (const { name, snooping } of topology.links.values()) {
      const medium = new Medium(name, { scheduler, random, record });
      if (snooping) medium.passes = (frame, receiver) => !isHidden(frame, receiver);
      this.#media.set(name, medium);
    }
    for (const router of topology.routers.values()) this.#addMachine(router, random);
    for (const { name, link, address } of topology.hosts.values()) {
      const { igmpVersion } = topology;
      const options = { name, address, igmpVersion, scheduler, random: new Random(seedOf(random)) };
      this.#hosts.set(name, new EndHost(options, this.link(link)));
    }
    this.replan(topology);
  }

  #addMachine(router: Router, random: Random): void {
    const { name } = router;
    const { scheduler } = this;
    const report = (notice: DaemonNotice): void =>
      void this.notices.push({ at: scheduler.now, router: name, notice });
    const seed = seedOf(random);
    const machine = new Machine({ name, scheduler, seed, report });
    for (const [i, port] of router.interfaces.entries()) {
      const link = {
        index: interfaceIndex(i + 2),
        name: port.name,
        up: port.up,
        mtu: MTU,
        addresses: [{ address: port.address, subnet: subnetOf(this.#topology, port.link) }],
        loopback: false,
        multicast: true,
        type: "",
        master: null,
      };
      machine.plug(link, this.link(port.link));
    }
    this.#machines.set(name, machine);
  }

  get now(): Millis {
    return this.scheduler.now;
  }

  get topology(): Topology {
    return this.#topology;
  }

  machine(name: string): Machine {
    return known(this.#machines.get(name), `router ${name} is in the topology`);
  }

  host(name: string): EndHost {
    return known(this.#hosts.get(name), `host ${name} is in the topology`);
  }

  link(name: string): Medium {
    return known(this.#media.get(name), `link ${name} is in the topology`);
  }

  /** Starts the daemon of a router as the topology has it, on top of `base`. */
  start(name: string, base: Configuration = EMPTY_CONFIGURATION): void {
    const router = known(this.#topology.routers.get(name), `router ${name} is in the topology`);
    this.machine(name).start(configurationFor(router, base));
  }

  /** Starts the daemons of all routers. */
  startAll(base: Configuration = EMPTY_CONFIGURATION): void {
    for (const { name } of orderedValues(this.#topology.routers)) this.start(name, base);
  }

  /** Switches a protocol on or off on an interface of a router whose daemon runs. */
  setProtocol(router: string, name: string, protocol: "hpim" | "igmp", on: boolean): void {
    const machine = this.machine(router);
    const engine = known(machine.engine, `the daemon of ${router} runs`);
    machine.configure(withProtocol(engine.configuration, name, protocol, on));
  }

  /** Changes cost or state of an interface; unicast routing follows at once. */
  changeInterface(change: InterfaceChange): void {
    if (change.up !== undefined) {
      this.machine(change.router).changeLink(change.interface, { up: change.up });
    }
    this.replan(changeInterface(this.#topology, change));
  }

  /** From now on unicast routing follows `topology`; each router learns of its routes so much later. */
  replan(topology: Topology, delayOf: (router: string) => Millis = () => millis(0)): void {
    this.#topology = topology;
    this.#routes = this.#routing(topology);
    for (const name of this.#machines.keys()) {
      const delay = delayOf(name);
      if (delay === 0) this.#tellRoutes(name);
      else this.scheduler.in(delay, () => this.#tellRoutes(name));
    }
  }

  /** A router loses its routes for a moment. */
  blink(router: string, span: Millis): void {
    this.machine(router).setRoutes([]);
    this.scheduler.in(span, () => this.#tellRoutes(router));
  }

  #tellRoutes(router: string): void {
    const machine = this.machine(router);
    machine.setRoutes(routeChanges(this.#routes.get(router) ?? [], machine.indexes()));
  }

  /** Lets time pass. */
  run(span: Millis): void {
    this.scheduler.run(after(this.now, span));
  }

  /** Lets time pass until `isDone`. Returns whether it was within `span`. */
  runUntil(isDone: () => boolean, span: Millis): boolean {
    return this.scheduler.run(after(this.now, span), isDone);
  }

  /** Numbers of the packets of a group that a host has got, in their order. */
  received(host: string, group: Address): readonly number[] {
    return this.host(host)
      .arrivals.filter((arrival) => arrival.group === group)
      .map(({ number }) => number);
  }
}
