// A router with good neighbors on some links and, on another, somebody who floods it: real daemons on the real kernel.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import type { TestContext } from "node:test";
import { type CountersRow, countersSchema } from "../../src/api/lists/counters.ts";
import type { NeighborRow } from "../../src/api/lists/neighbors.ts";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { bootTime, type SequenceNumber, sequenceNumber } from "../../src/base/units.ts";
import { daemonFilesOf, queryDaemon } from "../../src/lab/daemon-process.ts";
import type { DeliveryReport } from "../../src/lab/delivery.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import {
  type Receiver,
  type SenderSummary,
  startReceiver,
  startSender,
  type TrafficProcess,
} from "../../src/lab/traffic.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { deliveryBetween, lastSequence } from "../../tools/lab-watch.ts";
import { outputIn } from "../lab/labs.ts";
import { rawSockets } from "../lab/syscall-watch.ts";
import { DriverProcess } from "../linux/driver-process.ts";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { untilSynced } from "../scenarios/scenario-network.ts";
import {
  acknowledge,
  type EverNew,
  manyTrees,
  type Stranger,
  stillThere,
  syncOf,
} from "./ever-new.ts";

/** Link X is the attacker's alone; its subnet has room for millions of neighbors. */
const NETWORK = `
name: siege
links:
  A: { subnet: 10.1.1.0/24 }
  B: { subnet: 10.2.2.0/24 }
  C: { subnet: 10.7.7.0/24 }
  D: { subnet: 10.4.4.0/24 }
  X: { subnet: 11.0.0.0/8 }
routers:
  R1:
    interfaces:
      eth0: { link: A, address: 10.1.1.1 }
      eth1: { link: B, address: 10.2.2.1 }
      eth2: { link: X, address: 11.0.0.1 }
      eth3: { link: D, address: 10.4.4.1 }
  R2:
    interfaces:
      eth0: { link: B, address: 10.2.2.2 }
      eth1: { link: C, address: 10.7.7.2 }
hosts:
  Source: { link: A, address: 10.1.1.100 }
  Client: { link: C, address: 10.7.7.100 }
  Newcomer: { link: D, address: 10.4.4.100 }
  Attacker: { link: X, address: 11.0.0.2 }
`;
const ATTACKED = "eth2";
const NEWCOMER = "10.4.4.100";
const GROUP = "224.12.12.12";
/** Of the flow that is watched. */
const FLOW = 1;
/** Its packets a second. */
export const RATE = 100;
/** What R1 may store of one neighbor: less than by default, so that it is soon reached. */
export const TREES = 12_000;
const TREES_AT_ONCE = 4_000;
const HPIM_DM = 103;
const IGMP = 2;
const BYTES_PER_MEGABYTE = 1024;

/** Neighbors and members that are not heard for some seconds are lost. */
const SETTINGS = {
  hpim: { helloPeriod: "2s", syncHoldTime: "5s", treesPerNeighborLimit: TREES },
  igmp: { queryInterval: "2s", queryResponseInterval: "1s" },
  captured: [],
};
const SIGNED = {
  security: { keys: [{ identifier: 7, algorithm: "sha256", secret: "of the routers" }] },
};

function topology(): Topology {
  const parsed = parseTopology(NETWORK);
  return parsed.kind === "topology" ? parsed.topology : assert.fail(JSON.stringify(parsed));
}

/** A host that receives the flow that is watched, and others. */
class Audience {
  readonly #receiver: Receiver;
  /** The first packet that counts. */
  #first = 1;

  constructor(lab: Lab, node: string, ...others: readonly string[]) {
    this.#receiver = startReceiver(lab, { node, groups: [GROUP, ...others] });
  }

  async ready(): Promise<void> {
    await this.#receiver.waitReady();
  }

  count(flow = FLOW): number {
    return this.#receiver.received().filter((delivery) => delivery.flow === flow).length;
  }

  /** The flow is steady: what comes from now on counts. While its tree forms, the kernel keeps four packets, and drops others. */
  beginToCount(): void {
    this.#first = 1 + lastSequence(this.#receiver);
  }

  /** Of the packets of the flow, of which `last` has come or will. */
  async account(last: number): Promise<DeliveryReport> {
    await this.#receiver.stop();
    return deliveryBetween(this.#receiver, FLOW, { first: this.#first, last });
  }

  has(sequence: number): boolean {
    const received = this.#receiver.received();
    return received.some((delivery) => delivery.flow === FLOW && delivery.sequence === sequence);
  }
}

interface Parts {
  readonly network: LabNetwork;
  /** Groups of the flows that are still to come. */
  readonly groups: readonly string[];
  readonly attacker: DriverProcess<never>;
  readonly stranger: Stranger;
  readonly sender: TrafficProcess<SenderSummary>;
  readonly client: Audience;
  readonly listener: Audience;
  /** Of R1. */
  readonly pid: number;
}

async function attackerOf(context: TestContext, { lab }: LabNetwork): Promise<Parts["attacker"]> {
  const linkOf = async (node: string, name: string): Promise<Record<string, unknown>> =>
    JSON.parse(await outputIn(lab, node, `ip -json link show ${name}`))[0];
  const { ifindex } = await linkOf("Attacker", "eth0");
  const { address } = await linkOf("R1", ATTACKED);
  const words = [String(ifindex), String(address).replaceAll(":", "")];
  const namespace = { name: namespaceOf(lab.name, "Attacker") };
  return new DriverProcess(context, namespace, "../hostile/flood-driver.js", ...words);
}

async function strangerOf(network: LabNetwork): Promise<Stranger> {
  const own = (await network.interfaces("R1")).find(({ name }) => name === ATTACKED);
  const routerBootTime = bootTime(known(own?.hpim.bootTime ?? undefined, "R1's BootTime"));
  return { address: "11.0.0.2", router: "11.0.0.1", routerBootTime, firstOfOthers: "11.0.1.0" };
}

/** What a flood was like at the router, in a second. */
export interface Load {
  readonly sent: number;
  /** Packets that the interface took. */
  readonly arrived: number;
  /** Messages and upcalls for which a socket had no room; some count for two. */
  readonly crowdedOut: number;
}

/** The network, and what happens to it. */
export class Siege {
  readonly #parts: Parts;
  /** R1's, of its synchronisation with the attacker. */
  #ssn: SequenceNumber = sequenceNumber(0);

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** R1 and R2 sign, and are SYNCED; a flow runs to the client and to a listener at R1. `groups`: of flows to come. */
  static async lay(context: TestContext, groups: readonly string[]): Promise<Siege> {
    const interfaces = { R1: { eth1: SIGNED }, R2: { eth0: SIGNED } };
    const network = await LabNetwork.up(context, topology(), { ...SETTINGS, interfaces });
    const { lab } = network;
    await network.start();
    await untilSynced(network, { R1: 1, R2: 1 });
    const client = new Audience(lab, "Client", ...groups);
    const listener = new Audience(lab, "Newcomer");
    await Promise.all([client.ready(), listener.ready()]);
    const sender = startSender(lab, { node: "Source", groups: [GROUP], rate: RATE, flow: FLOW });
    await sender.waitReady();
    const siege = new Siege({
      ...{ network, groups, sender, client, listener },
      attacker: await attackerOf(context, network),
      stranger: await strangerOf(network),
      pid: await network.daemonPid("R1"),
    });
    await siege.untilReceived(RATE);
    for (const audience of [client, listener]) audience.beginToCount();
    return siege;
  }

  get network(): LabNetwork {
    return this.#parts.network;
  }

  get stranger(): Stranger {
    return this.#parts.stranger;
  }

  get ssn(): SequenceNumber {
    return this.#ssn;
  }

  /** Packets of the flow that both hosts have got at least. */
  get received(): number {
    const { client, listener } = this.#parts;
    return Math.min(client.count(), listener.count());
  }

  untilReceived(packets: number): Promise<void> {
    return this.network.until(async () => {
      const { received } = this;
      assert.ok(received >= packets, `${received} packets have come, not ${packets}`);
    });
  }

  /** The attacker as R1's neighbor. */
  async attackerAsNeighbor(): Promise<NeighborRow | undefined> {
    const neighbors = await this.network.neighbors("R1");
    return neighbors.find(({ address }) => address === this.stranger.address);
  }

  /** The attacker synchronises, as anybody can where there are no keys. */
  async synchronise(): Promise<void> {
    const say = async (datagram: Uint8Array): Promise<void> => {
      await this.#parts.attacker.call("use", [{ datagram, rising: [] }], []);
      await this.#parts.attacker.call("send", 1);
    };
    await say(syncOf(this.stranger));
    await this.network.until(async () => {
      this.#ssn = sequenceNumber(known((await this.attackerAsNeighbor())?.mySsn, "R1's SSN"));
    });
    await say(syncOf(this.stranger, { neighborSsn: this.#ssn, syncSn: 1 }));
    await this.network.until(async () => {
      assert.equal((await this.attackerAsNeighbor())?.state, "SYNCED");
    });
  }

  /** The attacker offers as many trees as R1 takes of one neighbor, no faster than it takes them. */
  async fillTrees(): Promise<void> {
    const { attacker } = this.#parts;
    await attacker.call("use", manyTrees(this.stranger, this.#ssn), [stillThere(this.stranger)]);
    for (let count = TREES_AT_ONCE; count <= TREES; count += TREES_AT_ONCE) {
      await attacker.call("send", TREES_AT_ONCE);
      await this.network.until(async () => {
        assert.equal((await this.attackerAsNeighbor())?.upstreamTrees, count);
      });
    }
  }

  /** While `act` runs, the attacker sends these as fast as it can, and enough to be a neighbor on. */
  async flood(streams: readonly EverNew[], act: () => Promise<void>): Promise<Load> {
    const { attacker, groups } = this.#parts;
    const acks = groups.map((group) =>
      acknowledge(this.stranger, this.#ssn, { source: ip(NEWCOMER), group: ip(group) }),
    );
    await attacker.call("use", streams, [stillThere(this.stranger), ...acks]);
    const [arrived, crowdedOut] = [await this.#arrived(), this.#crowdedOut()];
    const began = performance.now();
    await attacker.call("start");
    await act();
    const sent = Number(await attacker.call("stop"));
    const seconds = (performance.now() - began) / 1000;
    return {
      sent: Math.round(sent / seconds),
      arrived: Math.round(((await this.#arrived()) - arrived) / seconds),
      crowdedOut: Math.round((this.#crowdedOut() - crowdedOut) / seconds),
    };
  }

  async #arrived(): Promise<number> {
    const file = `/sys/class/net/${ATTACKED}/statistics/rx_packets`;
    return Number(await outputIn(this.network.lab, "R1", `cat ${file}`));
  }

  #crowdedOut(): number {
    const sockets = [HPIM_DM, IGMP].flatMap((protocol) => rawSockets(this.#parts.pid, protocol));
    return sockets.reduce((sum, { dropped }) => sum + dropped, 0);
  }

  /** A new source sends to the group that comes next, until the client has a packet of it. */
  async newFlow(number: number): Promise<void> {
    const group = known(this.#parts.groups[number], "a group that was announced");
    const [flow, rate] = [FLOW + 1 + number, RATE / 2];
    const { lab } = this.network;
    const sender = startSender(lab, { node: "Newcomer", groups: [group], rate, flow });
    await sender.waitReady();
    await this.network.until(async () => assert.notEqual(this.#parts.client.count(flow), 0));
    await sender.stop();
  }

  /** What must not change of R1 and R2 as each other's neighbors: a new synchronisation has new numbers. */
  async lives(): Promise<unknown> {
    const ofR1 = await this.network.neighbors("R1");
    const ofR2 = await this.network.neighbors("R2");
    const good = [...ofR1.filter(({ interface: name }) => name !== ATTACKED), ...ofR2];
    return good.map(({ address, state, bootTime: boot, mySsn, neighborSsn }) => ({
      ...{ address, state, boot, mySsn, neighborSsn },
    }));
  }

  /** What a router counts on its interface. */
  async counters(router: string, name: string): Promise<CountersRow> {
    const answer = await queryDaemon(this.network.lab, router, "counters");
    const { counters } = countersSchema.parse(answer);
    const row = counters.find((one) => one.interface === name);
    return known(row, `${router} counts what comes by ${name}`);
  }

  /** How much R1 has dropped on the attacker's link for this reason. */
  async drops(reason: string): Promise<number> {
    const { dropped } = await this.counters("R1", ATTACKED);
    return dropped.find((row) => row.reason === reason)?.count ?? 0;
  }

  /** How many neighbors, groups and entries R1 has on the attacker's link. */
  async taken(): Promise<{
    readonly neighbors: number;
    readonly groups: number;
    readonly entries: number;
  }> {
    const isThere = ({ interface: name }: { readonly interface: string }): boolean =>
      name === ATTACKED;
    const entries = await this.network.mroute("R1");
    return {
      neighbors: (await this.network.neighbors("R1")).filter(isThere).length,
      groups: (await this.network.groups("R1")).filter(isThere).length,
      entries: entries.filter(({ incoming }) => incoming === ATTACKED).length,
    };
  }

  /** Memory of R1's process. */
  get megabytes(): number {
    const status = readFileSync(`/proc/${this.#parts.pid}/status`, "utf8");
    const kilobytes = Number(known(/VmRSS:\s+(\d+)/.exec(status)?.[1], "the memory of R1"));
    return Math.round(kilobytes / BYTES_PER_MEGABYTE);
  }

  /** What R1 has written into its log. */
  get logBytes(): number {
    return statSync(daemonFilesOf(this.network.lab, "R1").output).size;
  }

  /** Ends the flow. Returns what became of its packets on their way to the client, and to the listener. */
  async endFlow(): Promise<readonly DeliveryReport[]> {
    const { sender, client, listener } = this.#parts;
    const { count } = await sender.stop();
    const all = [client, listener];
    await this.network.until(async () => assert.ok(all.every((audience) => audience.has(count))));
    return Promise.all(all.map((audience) => audience.account(count)));
  }
}
