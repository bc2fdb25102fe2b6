// Scenarios on the simulator: time passes when a scenario waits.
import { readFileSync } from "node:fs";
import type { CountersRow } from "../../src/api/lists/counters.ts";
import type { GroupsAnswer } from "../../src/api/lists/groups.ts";
import type { InterfacesAnswer } from "../../src/api/lists/interfaces.ts";
import type { NeighborsAnswer } from "../../src/api/lists/neighbors.ts";
import type { TreesAnswer } from "../../src/api/lists/trees.ts";
import { ip, prefixOf } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { millis, seconds } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import type { Engine } from "../../src/daemon/engine.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import type { SimulatedAct } from "../../src/scenario/command.ts";
import { configurationFor, Network } from "../../src/sim/network.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import type { InterfaceChange } from "../../src/topology/topology.ts";
import { answerOf } from "../support/answers.ts";
import { fromRoot } from "../support/root.ts";
import type { Packet } from "./lines-of-data.ts";
import type { Loss } from "./loss.ts";
import { loseOnSimulator } from "./loss-on-simulator.ts";
import type { ScenarioNetwork, ScenarioSettings, Seen } from "./scenario-network.ts";
import { configurationOfSettings } from "./settings.ts";
import { SimFaults } from "./sim-faults.ts";
import { SimRecord } from "./sim-record.ts";

/** A condition is looked at this often while something happens, in virtual time, and else so often. */
const LOOK_PERIOD = millis(20);
const LONGEST_LOOK_PERIOD = 200;
const DEADLINE_SECONDS = 20;
/** The longest timers of IGMP run for less. */
const LONG_DEADLINE_SECONDS = 600;

/** A network of topologies/ on the simulator. */
export function simulate(topologyName: string, seed = 1): Network {
  const text = readFileSync(fromRoot("topologies", `${topologyName}.yaml`), "utf8");
  const parsed = parseTopology(text);
  if (parsed.kind === "problems") throw new Error(JSON.stringify(parsed.problems));
  return new Network(parsed.topology, seed);
}

/** The daemon of a router, which runs. */
export const engineOf = (network: Network, router: string): Engine =>
  known(network.machine(router).engine, `the daemon of ${router} runs`);

/** From now on the daemon of a router, which runs, has these settings and no others. */
export function reconfigure(network: Network, router: string, settings: ScenarioSettings): void {
  const inTopology = known(network.topology.routers.get(router), `router ${router}`);
  const configuration = configurationFor(inTopology, configurationOfSettings(settings));
  engineOf(network, router).handle({ kind: "configure", configuration });
}

/** The simulator as a scenario's network. */
export class SimNetwork implements ScenarioNetwork {
  readonly network: Network;
  readonly tolerance = { early: 100, late: 100 };
  readonly patience = { show: 3 * DEADLINE_SECONDS, until: LONG_DEADLINE_SECONDS };
  readonly simulate: (act: SimulatedAct) => void;
  /** What ends each flow, by host and group. */
  readonly #sending = new Map<string, Map<string, () => void>>();
  readonly #settings: ScenarioSettings;
  readonly #record: SimRecord;
  readonly #faults: SimFaults;
  readonly #losses: (() => void)[] = [];
  readonly #firstArrival = new Map<string, number>();

  constructor(network: Network, settings: ScenarioSettings) {
    this.network = network;
    this.#settings = settings;
    this.#record = new SimRecord(network);
    this.#faults = new SimFaults(network);
    this.simulate = (act) => this.#faults.simulate(act);
  }

  async start(...routers: readonly string[]): Promise<void> {
    const names = routers.length === 0 ? [...this.network.topology.routers.keys()] : routers;
    for (const name of names) this.network.start(name, this.configuration(name));
  }

  configuration(router?: string): Configuration {
    return configurationOfSettings(this.#settings, router);
  }

  async stop(router: string): Promise<void> {
    this.network.machine(router).stop();
  }

  async kill(router: string): Promise<void> {
    this.network.machine(router).kill();
  }

  async setProtocol(
    router: string,
    name: string,
    protocol: "hpim" | "igmp",
    on: boolean,
  ): Promise<void> {
    this.network.setProtocol(router, name, protocol, on);
  }

  async change(...changes: readonly InterfaceChange[]): Promise<void> {
    for (const change of changes) this.#faults.change(change);
  }

  async join(host: string, group: string): Promise<void> {
    this.network.host(host).join(ip(group));
  }

  async leave(host: string, group: string): Promise<void> {
    this.network.host(host).leave(ip(group));
  }

  async send(host: string, groups: readonly string[], intervalMillis: number): Promise<void> {
    await this.stopSending(host, groups);
    const flows = this.#sending.get(host) ?? new Map<string, () => void>();
    this.#sending.set(host, flows);
    for (const group of groups) {
      const sendOnce = (): void => {
        this.network.host(host).send(ip(group));
        flows.set(group, this.network.scheduler.in(millis(intervalMillis), sendOnce));
      };
      sendOnce();
    }
  }

  async stopSending(host: string, groups: readonly string[] = []): Promise<void> {
    const flows = this.#sending.get(host) ?? new Map<string, () => void>();
    for (const [group, stop] of flows) {
      if (groups.length > 0 && !groups.includes(group)) continue;
      stop();
      flows.delete(group);
    }
  }

  #engine(router: string): Engine {
    return engineOf(this.network, router);
  }

  async trees(router: string): Promise<TreesAnswer["trees"]> {
    return answerOf("trees", this.#engine(router)).trees;
  }

  async neighbors(router: string): Promise<NeighborsAnswer["neighbors"]> {
    return answerOf("neighbors", this.#engine(router)).neighbors;
  }

  async refused(router: string): Promise<NeighborsAnswer["refused"]> {
    return answerOf("neighbors", this.#engine(router)).refused;
  }

  async interfaces(router: string): Promise<InterfacesAnswer["interfaces"]> {
    return answerOf("interfaces", this.#engine(router)).interfaces;
  }

  async groups(router: string): Promise<GroupsAnswer["groups"]> {
    return answerOf("groups", this.#engine(router)).groups;
  }

  async counters(router: string): Promise<readonly CountersRow[]> {
    return answerOf("counters", this.#engine(router)).counters;
  }

  async messages(link: string): Promise<readonly Seen<Message>[]> {
    return this.#record.on(link).messages;
  }

  async igmp(link: string): Promise<readonly Seen<IgmpMessage>[]> {
    return this.#record.on(link).igmp;
  }

  async packets(link: string): Promise<readonly Packet[]> {
    return this.#record.on(link).packets;
  }

  async data(link: string): Promise<number> {
    return this.#record.on(link).packets.length;
  }

  async received(host: string, group: string): Promise<readonly number[]> {
    const { arrivals } = this.network.host(host);
    return arrivals
      .slice(this.#firstArrival.get(host) ?? 0)
      .filter((arrival) => arrival.group === ip(group))
      .map(({ number }) => number);
  }

  async mark(): Promise<void> {
    this.#record.mark();
    for (const host of this.network.topology.hosts.keys()) {
      this.#firstArrival.set(host, this.network.host(host).arrivals.length);
    }
  }

  async unplug(host: string): Promise<void> {
    this.network.host(host).unplug();
  }

  async lose(loss: Loss): Promise<void> {
    this.#losses.push(loseOnSimulator(this.network, loss));
  }

  async loseNothing(): Promise<void> {
    for (const end of this.#losses.splice(0).reverse()) end();
  }

  async setAddress(router: string, name: string, text: string, present: boolean): Promise<void> {
    const machine = this.network.machine(router);
    const port = this.#engine(router)
      .ports()
      .find(({ link }) => link.name === name);
    const { addresses } = known(port, `${router} has ${name}`).link;
    const [address = "", length = ""] = text.split("/");
    const own = { address: ip(address), subnet: prefixOf(ip(address), Number(length)) };
    const others = addresses.filter((other) => other.address !== own.address);
    machine.changeLink(name, { addresses: present ? [...others, own] : others });
  }

  clock(): number {
    return this.network.now;
  }

  async pause(span: number): Promise<void> {
    this.network.run(millis(span));
  }

  /** Lets time pass until something is said, noticed, or at least might have changed. */
  #runUntilChange(): void {
    const { frames, notices } = this.network;
    const seen = frames.length + notices.length;
    const end = this.network.now + LONGEST_LOOK_PERIOD;
    do this.network.run(LOOK_PERIOD);
    while (frames.length + notices.length === seen && this.network.now < end);
  }

  async until(
    condition: () => Promise<void>,
    deadlineSeconds: number = DEADLINE_SECONDS,
  ): Promise<void> {
    const end = this.network.now + seconds(deadlineSeconds);
    for (;;) {
      try {
        return await condition();
      } catch (error) {
        if (this.network.now >= end) throw error;
        this.#runUntilChange();
      }
    }
  }
}
