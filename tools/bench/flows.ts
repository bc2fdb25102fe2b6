// Senders and receivers that tell when the kernel saw packets go and come, and keep no other process waiting
// (departures-main.ts, arrivals-main.ts).
import { fileURLToPath } from "node:url";
import type { Lab } from "../../src/lab/lab.ts";
import type { Receiver, SenderSummary, TrafficProcess } from "../../src/lab/traffic.ts";
import { startReceiver, startSender } from "../../src/lab/traffic.ts";

/** Packets a second of a flow. */
const RATE = 1_000;
/** The number of that flow in its packets. */
export const FLOW = 1;

const programOf = (name: string): string =>
  fileURLToPath(new URL(`./${name}-main.js`, import.meta.url));

/** Starts the source's flow to a group; it is ready when the kernel has let the first packet go. Throws LabError. */
export const sendEvenly = (lab: Lab, group: string): TrafficProcess<SenderSummary> =>
  startSender(lab, {
    ...{ node: "Source", groups: [group], rate: RATE, flow: FLOW },
    program: programOf("departures"),
  });

/** Starts a receiver of a group at a node. Throws LabError. */
export const receiveArrivals = (lab: Lab, node: string, group: string): Receiver =>
  startReceiver(lab, { node, groups: [group], goesLast: true, program: programOf("arrivals") });
