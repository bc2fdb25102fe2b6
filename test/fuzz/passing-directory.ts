// A directory of this thread, in memory where the machine has that: what is fuzzed writes thousands of files a second.
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const IN_MEMORY = "/dev/shm";

function place(): string {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    return IN_MEMORY;
  } catch {
    return tmpdir();
  }
}

let made: string | undefined;

/** The directory, which goes when the thread ends. */
export function passingDirectory(): string {
  if (made === undefined) {
    const path = mkdtempSync(join(place(), "hpt-fuzz-"));
    process.once("exit", () => rmSync(path, { recursive: true, force: true }));
    made = path;
  }
  return made;
}
