// A process that sends a flow of numbered UDP packets to each of its groups. Tells "ready" after the first and
// "sent" after the last; SIGTERM and SIGINT end it early, with the same account.
import { parseArgs } from "node:util";
import { Sender } from "../traffic/sender.ts";
import { failWith, numberOption, tell, tellReady } from "./traffic-process.ts";
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

const flow = {
  groups: values.group,
  port: numberOption("port", values.port),
  rate: numberOption("rate", values.rate),
  count: numberOption("count", values.count) || Number.POSITIVE_INFINITY,
  size: numberOption("size", values.size),
  ttl: numberOption("ttl", values.ttl),
  flow: numberOption("flow", values.flow),
  device: values.interface,
  source: null,
  wallClock: null,
};

await warmUp();
const sender = await Sender.open(flow).catch(failWith);
process.on("SIGTERM", () => sender.end());
process.on("SIGINT", () => sender.end());
tellReady(process.hrtime.bigint());
sender.begin();
await sender.ended();
const { sent, failed, firstNanos, lastNanos } = sender;
const nanos = { firstNanos: String(firstNanos), lastNanos: String(lastNanos) };
tell({ event: "sent", count: sent, failed, ...nanos });
