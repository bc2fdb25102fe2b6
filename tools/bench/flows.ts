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
    program: [programOf("departures")],
  });

/**
 * When listeners join that join one after the other, spread over a period in equal parts, each in the middle of its own. When
 * in a tick of its kernel a host joins is chance otherwise, and it reports at a tick: two of 4 ms and the rest of one
 * later, if the kernel has 250 in a second.
 */
export const joinInstants = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, n) => (n + 0.5) / count);

/**
 * Starts a receiver of a group at a node, which joins when it is told to begin; `share` of a period of the kernel's ticks
 * has passed then. Throws LabError.
 */
export const receiveArrivals = (lab: Lab, node: string, group: string, share = 0.5): Receiver =>
  startReceiver(lab, {
    ...{ node, groups: [group], goesLast: true },
    program: [programOf("arrivals"), "--share", String(share)],
  });
