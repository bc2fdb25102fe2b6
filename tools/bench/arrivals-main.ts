// A receiver for measurements. It is started as the lab's own (src/lab/receiver-main.ts), and tells and logs the same, but of
// a packet it logs when the kernel took it in: how long a process that waits takes to notice is no figure of the routers. So
// it looks now and then, and packets that come wake nobody. It joins when it is told to: that it starts is no figure, either.
import { openSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { ip, writeAddress } from "../../src/base/address.ts";
import { untilToldToBegin } from "../../src/lab/begin.ts";
import { encodeDelivery } from "../../src/lab/delivery-log.ts";
import { fail, numberOption, tell, tellReady } from "../../src/lab/traffic-process.ts";
import { bind, recv } from "../../src/linux/libc.ts";
import { AF_INET, joinGroup, openSocket, setReceiveBuffer } from "../../src/linux/sockets.ts";
import { decodePacket } from "../../src/traffic/packet.ts";
import { indexOf } from "./program-events.ts";
import { Stamps } from "./stamps.ts";

const DEVICE = "eth0";
const PORT = 10_000;
const RECEIVE_BUFFER_BYTES = 8 << 20;
const LONGEST_BYTES = 65_536;
const SOCK_DGRAM = 2;
const PERIOD_MILLIS = 20;
/** Whole ticks of all kernels: of 1, 4 and 10 ms, and a 300th of a second. */
const TICKS_NANOS = 20_000_000n;
/** Each host is a member, and no host reports it (RFC 3376 §5). */
const ALL_SYSTEMS = ip("224.0.0.1");

const { values } = parseArgs({
  options: {
    group: { type: "string", default: "" },
    log: { type: "string", default: "" },
    share: { type: "string", default: "" },
  },
});
const group = ip(values.group);
const phaseNanos = BigInt(Math.round(numberOption("share", values.share) * Number(TICKS_NANOS)));
const what = `the socket of ${values.group}`;

/** struct sockaddr_in. */
function socketAddress(): Uint8Array {
  const name = new Uint8Array(16);
  const view = new DataView(name.buffer);
  view.setUint16(0, AF_INET, true);
  view.setUint16(2, PORT);
  writeAddress(name, 4, group);
  return name;
}

const log = openSync(values.log, "w");
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
const stamps = new Stamps(socket, `packets of ${values.group}`);
if (bind(socket, socketAddress()) < 0) fail(`Nothing can be received at ${values.group}:${PORT}.`);

function readArrivals(): void {
  for (let length = recv(socket, payload); length > 0; length = recv(socket, payload)) {
    take(payload.subarray(0, length), stamps.last());
  }
}

const index = indexOf(DEVICE);
// Nothing that is measured is done for the first time.
joinGroup(socket, index, ALL_SYSTEMS, DEVICE);
tell({ event: "waits" });
await untilToldToBegin();
process.stdin.destroy();
let joiningNanos = process.hrtime.bigint();
const joinNanos = joiningNanos - (joiningNanos % TICKS_NANOS) + TICKS_NANOS + phaseNanos;
while (joiningNanos < joinNanos) joiningNanos = process.hrtime.bigint();
joinGroup(socket, index, group, DEVICE);
setInterval(readArrivals, PERIOD_MILLIS);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    readArrivals();
    tell({ event: "received", count, strangers });
    process.exit(0);
  });
}
tellReady(joiningNanos);
