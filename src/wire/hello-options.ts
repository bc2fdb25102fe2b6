// The options of a Hello and of the last Sync (§2.2): type, length, value.
import type { HelloOptions } from "../core/messages.ts";
import type { Malformed } from "./malformed.ts";
import { malformed } from "./malformed.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** Option type n is at n - 1, in the order in which options are written. */
const OPTIONS = [
  { type: 1, name: "holdTimeSeconds", lengthBytes: 2 },
  { type: 2, name: "checkpointSn", lengthBytes: 4 },
  { type: 3, name: "holdTimeMillis", lengthBytes: 4 },
] as const satisfies readonly { type: number; name: keyof HelloOptions; lengthBytes: 2 | 4 }[];

const TYPE_AND_LENGTH_BYTES = 4;

/** The options that fill the rest of a message, in any order; older builds wrote CheckpointSN first. */
export function decodeOptions(reader: Reader): HelloOptions | Malformed {
  const options: { -readonly [Name in keyof HelloOptions]: number } = {};
  while (reader.left > 0) {
    const at = reader.offset;
    if (reader.left < TYPE_AND_LENGTH_BYTES) return malformed("truncated option", at);
    const option = OPTIONS[reader.u16() - 1];
    const lengthBytes = reader.u16();
    if (reader.left < lengthBytes) return malformed("truncated option", at);
    if (option === undefined) {
      reader.skip(lengthBytes);
      continue;
    }
    if (lengthBytes !== option.lengthBytes) return malformed("option of wrong length", at);
    if (options[option.name] !== undefined) return malformed("repeated option", at);
    options[option.name] = lengthBytes === 2 ? reader.u16() : reader.u32();
  }
  return options as HelloOptions;
}

/** Bytes that these options take. */
export function optionsBytes(options: HelloOptions): number {
  let sum = 0;
  for (const { name, lengthBytes } of OPTIONS) {
    if (options[name] !== undefined) sum += TYPE_AND_LENGTH_BYTES + lengthBytes;
  }
  return sum;
}

/** Writes the options in the order HoldTime, CheckpointSN, HoldTimeMillis. */
export function encodeOptions(writer: Writer, options: HelloOptions): void {
  for (const { type, name, lengthBytes } of OPTIONS) {
    const value = options[name];
    if (value === undefined) continue;
    writer.u16(type);
    writer.u16(lengthBytes);
    if (lengthBytes === 2) writer.u16(value);
    else writer.u32(value);
  }
}
