// A process that joins groups (or takes its own unicast address) and logs every packet of a test flow that arrives. Tells "ready" when it has joined and
// "received" at the end: after `count` packets, after `idle` without one, or at SIGTERM or SIGINT.
import { createSocket, type Socket } from "node:dgram";
import { closeSync, openSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { familyOf, isMulticast, parseAddress } from "../base/address.ts";
import { encodeDelivery } from "./delivery-log.ts";
import { decodePacket } from "./traffic-packet.ts";
import { fail, interfaceForSockets, numberOption, tell, tellReady } from "./traffic-process.ts";

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

let sockets: readonly Socket[] = [];
let joiningNanos = 0n;

/** What has arrived, and when it is enough. */
class Intake {
  readonly #log: number;
  readonly #limits: { readonly count: number; readonly idleMillis: number };
  readonly #onEnd: () => void;
  #waiting: Buffer[] = [];
  #isOver = false;
  #idle: NodeJS.Timeout | undefined;
  received = 0;
  strangers = 0;

  constructor(
    log: string,
    limits: { readonly count: number; readonly idleMillis: number },
    onEnd: () => void,
  ) {
    this.#log = openSync(log, "w");
    this.#limits = limits;
    this.#onEnd = onEnd;
  }

  take(payload: Buffer): void {
    const receivedNanos = process.hrtime.bigint();
    if (this.#isOver) return;
    const packet = decodePacket(payload);
    if (packet === undefined) {
      this.strangers++;
      return;
    }
    // One write for all that one turn of the event loop reads.
    if (this.#waiting.length === 0) setImmediate(() => this.#writeWaiting());
    this.#waiting.push(encodeDelivery({ receivedNanos, ...packet }));
    this.received++;
    const { count: enough, idleMillis: patience } = this.#limits;
    if (this.received >= enough) this.end();
    else if (patience > 0) {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => this.end(), patience);
    }
  }

  #writeWaiting(): void {
    if (this.#waiting.length > 0) writeSync(this.#log, Buffer.concat(this.#waiting));
    this.#waiting = [];
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#idle);
    this.#writeWaiting();
    closeSync(this.#log);
    this.#onEnd();
  }
}

const intake = new Intake(values.log, { count, idleMillis }, () => {
  for (const socket of sockets) socket.close();
  const { received, strangers } = intake;
  tell({ event: "received", count: received, strangers });
});

// Bound to the group itself: a socket per group hears no other's packets, and none has too many memberships.
function openSocket(group: string): Promise<Socket> {
  const address = parseAddress(group);
  if (address === undefined) return fail(`"${group}" is not an address.`);
  const isIpv6 = familyOf(address) === 6;
  const joiningFrom = isMulticast(address)
    ? interfaceForSockets(values.interface, isIpv6)
    : undefined;
  const socket = createSocket({
    type: isIpv6 ? "udp6" : "udp4",
    reuseAddr: true,
    recvBufferSize: RECEIVE_BUFFER_BYTES,
  });
  socket.on("error", ({ message }) => fail(`${group} cannot be received: ${message}.`));
  socket.on("message", (payload) => intake.take(payload));
  return new Promise((resolve) => {
    socket.bind({ address: group, port }, () => {
      if (joiningNanos === 0n) joiningNanos = process.hrtime.bigint();
      if (joiningFrom !== undefined) socket.addMembership(group, joiningFrom);
      resolve(socket);
    });
  });
}

sockets = await Promise.all(values.group.map(openSocket));
process.on("SIGTERM", () => intake.end());
process.on("SIGINT", () => intake.end());
tellReady(joiningNanos);
