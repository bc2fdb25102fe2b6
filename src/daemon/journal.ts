// The journal of systemd, where the standard error output goes there: it takes the priority of a line from its beginning,
// sd-daemon(3), so that journalctl can select by it ("-p warning"). The line in it stays as it is.
import { fstatSync } from "node:fs";
import type { DestinationStream } from "pino";
import { pino } from "pino";

/** Levels of pino, the highest first, with the priorities of syslog(3) that they are. */
const PRIORITIES = [
  [60, 2],
  [50, 3],
  [40, 4],
  [30, 6],
] as const;
const DEBUG = 7;

const priorityOf = (level: number): number =>
  PRIORITIES.find(([least]) => level >= least)?.[1] ?? DEBUG;

/** Whether the journal takes what is written to the descriptor `fd`: JOURNAL_STREAM says which file it reads, systemd.exec(5). */
export function isJournal(fd: number, { JOURNAL_STREAM = "" }: NodeJS.ProcessEnv): boolean {
  if (JOURNAL_STREAM === "") return false;
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    return JOURNAL_STREAM === `${dev}:${ino}`;
  } catch {
    return false;
  }
}

/** `destination` with the priority before each line. */
export function forJournal(destination: DestinationStream): DestinationStream {
  const told = {
    // Has pino tell the level of each line first.
    [pino.symbols.needsMetadataGsym]: true,
    lastLevel: 0,
    write: (line: string) => destination.write(`<${priorityOf(told.lastLevel)}>${line}`),
  };
  return told;
}
