// The network of seven routers with traffic: trees that form, and what happens to their packets when something changes.
import { readFileSync } from "node:fs";
import type { DaemonProgram } from "../../src/lab/daemon-process.ts";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import type { DeliveryReport } from "../../src/lab/delivery.ts";
import { changeLab } from "../../src/lab/lab.ts";
import type { Receiver, SenderSummary, TrafficProcess } from "../../src/lab/traffic.ts";
import type { ExpectedSide } from "../lab-watch.ts";
import {
  deliveryBetween,
  lastSequence,
  waitFor,
  waitForDelivery,
  waitForMember,
  waitForSide,
  waitForTree,
} from "../lab-watch.ts";
import { FLOW, receiveArrivals, sendEvenly } from "./flows.ts";
import { downNetwork, upNetwork } from "./pair.ts";
import type { Network, Site } from "./row.ts";

/** "Client 1" and "client 2". */
export const CLIENTS = ["Client0", "Client1"] as const;
export type Client = (typeof CLIENTS)[number];

const NANOS_PER_MILLI = 1e6;

/** The network, with the flow of one group. */
export interface Seven extends Network {
  readonly program: DaemonProgram;
  /** Trees that were formed so far. */
  trees: number;
  /** What runs now; null: nothing was sent yet. */
  flow: Flow | null;
}

/** A group, its sender and its receivers. */
export interface Flow {
  readonly group: string;
  readonly sender: TrafficProcess<SenderSummary>;
  readonly receivers: Map<Client, Receiver>;
}

/** The network without traffic. */
export async function upSeven(site: Site): Promise<Seven> {
  const { lab } = await upNetwork(site, "seven-routers");
  return { lab, program: site.program, trees: 0, flow: null };
}

async function endFlow(network: Seven): Promise<void> {
  const { flow } = network;
  if (flow === null) return;
  network.flow = null;
  await Promise.all([flow.sender.stop(), ...[...flow.receivers.values()].map((one) => one.stop())]);
}

/** Takes the network down. */
export async function downSeven(network: Seven): Promise<void> {
  await Promise.allSettled([endFlow(network)]);
  await downNetwork(network);
}

/** How a tree formed. */
export interface FormedTree {
  /** From the source's first packet to the first that arrived. */
  readonly firstPacketMillis: Readonly<Record<Client, number>>;
  /** From the source's first packet until the tree was ACTIVE on all seven. */
  readonly allActiveMillis: number;
  /** What the clients got from the first packet on, until deliveries were steady. */
  readonly delivery: Readonly<Record<Client, DeliveryReport>>;
}

const receiverOf = (flow: Flow, client: Client): Receiver => {
  const receiver = flow.receivers.get(client);
  if (receiver === undefined) throw new Error(`bug: ${client} receives nothing`);
  return receiver;
};

/** The next packet that can be touched by what happens now. */
export const nextSequence = (flow: Flow): number =>
  1 + Math.max(...[...flow.receivers.values()].map(lastSequence));

/** Waits for a steady delivery at both clients, and tells what they got from packet `first` on. Throws NotHeld. */
export async function deliveredSince(
  flow: Flow,
  first: number,
): Promise<Readonly<Record<Client, DeliveryReport>>> {
  const since = nextSequence(flow) - 1;
  for (const client of CLIENTS) await waitForDelivery(client, receiverOf(flow, client), since);
  const last = Math.min(...CLIENTS.map((client) => lastSequence(receiverOf(flow, client))));
  const report = (client: Client): DeliveryReport =>
    deliveryBetween(receiverOf(flow, client), FLOW, { first, last });
  return { Client0: report("Client0"), Client1: report("Client1") };
}

/** The lines of a router's log about a group that have all of `pieces`. */
const logged = (
  { lab }: Seven,
  router: string,
  group: string,
  pieces: readonly string[],
): readonly string[] =>
  readFileSync(daemonFilesOf(lab, router).output, "utf8")
    .split("\n")
    .filter((line) => [`"${group}"`, ...pieces].every((piece) => line.includes(piece)));

/** When the tree of a group became ACTIVE at a router, by its log, in milliseconds since 1970. */
function activeSince(network: Seven, router: string, group: string): number {
  const [line] = logged(network, router, group, ['"treeState"', '"to":"ACTIVE"']);
  if (line === undefined) throw new Error(`the log of ${router} does not tell of ${group}`);
  return Date.parse((JSON.parse(line) as { readonly time: string }).time);
}

/** The instant of CLOCK_MONOTONIC `nanos` in milliseconds since 1970. */
const wallMillis = (nanos: bigint): number =>
  Date.now() - Number(process.hrtime.bigint() - nanos) / NANOS_PER_MILLI;

async function startReceiving(network: Seven, group: string): Promise<Map<Client, Receiver>> {
  const receivers = new Map<Client, Receiver>();
  for (const client of CLIENTS) {
    const receiver = receiveArrivals(network.lab, client, group);
    receiver.begin();
    receivers.set(client, receiver);
    await receiver.waitReady();
  }
  for (const router of ["R7", "R6"]) await waitForMember(network.lab, router, group);
  return receivers;
}

function firstPacketMillis(receiver: Receiver, sentFirst: bigint): number {
  const first = receiver.received()[0];
  if (first === undefined) throw new Error("bug: a steady delivery of nothing");
  return Number(first.receivedNanos - sentFirst) / NANOS_PER_MILLI;
}

/** Has the source send to a new group, in place of what was sent before, until its tree has formed. Throws NotHeld. */
export async function formTree(network: Seven): Promise<FormedTree> {
  const { lab } = network;
  await endFlow(network);
  network.trees++;
  const group = `224.12.12.${network.trees}`;
  const receivers = await startReceiving(network, group);
  const sender = sendEvenly(lab, group);
  const flow: Flow = { group, sender, receivers };
  network.flow = flow;
  const sentFirst = await sender.waitReady();
  const delivery = await deliveredSince(flow, 1);
  const routers = [...lab.topology.routers.keys()];
  for (const router of routers) await waitForTree(lab, router, group);
  await waitForWinner(network, "R4");
  const active = Math.max(...routers.map((router) => activeSince(network, router, group)));
  const ofClient = (client: Client): number =>
    firstPacketMillis(receiverOf(flow, client), sentFirst);
  return {
    firstPacketMillis: { Client0: ofClient("Client0"), Client1: ofClient("Client1") },
    // The log's times are whole milliseconds.
    allActiveMillis: Math.max(0, active - Math.floor(wallMillis(sentFirst))),
    delivery,
  };
}

/** The flow; forms its tree if there is none yet. */
export async function flowOf(network: Seven): Promise<Flow> {
  if (network.flow === null) await formTree(network);
  if (network.flow === null) throw new Error("bug: a tree without a flow");
  return network.flow;
}

const WINS: ExpectedSide = { winner: true, state: "forwarding" };
const LOSES: ExpectedSide = { winner: false, state: "pruned" };

/** Waits until R3 or R4 forwards onto link E; both know of it, where the other one is there. Throws NotHeld. */
export async function waitForWinner(
  { lab, flow }: Seven,
  winner: "R3" | "R4",
  other: "there" | "gone" = "there",
): Promise<void> {
  if (flow === null) throw new Error("bug: nobody wins without a flow");
  await waitForSide(lab, `${winner}.eth1`, flow.group, WINS);
  const loser = winner === "R3" ? "R4" : "R3";
  if (other === "there") await waitForSide(lab, `${loser}.eth1`, flow.group, LOSES);
}

/** What is to change, and how it is seen that it has. */
export interface Change {
  readonly act: () => Promise<void>;
  readonly settled: () => Promise<void>;
}

/** What the clients get while something changes. Throws NotHeld. */
export async function deliveredWhile(
  network: Seven,
  { act, settled }: Change,
): Promise<Readonly<Record<Client, DeliveryReport>>> {
  const flow = await flowOf(network);
  const first = nextSequence(flow);
  await act();
  await settled();
  return deliveredSince(flow, first);
}

/** Changes a cost, and with it the unicast routes of all. */
export async function changeCost(network: Seven, place: string, cost: number): Promise<void> {
  const [router = "", device = ""] = place.split(".");
  network.lab = await changeLab(network.lab, [{ router, interface: device, cost }]);
}

/** Waits until a router's interface is pruned, by its log: no router is asked, which would have something to do. Throws NotHeld. */
const waitForPruned = (network: Seven, router: string, device: string, group: string) =>
  waitFor(async () => {
    const lines = logged(network, router, group, ['"forwarding"', `"interface":"${device}"`]);
    return lines.at(-1)?.includes('"forwarding":false')
      ? undefined
      : `${router}.${device} forwards`;
  });

/**
 * Milliseconds from Client1's join to the first packet that it gets, when nobody behind R6 has had any. `share`: as of
 * receiveArrivals. Throws NotHeld.
 */
export async function joinAgain(network: Seven, share?: number): Promise<number> {
  const { lab } = network;
  const flow = await flowOf(network);
  await receiverOf(flow, "Client1").stop();
  const receiver = receiveArrivals(lab, "Client1", flow.group, share);
  await receiver.waits();
  await waitForPruned(network, "R4", "eth1", flow.group);
  await waitForPruned(network, "R1", "eth3", flow.group);
  receiver.begin();
  flow.receivers.set("Client1", receiver);
  const joined = await receiver.waitReady();
  await waitFor(async () => (receiver.received().length > 0 ? undefined : "Client1 gets nothing"));
  const first = receiver.received()[0];
  if (first === undefined) throw new Error("bug: a packet is gone");
  await waitForWinner(network, "R4");
  return Number(first.receivedNanos - joined) / NANOS_PER_MILLI;
}
