// A process that joins groups (or takes its own unicast address) and logs every packet of a test flow that arrives. Tells "ready" once it has joined and
// "received" at the end: after `count` packets, after `idle` without one, or at SIGTERM or SIGINT.
import { createSocket, type Socket } from "node:dgram";
import { closeSync, openSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { familyOf, isMulticast, parseAddress } from "../base/address.ts";
import { encodeDelivery } from "./delivery-log.ts";
import { decodePacket } from "./traffic-packet.ts";
import { fail, interfaceForSockets, numberOption, tell } from "./traffic-process.ts";

const { values } = parseArgs({
  options: {
    group: { type: "string", multiple: true, default: [] },
    port: { type: "string", default: "10000" },
    interface: { type: "string", default: "eth0" },
    log: { type: "string", default: "/dev/null" },
    count: { type: "string", default: "0" },
    "idle-millis": { type: "string", default: "0" },
  },
});

const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;
const port = numberOption("port", values.port);
const count = numberOption("count", values.count) || Number.POSITIVE_INFINITY;
const idleMillis = numberOption("idle-millis", values["idle-millis"]);

const log = openSync(values.log, "w");
let sockets: readonly Socket[] = [];
let waiting: Buffer[] = [];
let received = 0;
let strangers = 0;
let isOver = false;
let joiningNanos = 0n;
let idle: NodeJS.Timeout | undefined;

function writeWaiting(): void {
  if (waiting.length > 0) writeSync(log, Buffer.concat(waiting));
  waiting = [];
}

function end(): void {
  if (isOver) return;
  isOver = true;
  clearTimeout(idle);
  writeWaiting();
  closeSync(log);
  for (const socket of sockets) socket.close();
  tell({ event: "received", count: received, strangers });
}

function take(payload: Buffer): void {
  const receivedNanos = process.hrtime.bigint();
  if (isOver) return;
  const packet = decodePacket(payload);
  if (packet === undefined) {
    strangers++;
    return;
  }
  // One write for all that one turn of the event loop reads.
  if (waiting.length === 0) setImmediate(writeWaiting);
  waiting.push(encodeDelivery({ ...packet, receivedNanos }));
  received++;
  if (received >= count) end();
  else if (idleMillis > 0) {
    clearTimeout(idle);
    idle = setTimeout(end, idleMillis);
  }
}

// Bound to the group itself: a socket per group hears no other's packets, and none has too many memberships.
function openSocket(group: string): Promise<Socket> {
  const address = parseAddress(group);
  if (address === undefined) return fail(`"${group}" is not an address.`);
  const isIpv6 = familyOf(address) === 6;
  const socket = createSocket({
    type: isIpv6 ? "udp6" : "udp4",
    reuseAddr: true,
    recvBufferSize: RECEIVE_BUFFER_BYTES,
  });
  socket.on("error", ({ message }) => fail(`${group} cannot be received: ${message}.`));
  socket.on("message", take);
  return new Promise((resolve) => {
    socket.bind({ address: group, port }, () => {
      if (joiningNanos === 0n) joiningNanos = process.hrtime.bigint();
      if (isMulticast(address)) {
        socket.addMembership(group, interfaceForSockets(values.interface, isIpv6));
      }
      resolve(socket);
    });
  });
}

sockets = await Promise.all(values.group.map(openSocket));
process.on("SIGTERM", end);
process.on("SIGINT", end);
tell({ event: "ready", nanos: String(joiningNanos) });
