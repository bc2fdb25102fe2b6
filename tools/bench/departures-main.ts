// A sender for measurements. It is started as the lab's own (src/lab/sender-main.ts), and tells the same, but its packets
// wait in the kernel, which lets each go when it is due (tc-tbf(8)), and says when that was. What comes by wire takes no
// processor from a router that is at work: neither does this, while a flow begins.
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { parseArgs } from "node:util";
import { fail, numberOption, ownInterface, tell } from "../../src/lab/traffic-process.ts";
import { recv } from "../../src/linux/libc.ts";
import { openSocket, setReceiveBuffer } from "../../src/linux/sockets.ts";
import { dueAfter } from "../../src/traffic/pace.ts";
import { decodePacket, encodePacket } from "../../src/traffic/packet.ts";
import { Stamps } from "./stamps.ts";

const DEVICE = "eth0";
const PORT = 10_000;
/** linux/if_packet.h and linux/if_ether.h: all that comes and goes, from the IP header on. */
const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const ETH_P_ALL = 0x0003;
const RECEIVE_BUFFER_BYTES = 8 << 20;
const IP_AND_UDP_BYTES = 28;
const ETHERNET_BYTES = 14;
const BITS = 8;
const NANOS_PER_MILLI = 1e6;

/** So often more is given to the kernel, and it has so much for longer than until then. */
const PERIOD_MILLIS = 50;
const AHEAD_MILLIS = 3 * PERIOD_MILLIS;
/** Packets before the first, that no router lets on (RFC 5771 §4), so that this process is at rest when that one goes. */
const BEFORE = 10;
const NOBODY = "224.0.0.250";

const { values } = parseArgs({
  options: {
    group: { type: "string", default: "" },
    rate: { type: "string", default: "1" },
    size: { type: "string", default: "100" },
    ttl: { type: "string", default: "12" },
    flow: { type: "string", default: "1" },
  },
});
const rate = numberOption("rate", values.rate);
const size = numberOption("size", values.size);
const flow = numberOption("flow", values.flow);
const ttl = numberOption("ttl", values.ttl);

/** Sets how the kernel lets packets go, or takes that back, and what waits with it. */
const qdisc = (verb: "replace" | "del", ...words: readonly string[]): void => {
  execFileSync("tc", ["qdisc", verb, "dev", DEVICE, "root", ...words]);
};

/** Has the kernel let one packet go after the other, evenly. */
function pace(): void {
  const frame = ETHERNET_BYTES + IP_AND_UDP_BYTES + size;
  // Room for less than two: one that goes late does not make the next late, and no two go together.
  const burst = ["burst", String(2 * frame - 1)];
  const limit = ["limit", String(frame * rate)];
  qdisc("replace", "tbf", "rate", `${frame * BITS * rate}bit`, ...burst, ...limit);
}

const seen = Buffer.alloc(65_536);
const sniffer = openSocket(AF_PACKET, SOCK_DGRAM, ETH_P_ALL << BITS, `the packets of ${DEVICE}`);
setReceiveBuffer(sniffer, RECEIVE_BUFFER_BYTES);
const stamps = new Stamps(sniffer, `packets of ${values.group}`);
let departed = 0;
let firstNanos = 0n;
let lastNanos = 0n;

/** Takes note of what has gone. */
function readDepartures(): void {
  for (let length = recv(sniffer, seen); length > 0; length = recv(sniffer, seen)) {
    const packet = decodePacket(seen.subarray(IP_AND_UDP_BYTES, length));
    if (packet === undefined || packet.sequence === 0) continue;
    departed++;
    lastNanos = stamps.last();
    if (departed > 1) continue;
    firstNanos = lastNanos;
    tell({ event: "ready", nanos: String(firstNanos) });
  }
}

const socket = createSocket("udp4");
socket.on("error", ({ message }) => fail(`Nothing can be sent to ${values.group}: ${message}.`));
await new Promise<void>((resolve) => socket.bind(0, resolve));
socket.setMulticastInterface(ownInterface(DEVICE, values.group));
socket.setMulticastTTL(ttl);
pace();

let failed = 0;

function send(group: string, sequence: number): void {
  const payload = encodePacket({ flow, sequence, sentNanos: process.hrtime.bigint() }, size);
  socket.send(payload, PORT, group, (error) => {
    if (error) failed++;
  });
}

const beganNanos = process.hrtime.bigint();
for (let n = 0; n < BEFORE; n++) send(NOBODY, 0);

let given = 0;

function giveMore(): void {
  const elapsed = Number(process.hrtime.bigint() - beganNanos);
  const due = dueAfter(elapsed + AHEAD_MILLIS * NANOS_PER_MILLI, rate);
  while (given < due) {
    given++;
    send(values.group, given);
  }
  readDepartures();
}

giveMore();
const timer = setInterval(giveMore, PERIOD_MILLIS);

function end(): void {
  clearInterval(timer);
  qdisc("del");
  readDepartures();
  const nanos = { firstNanos: String(firstNanos), lastNanos: String(lastNanos) };
  tell({ event: "sent", count: departed, failed, ...nanos });
  socket.close();
}

process.on("SIGTERM", end);
process.on("SIGINT", end);
