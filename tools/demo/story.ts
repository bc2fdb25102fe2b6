// The story of the demonstration: what happens to the seven routers, what is expected of them, what is measured.
import { askDaemon } from "../../src/lab/daemon-process.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { changeLab } from "../../src/lab/lab.ts";
import type { Receiver, SenderSummary, TrafficProcess } from "../../src/lab/traffic.ts";
import { startReceiver, startSender } from "../../src/lab/traffic.ts";
import type { ExpectedSide } from "../lab-watch.ts";
import {
  deliveryBetween,
  lastSequence,
  waitFor,
  waitForDelivery,
  waitForMember,
  waitForNeighbors,
  waitForSide,
  waitForTree,
} from "../lab-watch.ts";

const GROUP = "224.12.12.12";
const PACKETS_PER_SECOND = 1_000;
const FLOW = 1;
const NANOS_PER_MILLI = 1e6;

/** What happens while the story is told. */
export interface Stage {
  lab: Lab;
  readonly receivers: Map<string, Receiver>;
  sender: TrafficProcess<SenderSummary> | undefined;
}

/** One step. `play` returns the lines of what was measured; it throws NotHeld when the expectation is not met. */
export interface Step {
  readonly title: string;
  readonly expected: string;
  readonly play: (stage: Stage) => Promise<readonly string[]>;
}

const millisSince = (start: number): string => `${(performance.now() - start).toFixed(0)} ms`;

function receiverOf({ receivers }: Stage, client: string): Receiver {
  const receiver = receivers.get(client);
  if (receiver === undefined) throw new Error(`bug: ${client} receives nothing`);
  return receiver;
}

/** What a client got of the packets from `first` to `last`, as a line. */
function deliveryLine(client: string, receiver: Receiver, first: number, last: number): string {
  const report = deliveryBetween(receiver, FLOW, { first, last });
  const gap = report.longestGapMillis.toFixed(0);
  return `${client}: sent ${report.sent}, received ${report.received}, lost ${report.lost}, duplicated ${report.duplicated}, longest pause ${gap} ms`;
}

/** Waits for a steady delivery to the clients, and tells what they got since packet `first`. */
async function delivered(
  stage: Stage,
  clients: readonly string[],
  first: number,
): Promise<readonly string[]> {
  const since = Math.max(...clients.map((client) => lastSequence(receiverOf(stage, client))));
  for (const client of clients) await waitForDelivery(client, receiverOf(stage, client), since);
  const last = Math.min(...clients.map((client) => lastSequence(receiverOf(stage, client))));
  return clients.map((client) => deliveryLine(client, receiverOf(stage, client), first, last));
}

/** The first packet that can be touched by what happens next. */
const nextSequence = (stage: Stage): number =>
  1 + Math.max(...[...stage.receivers.values()].map(lastSequence));

async function synchronise({ lab }: Stage): Promise<readonly string[]> {
  const start = performance.now();
  const neighbors = await waitForNeighbors(lab);
  return [`${neighbors / 2} neighborhoods, ${millisSince(start)} after the last daemon answered`];
}

const side = ({ lab }: Stage, place: string, expected: ExpectedSide): Promise<string> =>
  waitForSide(lab, place, GROUP, expected);

async function formTree(stage: Stage): Promise<readonly string[]> {
  const { lab, receivers } = stage;
  for (const client of ["Client0", "Client1"]) {
    const receiver = startReceiver(lab, { node: client, groups: [GROUP] });
    receivers.set(client, receiver);
    await receiver.waitReady();
  }
  for (const router of ["R7", "R6"]) await waitForMember(lab, router, GROUP);
  stage.sender = startSender(lab, {
    node: "Source",
    groups: [GROUP],
    rate: PACKETS_PER_SECOND,
    flow: FLOW,
  });
  await stage.sender.waitReady();
  for (const router of lab.topology.routers.keys()) await waitForTree(lab, router, GROUP);
  const why = await side(stage, "R3.eth1", { winner: false, state: "pruned" });
  await side(stage, "R4.eth1", { winner: true, state: "forwarding" });
  const deliveries = await delivered(stage, ["Client0", "Client1"], 1);
  return [
    `R4 forwards onto link E; R3 does not: ${why}`,
    ...["Client0", "Client1"].map((client) => firstPacketLine(client, receiverOf(stage, client))),
    ...deliveries,
  ];
}

function firstPacketLine(client: string, receiver: Receiver): string {
  const first = receiver.received()[0];
  if (first === undefined) return `${client}: nothing`;
  const millis = Number(first.receivedNanos - first.sentNanos) / NANOS_PER_MILLI;
  return `${client}: its first packet is number ${first.sequence}, ${millis.toFixed(1)} ms after it was sent`;
}

async function winnerLeaves(stage: Stage): Promise<readonly string[]> {
  const first = nextSequence(stage);
  const start = performance.now();
  await askDaemon(stage.lab, "R4", { method: "DELETE", path: "/v1/interfaces/eth1/hpim" });
  const why = await side(stage, "R3.eth1", { winner: true, state: "forwarding" });
  const took = millisSince(start);
  const deliveries = await delivered(stage, ["Client0", "Client1"], first);
  return [`R3 forwards onto link E after ${took}: ${why}`, ...deliveries];
}

async function winnerReturns(stage: Stage): Promise<readonly string[]> {
  const first = nextSequence(stage);
  const start = performance.now();
  await askDaemon(stage.lab, "R4", { method: "PUT", path: "/v1/interfaces/eth1/hpim" });
  const why = await side(stage, "R4.eth1", { winner: true, state: "forwarding" });
  await side(stage, "R3.eth1", { winner: false, state: "pruned" });
  const took = millisSince(start);
  const deliveries = await delivered(stage, ["Client0", "Client1"], first);
  return [`R4 forwards onto link E again after ${took}: ${why}`, ...deliveries];
}

async function clientLeavesAndJoins(stage: Stage): Promise<readonly string[]> {
  const first = nextSequence(stage);
  const left = performance.now();
  await receiverOf(stage, "Client1").stop();
  await side(stage, "R4.eth1", { winner: true, state: "pruned" });
  const pruned = millisSince(left);
  const receiver = startReceiver(stage.lab, { node: "Client1", groups: [GROUP] });
  stage.receivers.set("Client1", receiver);
  await receiver.waitReady();
  const joined = performance.now();
  await waitFor(async () => (receiver.received().length > 0 ? undefined : "Client1 gets nothing"));
  const arrived = millisSince(joined);
  await side(stage, "R4.eth1", { winner: true, state: "forwarding" });
  const firstAgain = receiver.received()[0]?.sequence ?? first;
  const [client0 = ""] = await delivered(stage, ["Client0", "Client1"], first);
  return [
    `R4 stops forwarding onto link E ${pruned} after Client1 left`,
    `Client1: its first packet came at most ${arrived} after it joined again`,
    client0,
    deliveryLine("Client1", receiver, firstAgain, lastSequence(receiver)),
  ];
}

async function rootMoves(stage: Stage): Promise<readonly string[]> {
  const first = nextSequence(stage);
  const start = performance.now();
  const change = { router: "R7", interface: "eth2", cost: 100 };
  stage.lab = await changeLab(stage.lab, [change]);
  await waitForTree(stage.lab, "R7", GROUP, "eth0");
  await side(stage, "R5.eth1", { winner: true, state: "forwarding" });
  const took = millisSince(start);
  const deliveries = await delivered(stage, ["Client0", "Client1"], first);
  return [`R7's root is eth0, towards R5, after ${took} (unicast routes included)`, ...deliveries];
}

/** The steps, in their order. */
export const STORY: readonly Step[] = [
  {
    title: "Neighbors synchronise",
    expected: "every router is SYNCED with every router that it shares a link with",
    play: synchronise,
  },
  {
    title: "The source starts, the tree forms",
    expected: "ACTIVE at all seven; R4 wins link E by its address; both clients receive",
    play: formTree,
  },
  {
    title: "The assert winner R4 leaves link E with a goodbye",
    expected: "R3 takes over at once; Client1 goes on receiving",
    play: winnerLeaves,
  },
  {
    title: "R4 returns",
    expected: "R4 synchronises, wins again, and R3 holds until R4's data are seen",
    play: winnerReturns,
  },
  {
    title: "Client1 leaves and joins again",
    expected: "link E is pruned when nobody wants it, and grafted when somebody does",
    play: clientLeavesAndJoins,
  },
  {
    title: "R7's root moves: eth2 now costs 100",
    expected: "R7 takes the tree from R5 instead of R2; Client0 goes on receiving",
    play: rootMoves,
  },
];
