// The keys that signatures in a capture are held to (protocol.md §3).
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AlgorithmName } from "../../api/algorithms.ts";
import { ALGORITHMS } from "../../api/algorithms.ts";
import type { Ends, Signature } from "../../wire/signature.ts";
import { coveredOf } from "../../wire/signature.ts";
import { CommandError } from "../command-error.ts";
import type { WrittenKey } from "./written-key.ts";

/** A key. Several may have one identifier: a capture may be of several links. */
export interface Key {
  readonly identifier: number;
  readonly algorithm: AlgorithmName;
  readonly secret: Uint8Array;
}

/** A file's content without the end of its last line, which editors add. Throws CommandError. */
function secretIn(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file);
    const end = /\r?\n$/.exec(bytes.toString("latin1"))?.index ?? bytes.length;
    if (end > 0) return bytes.subarray(0, end);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`${file} cannot be read: ${reason}.`, { exitCode: 1, cause });
  }
  throw new CommandError(`The secret in ${file} is empty.`, { exitCode: 1 });
}

/** The keys, those of files read. Throws CommandError. */
export function keysOf(
  written: readonly WrittenKey[],
  inFiles: readonly WrittenKey[],
): readonly Key[] {
  return [
    ...written.map(({ rest, ...key }) => ({ ...key, secret: Buffer.from(rest) })),
    ...inFiles.map(({ rest, ...key }) => ({ ...key, secret: secretIn(rest) })),
  ];
}

/** Whether one of the keys signs `message` as it is signed; null: there is no key of its identifier. */
export function isRight(
  keys: readonly Key[],
  { identifier, value }: Signature,
  ends: Ends,
  message: Uint8Array,
): boolean | null {
  const candidates = keys.filter((key) => key.identifier === identifier);
  if (candidates.length === 0) return null;
  const { bytes, valueOffset } = coveredOf(ends, message);
  bytes.fill(0, valueOffset, valueOffset + value.length);
  return candidates.some(({ algorithm, secret }) =>
    createHmac(ALGORITHMS[algorithm].hash, secret).update(bytes).digest().equals(value),
  );
}
