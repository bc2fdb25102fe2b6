// A process that sends one numbered packet to each of many groups, back to back: a round, or round after round, all by one
// socket. Tells "ready" before the first packet and "sent" after the last; SIGTERM and SIGINT end it after the round that
// is under way.
import { createSocket } from "node:dgram";
import { parseArgs } from "node:util";
import { groupsFrom } from "./groups.ts";
import { encodePacket, SMALLEST_PAYLOAD_BYTES } from "./traffic-packet.ts";
import { fail, interfaceForSockets, numberOption, tell } from "./traffic-process.ts";

const { values } = parseArgs({
  options: {
    first: { type: "string", default: "" },
    groups: { type: "string", default: "1" },
    rounds: { type: "string", default: "0" },
    "round-millis": { type: "string", default: "1000" },
    interface: { type: "string", default: "eth0" },
  },
});

const PORT = 10_000;
const TTL = 12;
const groups = groupsFrom(values.first, numberOption("groups", values.groups));
const rounds = numberOption("rounds", values.rounds) || Number.POSITIVE_INFINITY;
const roundMillis = numberOption("round-millis", values["round-millis"]);
// No address is looked up: that would cost more than to send.
const socket = createSocket({ type: "udp4", lookup: (name, _, found) => found(null, name, 4) });

let failed = 0;
let isOver = false;
let wake: () => void = () => undefined;

function send(group: string, flow: number, sequence: number): Promise<void> {
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

await new Promise<void>((resolve) => {
  socket.on("error", ({ message }) => fail(`Nothing can be sent: ${message}.`));
  socket.bind(0, resolve);
});
socket.setMulticastInterface(interfaceForSockets(values.interface, false));
socket.setMulticastTTL(TTL);
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
  await Promise.all(groups.map((group, index) => send(group, index + 1, sent)));
  if (sent < rounds && !isOver) await pause(Math.max(0, roundMillis - (performance.now() - began)));
}
socket.close();
tell({
  event: "sent",
  count: sent,
  failed,
  firstNanos: String(firstNanos),
  lastNanos: String(lastNanos),
});
