// A process that joins groups (or takes its own unicast address) and logs every packet of a test flow that arrives. Tells "ready" when it has joined and
// "received" at the end: after `count` packets, after `idle` without one, or at SIGTERM or SIGINT.
import { closeSync, openSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Arrival, Receiver } from "../traffic/receiver.ts";
import { encodeDelivery } from "./delivery-log.ts";
import { failWith, numberOption, tell, tellReady } from "./traffic-process.ts";

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

const reception = {
  groups: values.group,
  port: numberOption("port", values.port),
  device: values.interface,
  source: null,
  count: numberOption("count", values.count) || Number.POSITIVE_INFINITY,
  idleMillis: numberOption("idle-millis", values["idle-millis"]),
};

const log = openSync(values.log, "w");
let waiting: Buffer[] = [];

function writeWaiting(): void {
  if (waiting.length > 0) writeSync(log, Buffer.concat(waiting));
  waiting = [];
}

/** One write for all that one turn of the event loop reads. */
function take({ packet, receivedNanos }: Arrival): void {
  if (waiting.length === 0) setImmediate(writeWaiting);
  waiting.push(encodeDelivery({ receivedNanos, ...packet }));
}

const receiver = await Receiver.open(reception, take).catch(failWith);
process.on("SIGTERM", () => receiver.end());
process.on("SIGINT", () => receiver.end());
tellReady(receiver.joiningNanos);
await receiver.ended().catch(failWith);
writeWaiting();
closeSync(log);
const { received, strangers } = receiver;
tell({ event: "received", count: received, strangers });
