// What a scenario does that only the simulator can: weather, deafness, clocks, interfaces and routes that come and go.

import { type Address, prefixHolds } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { Random } from "../../src/base/random.ts";
import { type Millis, millis } from "../../src/base/units.ts";
import type { Port, SimulatedAct, WrittenRoute } from "../../src/scenario/command.ts";
import { type Faults, type Frame, NO_FAULTS } from "../../src/sim/medium.ts";
import type { Network } from "../../src/sim/network.ts";
import {
  changeInterface,
  type InterfaceChange,
  type Route,
  type Router,
  subnetOf,
  type Topology,
} from "../../src/topology/topology.ts";
import { kindOf } from "../../tools/campaign/traffic.ts";
import { withPort } from "./stage.ts";

type Weather = Extract<SimulatedAct, { readonly kind: "weather" }>;

const endOf = ({ router, interface: name }: Port): string => `${router}.${name}`;

/** A route of a router, by the interfaces that its next hops are on. */
function routeOf(topology: Topology, router: Router, route: WrittenRoute): Route {
  const nextHops = route.via.map((via) => {
    const port = router.interfaces.find(({ link }) => prefixHolds(subnetOf(topology, link), via));
    return { via, interface: known(port, `${router.name} has an interface to a next hop`).name };
  });
  return { destination: route.destination, nextHops, metric: route.metric };
}

/** The faults of a simulated network. */
export class SimFaults {
  readonly #network: Network;
  readonly #random = new Random(1);
  readonly #deaf = new Set<string>();
  #weather: Weather | null = null;
  #lag: Millis = millis(0);

  constructor(network: Network) {
    this.#network = network;
    for (const name of network.topology.links.keys()) {
      const medium = network.link(name);
      const { passes } = medium;
      medium.faults = (frame) => this.#faults(frame);
      medium.passes = (frame, receiver) =>
        !this.#deaf.has(`${receiver.name} ${frame.from}`) && passes(frame, receiver);
    }
  }

  /** Of control messages alone. */
  #faults(frame: Frame): Faults {
    const weather = this.#weather;
    if (weather === null) return NO_FAULTS;
    const kind = kindOf(frame);
    const isMeant = kind !== "data" && (weather.only === null || weather.only === kind);
    return isMeant ? weather : NO_FAULTS;
  }

  /** Changes cost or state of an interface. */
  change(change: InterfaceChange): void {
    const { router, interface: name, up } = change;
    if (up !== undefined) this.#network.machine(router).changeLink(name, { up });
    this.#replan(changeInterface(this.#network.topology, change), router);
  }

  /** Does it. */
  simulate(act: SimulatedAct): void {
    const network = this.#network;
    switch (act.kind) {
      case "weather":
        this.#weather = act;
        return;
      case "goodWeather":
      case "rest":
        this.#weather = null;
        return;
      case "deaf":
        this.#deaf.add(`${endOf(act.hearer)} ${endOf(act.sayer)}`);
        return;
      case "hear":
        this.#deaf.delete(`${endOf(act.hearer)} ${endOf(act.sayer)}`);
        return;
      case "clock":
        network.machine(act.router).clockStep += Math.round(act.step / 1_000);
        return;
      case "lag":
        this.#lag = act.span;
        return;
      case "blink":
        network.blink(act.router, act.span);
        return;
      case "routes":
        this.#setRoutes(act.router, act.routes);
        return;
      case "vanish":
      case "return":
        this.#setPresent(act.port, act.kind === "return");
        return;
      case "readdress":
        this.#readdress(act.port, act.address);
        return;
    }
  }

  #setRoutes(name: string, routes: readonly WrittenRoute[]): void {
    const { topology } = this.#network;
    const router = known(topology.routers.get(name), `router ${name} is in the topology`);
    const own = { ...router, routes: routes.map((route) => routeOf(topology, router, route)) };
    this.#replan({ ...topology, routers: new Map(topology.routers).set(name, own) }, name);
  }

  #readdress(port: Port, address: Address): void {
    const { topology } = this.#network;
    const { router, interface: name } = port;
    const own = topology.routers.get(router)?.interfaces.find((at) => at.name === name);
    const subnet = subnetOf(topology, known(own, `${router} has ${name}`).link);
    this.#network.machine(router).changeLink(name, { addresses: [{ address, subnet }] });
    this.#replan(withPort(topology, port, { address }), router);
  }

  #setPresent(port: Port, present: boolean): void {
    const machine = this.#network.machine(port.router);
    machine.changeLink(port.interface, { up: present });
    machine.setPresent(port.interface, present);
    this.#replan(withPort(this.#network.topology, port, { up: present }), port.router);
  }

  /** The router itself learns of its routes at once. */
  #replan(topology: Topology, cause: string): void {
    const lag = this.#lag;
    this.#network.replan(topology, (router) =>
      router === cause || lag === 0 ? millis(0) : millis(this.#random.below(lag)),
    );
  }
}
