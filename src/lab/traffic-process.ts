// What the sender's and the receiver's process have in common: options, the interface, and one JSON line per event.
import { networkInterfaces } from "node:os";

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

/** What node:dgram calls an interface: its IPv4 address, or "::%eth0"; ends this process if it has no address. */
export function interfaceForSockets(device: string, isIpv6: boolean): string {
  const addresses = networkInterfaces()[device] ?? [];
  const found = addresses.find(({ family }) => family === (isIpv6 ? "IPv6" : "IPv4"));
  if (found === undefined) {
    return fail(`Interface ${device} has no ${isIpv6 ? "IPv6" : "IPv4"} address, or is down.`);
  }
  return isIpv6 ? `::%${device}` : found.address;
}
