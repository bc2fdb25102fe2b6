// Files that hold the secret of a key and nothing else. What was read is kept: a file that goes later takes no key along.
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { isOpenToOthers, reasonOf } from "./file-access.ts";
import { Secret } from "./secret.ts";

/** A secret, or a sentence without its end on why there is none. */
export type SecretReading = { readonly secret: Secret } | { readonly problem: string };

const MOST_BYTES = 65_536;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Without the end of its last line, which editors add. */
function withoutLineEnd(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== NEWLINE) return bytes;
  return bytes.subarray(0, bytes.at(-2) === CARRIAGE_RETURN ? -2 : -1);
}

function bytesOf(fd: number, file: string): Buffer | string {
  const stats = fstatSync(fd);
  if (!stats.isFile()) return `${file} is a directory or a device: expected a file`;
  if (isOpenToOthers(stats.mode)) {
    return `${file} is open to every user of this machine: "chmod 600 ${file}", and choose another secret if it was read`;
  }
  return stats.size > MOST_BYTES
    ? `${file} is too long for a secret: expected at most ${MOST_BYTES} bytes`
    : readFileSync(fd);
}

function readSecretFile(file: string): SecretReading {
  let fd: number | undefined;
  try {
    // A FIFO that nobody writes to must not hold the daemon up.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = bytesOf(fd, file);
    if (typeof bytes === "string") return { problem: bytes };
    const secret = Secret.of(withoutLineEnd(bytes));
    return secret === null
      ? { problem: `${file} holds no secret: it is empty, or nothing but zero bytes` }
      : { secret };
  } catch (error) {
    return { problem: `${file} cannot be read: ${reasonOf(error)}` };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** The files that a configuration names, each read once. */
export class SecretFiles {
  readonly #read = new Map<string, SecretReading>();

  /** The secret in the file at the absolute path `file`. */
  of(file: string): SecretReading {
    const reading = this.#read.get(file) ?? readSecretFile(file);
    if ("secret" in reading) this.#read.set(file, reading);
    return reading;
  }
}
