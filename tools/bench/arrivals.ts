// Receivers that note when packets arrive at their node, and keep no other process waiting (arrivals-main.ts).
import { fileURLToPath } from "node:url";
import type { Lab } from "../../src/lab/lab.ts";
import type { Receiver } from "../../src/lab/traffic.ts";
import { startReceiver } from "../../src/lab/traffic.ts";

const program = fileURLToPath(new URL("./arrivals-main.js", import.meta.url));

/** Starts a receiver of a group at a node. Throws LabError. */
export const receiveArrivals = (lab: Lab, node: string, group: string): Receiver =>
  startReceiver(lab, { node, groups: [group], goes: "last", program });
