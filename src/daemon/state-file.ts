// Files of the state directory, for this daemon's own user only: a small text each, replaced as a whole and on disk
// before anything relies on it.
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { HostError } from "./host.ts";

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/** A text that is on disk beside the file whose place it is to take. */
export interface StagedFile {
  /**
   * It takes the file's place, on disk when this returns. Throws HostError: then the file is as before, unless the
   * message says that it could not be put back.
   */
  readonly commit: () => void;
  /** It goes. Never fails. */
  readonly discard: () => void;
}

/** The error of a call of node:fs in our words. */
function asHostError(error: unknown, what: string): HostError {
  const { syscall = "open", code = "EIO" } = error as NodeJS.ErrnoException;
  return new HostError(syscall, code, what);
}

/** What `call` returns. What it throws is told as a HostError that begins with `what`, such as "cannot write FILE". */
function told<T>(what: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw error instanceof HostError ? error : asHostError(error, what);
  }
}

/** The text of `file`, null if there is none. `what` begins the message of the HostError that it throws. */
export function readStateFile(file: string, what: string): string | null {
  try {
    return told(what, () => readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof HostError && error.errno === "ENOENT") return null;
    throw error;
  }
}

function writeAndSync(path: string, text: string): void {
  const fd = openSync(path, "w", PRIVATE_FILE);
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

function removeIfThere(path: string): void {
  try {
    rmSync(path);
  } catch {
    // It is never read, and the next one takes its place.
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Has `file` hold again what `before` is open on; null: it was not there. Not synchronised: that is what has just failed. */
function putBack(before: number | null, fresh: string, file: string): void {
  told(`cannot put back what ${file} held, and it holds the new text`, () => {
    if (before === null) {
      rmSync(file);
      return;
    }
    writeFileSync(fresh, readFileSync(before), { mode: PRIVATE_FILE });
    renameSync(fresh, file);
  });
}

/** Has `fresh` take the place of `file`, on disk, or nothing is changed. */
function replace(fresh: string, file: string): void {
  const open: number[] = [];
  try {
    const directory = openSync(dirname(file), "r");
    open.push(directory);
    const before = openIfThere(file);
    if (before !== null) open.push(before);
    renameSync(fresh, file);
    try {
      fsyncSync(directory);
    } catch (error) {
      putBack(before, fresh, file);
      throw error;
    }
  } catch (error) {
    removeIfThere(fresh);
    throw error;
  } finally {
    for (const fd of open) closeSync(fd);
  }
}

/** Writes what `file` is to hold beside it, in a directory that is made. `what` begins the messages of the HostErrors. */
export function stageStateFile(file: string, text: string, what: string): StagedFile {
  const directory = dirname(file);
  const fresh = join(directory, `new-${basename(file)}`);
  told(what, () => {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    try {
      writeAndSync(fresh, text);
    } catch (error) {
      removeIfThere(fresh);
      throw error;
    }
  });
  return {
    commit: () => told(what, () => replace(fresh, file)),
    discard: () => removeIfThere(fresh),
  };
}

/** Has `file` hold `text`: whole and on disk, or HostError is thrown, as `commit` does; `what` begins its message. */
export const writeStateFile = (file: string, text: string, what: string): void =>
  stageStateFile(file, text, what).commit();

/** Gives `file` another name in its directory, in place of what has it. Throws HostError as the others. */
export function renameStateFile(file: string, name: string, what: string): void {
  told(what, () => {
    renameSync(file, join(dirname(file), name));
    syncDirectory(dirname(file));
  });
}

/** Removes `file`, which need not be there. Throws HostError as the others. */
export function removeStateFile(file: string, what: string): void {
  if (readStateFile(file, what) === null) return;
  told(what, () => {
    rmSync(file);
    syncDirectory(dirname(file));
  });
}
