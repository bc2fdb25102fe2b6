// The record of a lab: <directory>/<name>.json, written before anything is made, so that whatever was made is known
// afterwards, also when its maker was killed; and <directory>/<name>/, its nodes' files.
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { LabError, messageOf } from "./lab-error.ts";

/** Where labs leave their records and files unless told otherwise. */
export const LAB_DIRECTORY = "/run/hpim-dm-lab";

/** Which lab: its name, and the directory that holds its record and files. */
export interface LabPlace {
  readonly name: string;
  readonly directory: string;
}

/** What was or was about to be made. */
export interface LabRecord {
  readonly name: string;
  /** Whether it was made to its end. */
  readonly isComplete: boolean;
  /** When it was begun (ISO 8601). */
  readonly madeAt: string;
  /** Namespaces that are its own. */
  readonly namespaces: readonly string[];
  /** The network as it is now: text for `parseTopology`. */
  readonly topology: string;
}

const pathOf = ({ directory, name }: LabPlace): string => join(directory, `${name}.json`);

/** The directory of a lab's own files. */
export const filesOf = ({ directory, name }: LabPlace): string => join(directory, name);

const textOf = (record: LabRecord): string => `${JSON.stringify(record, null, 2)}\n`;

function writeBeside(directory: string, record: LabRecord): string {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const temporary = `${pathOf({ directory, name: record.name })}.${process.pid}`;
  writeFileSync(temporary, textOf(record));
  return temporary;
}

/** Writes the record of a lab that is to be made. Throws LabError if there is one of its name already. */
export function createRecord(directory: string, record: LabRecord): void {
  const temporary = writeBeside(directory, record);
  try {
    linkSync(temporary, pathOf({ directory, name: record.name }));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    const state =
      readRecord({ directory, name: record.name })?.isComplete === true ? "up" : "half made";
    throw new LabError(
      `The lab "${record.name}" is already ${state}: take it down first (hpim-dm lab down --name ${record.name}), or choose another name.`,
      { cause },
    );
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Writes the record of a lab anew. */
export function updateRecord(directory: string, record: LabRecord): void {
  renameSync(writeBeside(directory, record), pathOf({ directory, name: record.name }));
}

/** The record of a lab, or undefined if there is no such lab. Throws LabError if it cannot be read. */
export function readRecord(place: LabPlace): LabRecord | undefined {
  const path = pathOf(place);
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new LabError(`The record ${path} of a lab cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

/** Removes the record and the files of a lab. */
export function removeRecord(place: LabPlace): void {
  rmSync(filesOf(place), { recursive: true, force: true });
  // A maker that was killed while it wrote a record has left one beside it.
  const unfinished = `${place.name}.json.`;
  for (const file of readdirSync(place.directory)) {
    if (file.startsWith(unfinished)) rmSync(join(place.directory, file), { force: true });
  }
  rmSync(pathOf(place), { force: true });
}

/** The records of all labs, by name. */
export function allRecords(directory: string): readonly LabRecord[] {
  let files: readonly string[];
  try {
    files = readdirSync(directory);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cause;
  }
  const names = files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -5));
  return names
    .sort()
    .map((name) => readRecord({ directory, name }))
    .filter((record) => record !== undefined);
}
