// A receiver for measurements. It is started as the lab's own (src/lab/receiver-main.ts), and tells and logs the same, but of
// a packet it logs when the kernel took it in: how long a process that waits takes to notice is no figure of the routers. So
// it may go after all other processes, and keeps none of them waiting.
import { openSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { ip, writeAddress } from "../../src/base/address.ts";
import { encodeDelivery } from "../../src/lab/delivery-log.ts";
import { decodePacket } from "../../src/lab/traffic-packet.ts";
import { fail, tell, tellReady } from "../../src/lab/traffic-process.ts";
import { bind, ioctl, recv, watch } from "../../src/linux/libc.ts";
import { AF_INET, joinGroup, openSocket, setReceiveBuffer } from "../../src/linux/sockets.ts";
import { indexOf } from "./program-events.ts";

const DEVICE = "eth0";
const PORT = 10_000;
const RECEIVE_BUFFER_BYTES = 8 << 20;
const LONGEST_BYTES = 65_536;
const SOCK_DGRAM = 2;
/** linux/sockios.h: when the packet that was read last had arrived, by CLOCK_REALTIME (struct timespec). */
const SIOCGSTAMPNS = 0x8907;
const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_MILLI = 1e6;

const { values } = parseArgs({
  options: { group: { type: "string", default: "" }, log: { type: "string", default: "" } },
});
const group = ip(values.group);
const what = `the socket of ${values.group}`;

/** CLOCK_REALTIME less CLOCK_MONOTONIC, to a microsecond. */
function realtimeAhead(): bigint {
  const realtime = (performance.timeOrigin + performance.now()) * NANOS_PER_MILLI;
  return BigInt(Math.round(realtime)) - process.hrtime.bigint();
}

/** struct sockaddr_in. */
function socketAddress(): Uint8Array {
  const name = new Uint8Array(16);
  const view = new DataView(name.buffer);
  view.setUint16(0, AF_INET, true);
  view.setUint16(2, PORT);
  writeAddress(name, 4, group);
  return name;
}

const stamp = new Uint8Array(16);
const stampView = new DataView(stamp.buffer);

/** When the packet that was read last had arrived, by CLOCK_REALTIME. */
function arrivalOfLast(fd: number): bigint {
  const result = ioctl(fd, SIOCGSTAMPNS, stamp);
  if (result < 0)
    fail(`The kernel does not tell when packets of ${values.group} arrive: ${result}.`);
  return stampView.getBigInt64(0, true) * NANOS_PER_SECOND + stampView.getBigInt64(8, true);
}

const log = openSync(values.log, "w");
const ahead = realtimeAhead();
const payload = Buffer.alloc(LONGEST_BYTES);
let count = 0;
let strangers = 0;

function take(bytes: Buffer, receivedNanos: bigint): void {
  const packet = decodePacket(bytes);
  if (packet === undefined) {
    strangers++;
    return;
  }
  count++;
  writeSync(log, encodeDelivery({ receivedNanos, ...packet }));
}

const socket = openSocket(AF_INET, SOCK_DGRAM, 0, what);
setReceiveBuffer(socket, RECEIVE_BUFFER_BYTES);
// The kernel stamps packets for a socket from the first such request on, which it may refuse.
ioctl(socket, SIOCGSTAMPNS, stamp);
if (bind(socket, socketAddress()) < 0) fail(`Nothing can be received at ${values.group}:${PORT}.`);
watch(socket, () => {
  for (let length = recv(socket, payload); length > 0; length = recv(socket, payload)) {
    take(payload.subarray(0, length), arrivalOfLast(socket) - ahead);
  }
});
const index = indexOf(DEVICE);
const joiningNanos = process.hrtime.bigint();
joinGroup(socket, index, group, DEVICE);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    tell({ event: "received", count, strangers });
    process.exit(0);
  });
}
tellReady(joiningNanos);
