// The lines of a recording: a JSON object each. The first says what it is; then comes each input of the engine with its
// instant, and behind it what the engine did: calls of the machine with their answers, and notices. Addresses are written
// as people do, bytes in base 64, maps as lists of pairs. Of secrets and signatures there is nothing (protocol.md §3).
import type { Address } from "../../base/address.ts";
import { formatAddress, parseAddress } from "../../base/address.ts";
import type { InterfaceIndex, Millis } from "../../base/units.ts";
import type { EngineEvent } from "../events.ts";
import type { Failure } from "../host.ts";
import type { HostCall } from "../host-call.ts";
import type { DaemonNotice } from "../notices.ts";
import { Secret } from "../secret.ts";

/** Of the lines that this program writes and reads. */
export const RECORDING_VERSION = 2;

/** The first line. */
export interface Heading {
  readonly recording: "hpim-dm";
  readonly version: number;
  /** Name and version. */
  readonly program: string;
  readonly family: 4;
  /** The time of day at the instant `at` of the machine's clock, by ISO 8601. */
  readonly time: string;
  readonly at: Millis;
  /** Of the engine. */
  readonly seed: number;
}

/** A datagram that arrived. */
export interface RecordedDatagram {
  readonly kind: "datagram";
  readonly interface: InterfaceIndex;
  /** In base 64; the value of a signature is zero. */
  readonly bytes: string;
  /** It had a signature that was right. */
  readonly signed: boolean;
}

/** An input of the engine, as it is written. */
export type RecordedInput = Exclude<EngineEvent, { kind: "datagram" }> | RecordedDatagram;

/** A call of the machine, as it is written: what is sent in base 64, the value of a signature zero. */
export type RecordedCall =
  | Exclude<HostCall, { kind: "send" }>
  | (Omit<Extract<HostCall, { kind: "send" }>, "payload"> & { readonly payload: string });

/** A line behind the first. */
export type Line =
  | { readonly at: Millis; readonly input: RecordedInput }
  | { readonly call: RecordedCall; readonly returned?: unknown; readonly failed?: Failure }
  | { readonly notice: DaemonNotice };

/** In what is recorded, a text under one of these names is an address. */
const ADDRESSES: ReadonlySet<string> = new Set([
  "address",
  "destination",
  "gateway",
  "group",
  "neighbor",
  "querier",
  "router",
  "sender",
  "source",
]);

function plainText(key: string, value: string): string {
  return ADDRESSES.has(key) ? formatAddress(value as Address) : value;
}

/** What stands under a key, as it is written. A replacer of JSON.stringify would take three times as long. */
function plain(key: string, value: unknown): unknown {
  if (typeof value === "string") return plainText(key, value);
  if (typeof value !== "object" || value === null || value instanceof Secret) return value;
  if (Array.isArray(value)) return value.map((one) => plain("", one));
  if (value instanceof Map) return { pairs: plain("", [...value]) };
  const written: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    written[name] = plain(name, (value as Readonly<Record<string, unknown>>)[name]);
  }
  return written;
}

/** The text of a line, without its end. */
export const lineOf = (line: Heading | Line): string => JSON.stringify(plain("", line));

/** Takes the place of every secret. */
const STAND_IN = new TextEncoder().encode("stand-in");

function read(key: string, value: unknown): unknown {
  if (key === "secret") return Secret.of(STAND_IN);
  if (typeof value === "string" && ADDRESSES.has(key)) {
    const address = parseAddress(value);
    if (address === undefined) throw new SyntaxError(`${value} is no address`);
    return address;
  }
  const isMap = typeof value === "object" && value !== null && "pairs" in value;
  return isMap ? new Map(value.pairs as Iterable<readonly [unknown, unknown]>) : value;
}

/**
 * What a line says, all keys with the same secret in place of theirs; undefined: it is none. Of a line that no daemon wrote,
 * parts may be missing.
 */
export function lineIn(text: string): Heading | Line | undefined {
  try {
    const line: unknown = JSON.parse(text, read);
    return typeof line === "object" && line !== null ? (line as Heading | Line) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
