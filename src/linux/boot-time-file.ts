// The last BootTime used on each interface (§4), a small file for each, so that none is ever used twice.
import { join } from "node:path";
import { type BootTime, bootTime } from "../base/units.ts";
import { HostError } from "../daemon/host.ts";
import { readStateFile, writeStateFile } from "../daemon/state-file.ts";

/** Messages give it 32 bits (§2.1). */
const LARGEST = 2 ** 32 - 1;

// An interface's name has neither "/" nor NUL, and the prefix keeps it from being a special name.
const fileOf = (directory: string, name: string): string => join(directory, `boot-time.${name}`);

/** The BootTime stored for the interface `name`, 0 if none is. Throws HostError: a file that is there must be readable and right. */
export function readBootTime(directory: string, name: string): BootTime {
  const file = fileOf(directory, name);
  const text = readStateFile(file, `cannot read the last BootTime of ${name} from ${file}`);
  if (text === null) return bootTime(0);
  const value = Number(text);
  if (/^\d{1,10}\n$/.test(text) && value <= LARGEST) return bootTime(value);
  const what = `${file} does not hold the last BootTime of ${name}; write a number there that is not below it, or delete the file if HPIM-DM never ran there`;
  throw new HostError("read", "EBADMSG", what);
}

/** Stores a BootTime for the interface `name`. It is on disk, whole, or HostError is thrown and the old one stays. */
export function writeBootTime(directory: string, name: string, value: BootTime): void {
  const file = fileOf(directory, name);
  if (value > LARGEST) {
    const what = `there is no BootTime left for ${name}: the last one in ${file} or the time of day is too great`;
    throw new HostError("write", "EOVERFLOW", what);
  }
  writeStateFile(file, `${value}\n`, `cannot store the BootTime of ${name} in ${file}`);
}
