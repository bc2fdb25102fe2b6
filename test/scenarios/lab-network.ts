// Scenarios on the real kernel: daemons, hosts and captures in network namespaces, and real time.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { parse, stringify } from "yaml";
import type { CountersAnswer } from "../../src/api/lists/counters.ts";
import { countersSchema } from "../../src/api/lists/counters.ts";
import type { GroupsAnswer } from "../../src/api/lists/groups.ts";
import { groupsSchema } from "../../src/api/lists/groups.ts";
import type { InterfacesAnswer } from "../../src/api/lists/interfaces.ts";
import { interfacesSchema } from "../../src/api/lists/interfaces.ts";
import type { MrouteRow } from "../../src/api/lists/mroute.ts";
import { mrouteSchema } from "../../src/api/lists/mroute.ts";
import type { NeighborsAnswer } from "../../src/api/lists/neighbors.ts";
import { neighborsSchema } from "../../src/api/lists/neighbors.ts";
import type { TreesAnswer } from "../../src/api/lists/trees.ts";
import { treesSchema } from "../../src/api/lists/trees.ts";
import { versionSchema } from "../../src/api/responses.ts";
import { known } from "../../src/base/invariant.ts";
import type { Message } from "../../src/core/messages.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import {
  askDaemon,
  BARE_DAEMON,
  daemonConfiguration,
  daemonFilesOf,
  killDaemon,
  queryDaemon,
  startDaemon,
  stopDaemon,
} from "../../src/lab/daemon-process.ts";
import { changeLab, type Lab } from "../../src/lab/lab.ts";
import {
  type Receiver,
  type SenderSummary,
  startReceiver,
  startSender,
  type TrafficProcess,
} from "../../src/lab/traffic.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import {
  HOST_INTERFACE,
  type InterfaceChange,
  type Router,
  type Topology,
} from "../../src/topology/topology.ts";
import { decodePacket } from "../../src/traffic/packet.ts";
import { decodeMessage } from "../../src/wire/hpim.ts";
import { decodeIgmp } from "../../src/wire/igmp.ts";
import { decodeIpv4, type Ipv4Datagram } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { labSite, outputIn, upQuietly } from "../lab/labs.ts";
import type { LinkCapture } from "../support/link-capture.ts";
import { ipv4Of } from "../support/pcap.ts";
import { captureLinks } from "./lab-captures.ts";
import type { Packet } from "./lines-of-data.ts";
import type { Loss } from "./loss.ts";
import { loseOnKernel } from "./loss-on-kernel.ts";
import type { ScenarioNetwork, ScenarioSettings, Seen } from "./scenario-network.ts";
import { configurationOfSettings } from "./settings.ts";

const IGMP = 2;
const UDP = 17;
const UDP_HEADER_BYTES = 8;
const HPIM_DM = 103;
/** In an IPv4 header. */
const PROTOCOL_OFFSET = 9;
const LOOK_PERIOD_MS = 50;
/** What is expected to come about at all does so in this time, however busy the machine is. */
const DEADLINE_SECONDS = 60;

/** Settings of the daemons, and the links that are captured; all unless told otherwise. */
export interface LabSettings extends ScenarioSettings {
  readonly captured?: readonly string[];
  /** All daemons are recorded. */
  readonly recorded?: boolean;
}

/** A recording of a daemon. */
export interface RecordingFile {
  readonly router: string;
  readonly path: string;
}

/** What of the settings a scenario may ask for, too. */
function scenarioSettingsOf(settings: LabSettings): ScenarioSettings {
  const { captured: _, recorded: __, ...others } = settings;
  return others;
}

/** The configuration file of a router. */
function configurationOf(router: Router, settings: LabSettings): string {
  const { security, interfaces, ...defaults } = scenarioSettingsOf(settings);
  const document = parse(daemonConfiguration(router));
  for (const name of Object.keys(document.interfaces)) {
    const own = interfaces?.[router.name]?.[name];
    Object.assign(document.interfaces[name], security && { security }, own);
  }
  return stringify({ ...defaults, ...document });
}

interface HostSender {
  readonly groups: readonly string[];
  readonly sender: TrafficProcess<SenderSummary>;
}

interface HostReceiver {
  readonly group: string;
  readonly receiver: Receiver;
}

/** The real kernel as a scenario's network. */
export class LabNetwork implements ScenarioNetwork {
  /** A timer never ends early, but a busy machine sends late what the span begins with. */
  readonly tolerance = { early: 500, late: DEADLINE_SECONDS * 1000 };
  readonly patience = { show: DEADLINE_SECONDS, until: 2 * DEADLINE_SECONDS };
  #lab: Lab;
  readonly #captures: ReadonlyMap<string, LinkCapture>;
  readonly #settings: LabSettings;
  readonly #senders = new Map<string, readonly HostSender[]>();
  /** Of each host, also those that have left. */
  readonly #receivers = new Map<string, HostReceiver[]>();
  /** What ends each loss, in the order in which they began. */
  readonly #losses: (() => Promise<void>)[] = [];
  /** Of the daemons in the order of their starts, if they are recorded. */
  readonly recordings: RecordingFile[] = [];
  /** On the clock of the captures. */
  #markMillis = 0;
  /** On the clock of the receivers. */
  #markNanos = 0n;

  private constructor(lab: Lab, captures: ReadonlyMap<string, LinkCapture>, settings: LabSettings) {
    this.#lab = lab;
    this.#captures = captures;
    this.#settings = settings;
  }

  /** The network with no daemon yet, and these links captured, or all; all of it goes when the test ends. */
  static async up(
    context: TestContext,
    topology: Topology,
    { captured = [...topology.links.keys()], ...settings }: LabSettings = {},
  ): Promise<LabNetwork> {
    const lab = await upQuietly(labSite(context), topology);
    return new LabNetwork(lab, await captureLinks(lab, captured), settings);
  }

  configuration(router?: string): Configuration {
    return configurationOfSettings(scenarioSettingsOf(this.#settings), router);
  }

  /** The lab as it is now. */
  get lab(): Lab {
    return this.#lab;
  }

  async start(...routers: readonly string[]): Promise<void> {
    const names = routers.length === 0 ? [...this.#lab.topology.routers.keys()] : routers;
    await Promise.all(names.map((name) => this.#start(name)));
  }

  async #start(name: string): Promise<void> {
    const router = known(this.#lab.topology.routers.get(name), `the topology has router ${name}`);
    const { configuration } = daemonFilesOf(this.#lab, name);
    mkdirSync(dirname(configuration), { recursive: true });
    writeFileSync(configuration, configurationOf(router, this.#settings));
    await startDaemon(this.#lab, name, [...BARE_DAEMON, ...this.#recordArguments(name)]);
  }

  #recordArguments(router: string): readonly string[] {
    if (!this.#settings.recorded) return [];
    const { stateDirectory } = daemonFilesOf(this.#lab, router);
    const path = join(dirname(stateDirectory), `recording-${this.recordings.length}`);
    this.recordings.push({ router, path });
    return ["--record", path];
  }

  stop(router: string): Promise<void> {
    return stopDaemon(this.#lab, router);
  }

  kill(router: string): Promise<void> {
    return killDaemon(this.#lab, router);
  }

  async setProtocol(
    router: string,
    name: string,
    protocol: "hpim" | "igmp",
    on: boolean,
  ): Promise<void> {
    const path = `/v1/interfaces/${name}/${protocol}`;
    await askDaemon(this.#lab, router, { method: on ? "PUT" : "DELETE", path });
  }

  async change(...changes: readonly InterfaceChange[]): Promise<void> {
    this.#lab = await changeLab(this.#lab, changes);
  }

  async join(host: string, group: string): Promise<void> {
    const receiver = startReceiver(this.#lab, { node: host, groups: [group] });
    await receiver.waitReady();
    this.#receivers.set(host, [...(this.#receivers.get(host) ?? []), { group, receiver }]);
  }

  async leave(host: string, group: string): Promise<void> {
    for (const joined of this.#receivers.get(host) ?? []) {
      if (joined.group === group) await joined.receiver.stop();
    }
  }

  async send(host: string, groups: readonly string[], intervalMillis: number): Promise<void> {
    await this.stopSending(host, groups);
    const sender = startSender(this.#lab, { node: host, groups, rate: 1000 / intervalMillis });
    await sender.waitReady();
    this.#senders.set(host, [...(this.#senders.get(host) ?? []), { groups, sender }]);
  }

  async stopSending(host: string, groups: readonly string[] = []): Promise<void> {
    const senders = this.#senders.get(host) ?? [];
    const isMeant = (own: readonly string[]): boolean =>
      groups.length === 0 || own.some((group) => groups.includes(group));
    this.#senders.set(
      host,
      senders.filter((one) => !isMeant(one.groups)),
    );
    for (const one of senders) if (isMeant(one.groups)) await one.sender.stop();
  }

  async trees(router: string): Promise<TreesAnswer["trees"]> {
    return treesSchema.parse(await queryDaemon(this.#lab, router, "trees")).trees;
  }

  async neighbors(router: string): Promise<NeighborsAnswer["neighbors"]> {
    return neighborsSchema.parse(await queryDaemon(this.#lab, router, "neighbors")).neighbors;
  }

  async refused(router: string): Promise<NeighborsAnswer["refused"]> {
    return neighborsSchema.parse(await queryDaemon(this.#lab, router, "neighbors")).refused;
  }

  async counters(router: string): Promise<CountersAnswer["counters"]> {
    return countersSchema.parse(await queryDaemon(this.#lab, router, "counters")).counters;
  }

  /** The kernel's entries. */
  async mroute(router: string): Promise<readonly MrouteRow[]> {
    return mrouteSchema.parse(await queryDaemon(this.#lab, router, "mroute")).entries;
  }

  /** The process of a router's daemon. */
  async daemonPid(router: string): Promise<number> {
    return versionSchema.parse(await queryDaemon(this.#lab, router, "version")).pid;
  }

  async interfaces(router: string): Promise<InterfacesAnswer["interfaces"]> {
    return interfacesSchema.parse(await queryDaemon(this.#lab, router, "interfaces")).interfaces;
  }

  /** Names that are configured and that no interface of the router has. */
  async missing(router: string): Promise<readonly string[]> {
    return interfacesSchema.parse(await queryDaemon(this.#lab, router, "interfaces")).missing;
  }

  async groups(router: string): Promise<GroupsAnswer["groups"]> {
    return groupsSchema.parse(await queryDaemon(this.#lab, router, "groups")).groups;
  }

  async #packets(
    link: string,
    protocol: number,
  ): Promise<readonly (Ipv4Datagram & { readonly at: number })[]> {
    const capture = known(this.#captures.get(link), `link ${link} is captured`);
    return (await capture.frames()).flatMap((frame) => {
      const at = frame.micros / 1000;
      const bytes = ipv4Of(frame)?.bytes;
      if (at < this.#markMillis || bytes === undefined) return [];
      const packet = decodeIpv4(bytes);
      if (isMalformed(packet)) throw new Error(`on link ${link}: ${packet.reason}`);
      return packet.protocol === protocol ? [{ ...packet, at }] : [];
    });
  }

  /** All datagrams of HPIM-DM that were seen on a link, since before the mark too. */
  async recorded(link: string): Promise<readonly Uint8Array[]> {
    const frames = await known(this.#captures.get(link), `link ${link} is captured`).frames();
    const datagrams = frames.flatMap((frame) => ipv4Of(frame)?.bytes ?? []);
    return datagrams.filter((datagram) => datagram[PROTOCOL_OFFSET] === HPIM_DM);
  }

  async messages(link: string): Promise<readonly Seen<Message>[]> {
    return (await this.#packets(link, HPIM_DM)).map(({ at, source, destination, payload }) => {
      const decoded = decodeMessage(payload, 4);
      if (isMalformed(decoded)) throw new Error(decoded.reason);
      return { at, from: source, to: destination, message: decoded.message, payload };
    });
  }

  async igmp(link: string): Promise<readonly Seen<IgmpMessage>[]> {
    return (await this.#packets(link, IGMP)).map(({ at, source, destination, payload }) => {
      const message = decodeIgmp(payload);
      if (isMalformed(message)) throw new Error(message.reason);
      return { at, from: source, to: destination, message, payload };
    });
  }

  async packets(link: string): Promise<readonly Packet[]> {
    return (await this.#packets(link, UDP)).flatMap(({ at, source, destination, payload }) => {
      const packet = decodePacket(Buffer.from(payload.subarray(UDP_HEADER_BYTES)));
      return packet === undefined
        ? []
        : [{ at, source, group: destination, number: packet.sequence }];
    });
  }

  async data(link: string): Promise<number> {
    return (await this.#packets(link, UDP)).length;
  }

  async received(host: string, group: string): Promise<readonly number[]> {
    return (this.#receivers.get(host) ?? [])
      .filter((joined) => joined.group === group)
      .flatMap(({ receiver }) => receiver.received())
      .filter(({ receivedNanos }) => receivedNanos >= this.#markNanos)
      .map(({ sequence }) => sequence);
  }

  async mark(): Promise<void> {
    this.#markMillis = Date.now();
    this.#markNanos = process.hrtime.bigint();
  }

  async unplug(host: string): Promise<void> {
    await outputIn(this.#lab, host, `ip link set ${HOST_INTERFACE} down`);
  }

  async lose(loss: Loss): Promise<void> {
    this.#losses.push(await loseOnKernel(this.#lab, loss, this.#losses.length));
  }

  /** One after the other: between two routers' ends much may happen, but which is the first is certain. */
  async loseNothing(): Promise<void> {
    for (const end of this.#losses.splice(0)) await end();
  }

  async setAddress(router: string, name: string, address: string, present: boolean): Promise<void> {
    await outputIn(
      this.#lab,
      router,
      `ip address ${present ? "add" : "del"} ${address} dev ${name}`,
    );
  }

  clock(): number {
    return Date.now();
  }

  async pause(millis: number): Promise<void> {
    await pause(millis);
  }

  async until(
    condition: () => Promise<void>,
    deadlineSeconds: number = DEADLINE_SECONDS,
  ): Promise<void> {
    const end = performance.now() + deadlineSeconds * 1000;
    for (;;) {
      try {
        return await condition();
      } catch (error) {
        if (performance.now() >= end) throw error;
        await pause(LOOK_PERIOD_MS);
      }
    }
  }
}
