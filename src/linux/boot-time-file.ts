// The last BootTime used on each interface (§4), a small file for each, so that none is ever used twice.
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type BootTime, bootTime } from "../base/units.ts";
import { HostError } from "../daemon/host.ts";

/** Messages give it 32 bits (§2.1). */
const LARGEST = 2 ** 32 - 1;

// An interface's name has neither "/" nor NUL, and the prefix keeps it from being a special name.
const fileOf = (directory: string, name: string): string => join(directory, `boot-time.${name}`);

/** The error of a call of node:fs in our words. */
function asHostError(error: unknown, what: string): HostError {
  const { syscall = "open", code = "EIO" } = error as NodeJS.ErrnoException;
  return new HostError(syscall, code, what);
}

function readIfThere(file: string, what: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const hostError = asHostError(error, what);
    if (hostError.errno === "ENOENT") return null;
    throw hostError;
  }
}

/** The BootTime stored for the interface `name`, 0 if none is. Throws HostError: a file that is there must be readable and right. */
export function readBootTime(directory: string, name: string): BootTime {
  const file = fileOf(directory, name);
  const text = readIfThere(file, `cannot read the last BootTime of ${name} from ${file}`);
  if (text === null) return bootTime(0);
  const value = Number(text);
  if (/^\d{1,10}\n$/.test(text) && value <= LARGEST) return bootTime(value);
  const what = `${file} does not hold the last BootTime of ${name}; write a number there that is not below it, or delete the file if HPIM-DM never ran there`;
  throw new HostError("read", "EBADMSG", what);
}

function writeAndSync(path: string, text: string): void {
  const fd = openSync(path, "w", 0o644);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function syncDirectory(directory: string): void {
  const fd = openSync(directory, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Stores a BootTime for the interface `name`. It is on disk, whole, or HostError is thrown and the old one stays. */
export function writeBootTime(directory: string, name: string, value: BootTime): void {
  const file = fileOf(directory, name);
  if (value > LARGEST) {
    const what = `there is no BootTime left for ${name}: the last one in ${file} or the time of day is too great`;
    throw new HostError("write", "EOVERFLOW", what);
  }
  const fresh = join(directory, `new-boot-time.${name}`);
  try {
    mkdirSync(directory, { recursive: true });
    writeAndSync(fresh, `${value}\n`);
    renameSync(fresh, file);
    syncDirectory(directory);
  } catch (error) {
    throw asHostError(error, `cannot store the BootTime of ${name} in ${file}`);
  }
}
