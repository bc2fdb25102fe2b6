// Arguments and options of the commands that send and receive test packets.
import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../api/duration.ts";
import { isMulticast, parseAddress } from "../base/address.ts";
import type { Millis } from "../base/units.ts";
import { GREATEST_PAYLOAD_BYTES, GREATEST_SEQUENCE } from "../traffic/packet.ts";
import { interfaceName } from "./interface-argument.ts";
import { whole } from "./numbers.ts";

/** The address of a group. Throws InvalidArgumentError. */
export function multicast(text: string): string {
  const address = parseAddress(text);
  if (address !== undefined && isMulticast(address)) return text;
  throw new InvalidArgumentError("Expected the address of a group, such as 239.1.2.3.");
}

function unicast(text: string): string {
  const address = parseAddress(text);
  if (address !== undefined && !isMulticast(address)) return text;
  throw new InvalidArgumentError("Expected the address of a machine, such as 10.1.1.100.");
}

/** Of a timer. */
const LONGEST_MILLIS = 2 ** 31 - 1;

function duration(text: string): Millis {
  const span = parseDuration(/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  if (span !== undefined && span > 0 && span <= LONGEST_MILLIS) return span;
  throw new InvalidArgumentError(
    'Expected a duration above 0 and up to 596h, such as 10, "10s" or "2min".',
  );
}

/** How many packets. */
export const packets: (text: string) => number = whole(1, GREATEST_SEQUENCE);

/** Bytes of payload, at least `least`. */
export const payload = (least: number): ((text: string) => number) =>
  whole(least, GREATEST_PAYLOAD_BYTES);

/** A TTL. */
export const hops: (text: string) => number = whole(1, 255);

/** `--port`. */
export const portOption = (): Option =>
  new Option("--port <number>", "UDP port").argParser(whole(1, 65_535)).default(10_000);

/** `--interface`, with what it is for. */
export const deviceOption = (purpose: string): Option =>
  new Option("--interface <name>", purpose).argParser(interfaceName);

/** `--source`, with what it is for. */
export const sourceOption = (purpose: string): Option =>
  new Option("--source <address>", purpose).argParser(unicast);

/** `--for`. */
export const spanOption = (): Option =>
  new Option("--for <duration>", 'end after so long, such as 10, "10s" or "2min"').argParser(
    duration,
  );

/** `--json`. */
export const summaryOption = (): Option =>
  new Option("--json", "the summary as JSON, for programs");
