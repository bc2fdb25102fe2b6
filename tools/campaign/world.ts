// A scene played on the simulator: real engines, whose control messages are lost, doubled and delayed as the weather is.
import { formatAddress } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { orderedKeys } from "../../src/base/ordered.ts";
import { Random } from "../../src/base/random.ts";
import type { Millis } from "../../src/base/units.ts";
import { after, millis, seconds } from "../../src/base/units.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { configurationOf, withProtocol } from "../../src/daemon/configuration.ts";
import type { EngineView } from "../../src/daemon/engine-view.ts";
import type { InstalledEntry } from "../../src/daemon/host.ts";
import type { Frame } from "../../src/sim/medium.ts";
import { configurationFor, Network, routeChanges } from "../../src/sim/network.ts";
import type { Route } from "../../src/topology/topology.ts";
import { subnetOf } from "../../src/topology/topology.ts";
import { decodeMessage } from "../../src/wire/hpim.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { strangerOn } from "./generate.ts";
import type { PortKeys } from "./keys.ts";
import { securityOf } from "./keys.ts";
import { isTogether, routesToSources } from "./parts.ts";
import { RowCounter } from "./rows.ts";
import type { Happening, Scene, StoryEvent, Weather, Wish } from "./scene.ts";
import { ALL_LOST, GOOD_WEATHER, sceneAfter } from "./scene.ts";
import type { Story } from "./story.ts";
import type { FrameKind, SeenFrame } from "./traffic.ts";
import { look, Traffic } from "./traffic.ts";

/** A source sends to each of its groups this often; where there are many routers, less often. */
const FLOW_INTERVAL = seconds(2);
const MANY_ROUTERS = 13;
const SLOW_FLOW_INTERVAL = seconds(5);

/** What faults did to messages is made good by then (§8.3). */
const CLEARING_UP = seconds(15);

/** A packet that a source sent. */
export interface SentPacket extends Wish {
  readonly at: Millis;
  readonly number: number;
  /** Routers were not kept by lost messages from knowing of each other. */
  readonly isFair: boolean;
}

const isTreeMessage = (kind: FrameKind): boolean =>
  kind === "iamUpstream" ||
  kind === "iamNoLongerUpstream" ||
  kind === "interest" ||
  kind === "noInterest";

const NEVER = millis(Number.POSITIVE_INFINITY);

const isFair = ({ lost, duplicated, delayed }: Weather): boolean =>
  lost + duplicated + delayed === 0;

function withKeys(configuration: Configuration, name: string, keys: PortKeys): Configuration {
  const before = configurationOf(configuration, name);
  const interfaces = new Map(configuration.interfaces);
  interfaces.set(name, { ...before, security: securityOf(keys) });
  return { ...configuration, interfaces };
}

/** A network that runs. */
export class World {
  readonly network: Network;
  readonly traffic: Traffic = new Traffic();
  readonly sent: SentPacket[] = [];
  readonly #configuration: Configuration;
  readonly #random: Random;
  readonly #flows = new Map<string, () => void>();
  #rows: ReadonlyMap<string, RowCounter> | null = null;
  #scene: Scene;
  #routes: ReadonlyMap<string, readonly Route[]>;
  #weather: Weather = GOOD_WEATHER;
  #fairFrom: Millis = millis(0);

  /**
   * Starts the daemons that run in `scene`; hosts join and send from the beginning. `configuration` of every router, but
   * for its interfaces. `rows`: where the rows of §10 are counted, if they are.
   */
  constructor(
    scene: Scene,
    { configuration, seed }: Pick<Story, "configuration" | "seed">,
    rows: Map<string, number> | null = null,
  ) {
    this.#scene = scene;
    this.#routes = routesToSources(scene.topology, scene.parts);
    this.#configuration = configuration;
    this.#random = new Random(seed);
    this.network = new Network(scene.topology, seed, () => this.#routes);
    for (const name of scene.topology.links.keys()) {
      const medium = this.network.link(name);
      medium.faults = (frame) => this.#faults(look(frame));
      medium.passes = (frame, { name: to }) => this.#passes(frame, to);
    }
    for (const name of scene.topology.hosts.keys()) this.network.host(name).ttl = scene.ttl;
    for (const name of scene.topology.routers.keys()) {
      this.network.machine(name).routesFirst = this.#random.below(2) === 0;
      this.network.machine(name).onData = (arrival) => this.traffic.takeArrival(name, arrival);
    }
    for (const end of scene.extra.keys()) {
      const [router = "", name = ""] = end.split(".");
      this.#readdress(router, name);
    }
    if (rows !== null) this.#rows = this.#watchRows(rows);
    for (const router of scene.running) this.#start(router);
    for (const { host, group } of scene.members) this.network.host(host).join(group);
    for (const wish of scene.flows) this.#sendNow(wish);
  }

  get scene(): Scene {
    return this.#scene;
  }

  #passes({ link, from }: Frame, to: string): boolean {
    const { parts, deaf } = this.#scene;
    if (!isTogether(parts, link, from, to)) return false;
    return deaf.length === 0 || !deaf.some((pair) => pair.from === from && pair.to === to);
  }

  /** Sees each frame as it leaves. */
  #faults(frame: SeenFrame): Weather {
    const { kind } = frame;
    this.network.frames.length = 0;
    const isCarried = this.traffic.take(frame, this.#scene.parts);
    if (!isCarried) return ALL_LOST;
    if (this.#rows !== null && isTreeMessage(kind)) this.#countRow(this.#rows, frame);
    const { only } = this.#weather;
    return kind !== "data" && (only === null || only === kind) ? this.#weather : GOOD_WEATHER;
  }

  #countRow(rows: ReadonlyMap<string, RowCounter>, { from, packet }: SeenFrame): void {
    const [router = "", name = ""] = from.split(".");
    const machine = this.network.machine(router);
    const index = known(machine.indexes().get(name), `${router} has ${name}`);
    const decoded = decodeMessage(packet.payload, 4);
    if (isMalformed(decoded) || machine.engine === null) return;
    const { message } = decoded;
    const at = { end: from, index };
    if ("sn" in message) rows.get(router)?.count(machine.engine.router, at, message);
  }

  #watchRows(counts: Map<string, number>): ReadonlyMap<string, RowCounter> {
    const counters = new Map<string, RowCounter>();
    for (const name of this.#scene.topology.routers.keys()) {
      const machine = this.network.machine(name);
      const counter = new RowCounter(counts);
      counters.set(name, counter);
      machine.beforeEvent = () => {
        if (machine.engine !== null) counter.remember(machine.engine.router);
      };
    }
    return counters;
  }

  /** Waits for the pause of `event`, and makes it happen. */
  play({ pause, lag, what }: StoryEvent): void {
    this.run(pause);
    const before = this.#scene;
    this.#scene = sceneAfter(before, what);
    this.#do(what, before);
    const { topology, parts } = this.#scene;
    if (before.topology !== topology || before.parts !== parts) {
      this.#tellRoutes("router" in what ? what.router : null, lag);
    }
  }

  #do(what: Happening, before: Scene): void {
    switch (what.kind) {
      case "interface":
        this.#changeInterface(what);
        return;
      case "vanish":
        this.network.machine(what.router).changeLink(what.name, { up: false });
        this.network.machine(what.router).setPresent(what.name, false);
        return;
      case "start":
        if (!before.running.has(what.router)) this.#start(what.router);
        return;
      case "stop":
        this.network.machine(what.router).stop();
        return;
      case "kill":
        this.network.machine(what.router).kill();
        return;
      case "blink":
        this.network.machine(what.router).setRoutes([]);
        this.network.scheduler.in(what.span, () => this.#setRoutes(what.router));
        return;
      case "clock":
        this.network.machine(what.router).clockStep += what.seconds;
        return;
      case "member": {
        const host = this.network.host(what.wish.host);
        const isMember = before.members.some(
          (wish) => wish.host === what.wish.host && wish.group === what.wish.group,
        );
        if (what.on) host.join(what.wish.group);
        else if (isMember) host.leave(what.wish.group);
        return;
      }
      case "flow":
        this.#stopSending(what.wish);
        if (what.on) this.#sendNow(what.wish);
        return;
      case "weather":
        this.#changeWeather(what.weather);
        return;
      case "rest":
        this.#changeWeather(GOOD_WEATHER);
        return;
      case "subnet":
        this.#readdress(what.router, what.name);
        return;
      case "keys":
        this.#changeKeys(what.router, what.name, what.keys);
        return;
      case "routes":
      case "oneWay":
      case "partition":
        return;
    }
  }

  #changeWeather(weather: Weather): void {
    const { now } = this.network;
    if (isFair(this.#weather) && !isFair(weather)) this.#fairFrom = NEVER;
    if (!isFair(this.#weather) && isFair(weather)) this.#fairFrom = after(now, CLEARING_UP);
    this.#weather = weather;
  }

  #start(router: string): void {
    const described = known(this.#scene.topology.routers.get(router), `router ${router} is there`);
    let configuration = configurationFor(described, this.#configuration);
    for (const { name } of described.interfaces) {
      const keys = this.#scene.keys.get(`${router}.${name}`);
      if (keys !== undefined) configuration = withKeys(configuration, name, keys);
    }
    this.network.machine(router).start(configuration);
  }

  #changeKeys(router: string, name: string, keys: PortKeys): void {
    const machine = this.network.machine(router);
    if (machine.engine === null) return;
    machine.configure(withKeys(machine.engine.configuration, name, keys));
  }

  #changeInterface({ router, name, change }: Extract<Happening, { kind: "interface" }>): void {
    const machine = this.network.machine(router);
    if (change.up !== undefined) machine.changeLink(name, { up: change.up });
    if (change.up === true) machine.setPresent(name, true);
    if (change.address !== undefined) this.#readdress(router, name);
    const { engine } = machine;
    for (const protocol of ["hpim", "igmp"] as const) {
      const on = change[protocol];
      if (on === undefined || engine === null) continue;
      machine.configure(withProtocol(engine.configuration, name, protocol, on));
    }
  }

  /** Its addresses are those of the scene. */
  #readdress(router: string, name: string): void {
    const { topology, extra } = this.#scene;
    const port = topology.routers.get(router)?.interfaces.find((at) => at.name === name);
    const { link, address } = known(port, `${router} has ${name}`);
    const addresses = [{ address, subnet: subnetOf(topology, link) }];
    const source = topology.hosts.get(extra.get(`${router}.${name}`) ?? "");
    if (source !== undefined) {
      const second = strangerOn(topology, source.link, router);
      addresses.push({ address: second, subnet: subnetOf(topology, source.link) });
    }
    this.network.machine(router).changeLink(name, { addresses });
  }

  /** A router knows of its own interfaces at once. */
  #tellRoutes(cause: string | null, lag: Millis): void {
    this.#routes = routesToSources(this.#scene.topology, this.#scene.parts);
    for (const router of orderedKeys(this.#scene.topology.routers)) {
      const delay = router === cause || lag === 0 ? 0 : this.#random.below(lag);
      if (delay === 0) this.#setRoutes(router);
      else this.network.scheduler.in(millis(delay), () => this.#setRoutes(router));
    }
  }

  #setRoutes(router: string): void {
    const routes = this.#routes.get(router) ?? [];
    const machine = this.network.machine(router);
    machine.setRoutes(routeChanges(routes, machine.indexes()));
  }

  #sendNow(wish: Wish): void {
    const { scheduler, now } = this.network;
    const isLarge = this.#scene.topology.routers.size >= MANY_ROUTERS;
    const interval = isLarge ? SLOW_FLOW_INTERVAL : FLOW_INTERVAL;
    const number = this.network.host(wish.host).send(wish.group);
    this.sent.push({ ...wish, at: now, number, isFair: now >= this.#fairFrom });
    this.#flows.set(
      this.#key(wish),
      scheduler.in(interval, () => this.#sendNow(wish)),
    );
  }

  #key({ host, group }: Wish): string {
    return `${host} ${formatAddress(group)}`;
  }

  #stopSending(wish: Wish): void {
    this.#flows.get(this.#key(wish))?.();
    this.#flows.delete(this.#key(wish));
  }

  /** Lets time pass. */
  run(span: Millis): void {
    this.network.run(span);
  }

  /** What the daemon of a router shows; null: it does not run. */
  view(router: string): EngineView | null {
    return this.network.machine(router).engine?.view() ?? null;
  }

  /** The kernel's entries of a router. */
  entries(router: string): readonly InstalledEntry[] {
    return this.network.machine(router).readEntries();
  }
}
