// What the sender's and the receiver's process have in common: options, failures, and one JSON line per event.
import { interfaceForSockets } from "../traffic/sockets.ts";
import { TrafficError } from "../traffic/traffic-error.ts";

/** A line of such a process; the times are decimal nanoseconds of CLOCK_MONOTONIC. */
export type TrafficEvent =
  /** It does nothing until it is told to begin. */
  | { readonly event: "waits" }
  /** It was about to send, or to join. */
  | { readonly event: "ready"; readonly nanos: string }
  | {
      readonly event: "sent";
      readonly count: number;
      readonly failed: number;
      readonly firstNanos: string;
      readonly lastNanos: string;
    }
  | { readonly event: "received"; readonly count: number; readonly strangers: number };

/** Writes one event for whoever started this process. */
export function tell(event: TrafficEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** How long the first moments of a flow or of a listener last, which are measured. */
const FIRST_MOMENTS_MILLIS = 50;

/** Tells that it began to send or to join at `nanos`: a while later, as whoever is told takes a processor. */
export function tellReady(nanos: bigint): void {
  setTimeout(() => tell({ event: "ready", nanos: String(nanos) }), FIRST_MOMENTS_MILLIS);
}

/** Ends this process with a sentence. */
export function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** The non-negative number that option `name` gives, or ends this process. */
export function numberOption(name: string, text: string): number {
  const value = Number(text);
  if (text !== "" && Number.isFinite(value) && value >= 0) return value;
  return fail(`--${name} ${text}: expected a number`);
}

/** Ends this process with the sentence of a TrafficError. */
export function failWith(error: unknown): never {
  if (!(error instanceof TrafficError)) throw error;
  return fail(error.message);
}

/** What node:dgram calls the interface by which packets to `group` leave, or ends this process. */
export function ownInterface(device: string, group: string): string {
  try {
    return interfaceForSockets(device, group);
  } catch (error) {
    return failWith(error);
  }
}
