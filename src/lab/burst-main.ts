// A process that sends one numbered packet to each of many groups, back to back: a round, or round after round, by one
// socket for each source. Tells "ready" before the first packet and "sent" after the last; SIGTERM and SIGINT end it after
// the round that is under way.
import { createSocket, type Socket } from "node:dgram";
import { parseArgs } from "node:util";
import { encodePacket, SMALLEST_PAYLOAD_BYTES } from "../traffic/packet.ts";
import { groupsFrom } from "./groups.ts";
import { fail, numberOption, ownInterface, tell } from "./traffic-process.ts";

const { values } = parseArgs({
  options: {
    first: { type: "string", default: "" },
    groups: { type: "string", default: "1" },
    rounds: { type: "string", default: "0" },
    "round-millis": { type: "string", default: "1000" },
    interface: { type: "string", default: "eth0" },
    source: { type: "string", multiple: true },
  },
});

const PORT = 10_000;
const TTL = 12;
const groups = groupsFrom(values.first, numberOption("groups", values.groups));
const rounds = numberOption("rounds", values.rounds) || Number.POSITIVE_INFINITY;
const roundMillis = numberOption("round-millis", values["round-millis"]);
const own = ownInterface(values.interface, values.first);

let failed = 0;
let isOver = false;
let wake: () => void = () => undefined;

/** A socket that sends from an address of this node. */
function openSocket(source: string): Promise<Socket> {
  // No address is looked up: that would cost more than to send.
  const socket = createSocket({ type: "udp4", lookup: (name, _, found) => found(null, name, 4) });
  return new Promise((resolve) => {
    socket.on("error", ({ message }) => fail(`Nothing can be sent from ${source}: ${message}.`));
    socket.bind({ address: source }, () => {
      socket.setMulticastInterface(own);
      socket.setMulticastTTL(TTL);
      resolve(socket);
    });
  });
}

const sockets = await Promise.all((values.source ?? [own]).map(openSocket));
const flows = sockets.flatMap((socket) => groups.map((group) => ({ socket, group })));

function send(
  { socket, group }: (typeof flows)[number],
  flow: number,
  sequence: number,
): Promise<void> {
  const sentNanos = process.hrtime.bigint();
  const payload = encodePacket({ flow, sequence, sentNanos }, SMALLEST_PAYLOAD_BYTES);
  return new Promise((resolve) => {
    socket.send(payload, PORT, group, (error) => {
      if (error) failed++;
      resolve();
    });
  });
}

/** Resolves after so long, or when the process is to end. */
function pause(millis: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

function end(): void {
  isOver = true;
  wake();
}

process.on("SIGTERM", end);
process.on("SIGINT", end);
const firstNanos = process.hrtime.bigint();
tell({ event: "ready", nanos: String(firstNanos) });

let lastNanos = firstNanos;
let sent = 0;
while (!isOver && sent < rounds) {
  lastNanos = process.hrtime.bigint();
  const began = performance.now();
  sent++;
  await Promise.all(flows.map((flow, index) => send(flow, index + 1, sent)));
  if (sent < rounds && !isOver) await pause(Math.max(0, roundMillis - (performance.now() - began)));
}
for (const socket of sockets) socket.close();
tell({
  event: "sent",
  count: sent,
  failed,
  firstNanos: String(firstNanos),
  lastNanos: String(lastNanos),
});
