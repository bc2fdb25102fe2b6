// A process that sends a flow of numbered UDP packets to each of its groups. Tells "ready" after the first and
// "sent" after the last; SIGTERM and SIGINT end it early, with the same account.
import { createSocket, type Socket } from "node:dgram";
import { parseArgs } from "node:util";
import { dueAfter, millisUntilNext } from "./pace.ts";
import { encodePacket } from "./traffic-packet.ts";
import { fail, interfaceForSockets, numberOption, tell, tellReady } from "./traffic-process.ts";
import { warmUp } from "./warm-up.ts";

const { values } = parseArgs({
  options: {
    group: { type: "string", multiple: true, default: [] },
    port: { type: "string", default: "10000" },
    rate: { type: "string", default: "1" },
    count: { type: "string", default: "0" },
    size: { type: "string", default: "100" },
    ttl: { type: "string", default: "12" },
    flow: { type: "string", default: "1" },
    interface: { type: "string", default: "eth0" },
  },
});

const rate = numberOption("rate", values.rate);
const count = numberOption("count", values.count) || Number.POSITIVE_INFINITY;
const size = numberOption("size", values.size);
const ttl = numberOption("ttl", values.ttl);
const port = numberOption("port", values.port);
const firstFlow = numberOption("flow", values.flow);

/** Up to so long it sleeps: setTimeout is up to a millisecond late, and the flow would not be even. */
const SHORT_MILLIS = 3;
const NEVER_WOKEN = new Int32Array(new SharedArrayBuffer(4));

let failed = 0;
let sent = 0;
let underWay = 0;
let firstNanos = 0n;
let lastNanos = 0n;
let isOver = false;
let hasTold = false;

function openSocket(group: string): Promise<Socket> {
  const isIpv6 = group.includes(":");
  const socket = createSocket(isIpv6 ? "udp6" : "udp4");
  return new Promise((resolve) => {
    socket.on("error", () => {
      failed++;
    });
    socket.bind(0, () => {
      socket.setMulticastInterface(interfaceForSockets(values.interface, isIpv6));
      socket.setMulticastTTL(ttl);
      socket.setTTL(ttl);
      // Connected, so that no address is looked up for every packet.
      socket.connect(port, group, (error?: Error) => {
        if (error) fail(`Nothing can be sent to ${group}: ${error.message}.`);
        resolve(socket);
      });
    });
  });
}

await warmUp();
const sockets = await Promise.all(values.group.map(openSocket));

function finishIfOver(): void {
  if (!isOver || hasTold || underWay > 0) return;
  hasTold = true;
  const nanos = { firstNanos: String(firstNanos), lastNanos: String(lastNanos) };
  tell({ event: "sent", count: sent, failed, ...nanos });
  for (const socket of sockets) socket.close();
}

function sendRound(): void {
  sent++;
  lastNanos = process.hrtime.bigint();
  if (sent === 1) firstNanos = lastNanos;
  for (const [index, socket] of sockets.entries()) {
    underWay++;
    const sentNanos = process.hrtime.bigint();
    const payload = encodePacket({ flow: firstFlow + index, sequence: sent, sentNanos }, size);
    socket.send(payload, (error) => {
      underWay--;
      if (error) failed++;
      finishIfOver();
    });
  }
}

let timer: NodeJS.Timeout | undefined;

function end(): void {
  clearTimeout(timer);
  isOver = true;
  finishIfOver();
}

/** Each packet is due 1 / rate after the one before was due, however late that was. */
function sendWhatIsDue(): void {
  if (isOver) return;
  const elapsed = Number(process.hrtime.bigint() - firstNanos);
  const due = Math.min(count, dueAfter(elapsed, rate));
  while (sent < due) sendRound();
  if (sent >= count) {
    end();
    return;
  }
  const wait = millisUntilNext(sent, elapsed, rate);
  if (wait > SHORT_MILLIS) {
    timer = setTimeout(sendWhatIsDue, wait);
    return;
  }
  Atomics.wait(NEVER_WOKEN, 0, 0, wait);
  setImmediate(sendWhatIsDue);
}

process.on("SIGTERM", end);
process.on("SIGINT", end);
tellReady(process.hrtime.bigint());
sendRound();
sendWhatIsDue();
