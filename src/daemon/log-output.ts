// Where the log of a daemon goes, and in which form: as lines of JSON, but to a terminal as sentences, and to journald with
// the priority that it takes from the beginning of each line (sd-daemon(3)).
import { fstatSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { DestinationStream } from "pino";
import { fieldsOfLine, readableLine, sentenceOf } from "../api/readable-line.ts";

const STANDARD_ERROR = 2;

/** The forms of a line; both ways, it has its end. */
export type Form = (line: string) => string;

const asJson: Form = (line) => line;

/** Time, level and sentence. */
export const forTerminal: Form = (line) => `${readableLine(line.trimEnd())}\n`;

/** Priorities of syslog by level (sd-daemon(3): SD_CRIT, SD_ERR, SD_WARNING, SD_INFO, SD_DEBUG). */
const PRIORITIES: ReadonlyMap<unknown, number> = new Map([
  ["fatal", 2],
  ["error", 3],
  ["warn", 4],
  ["info", 6],
  ["debug", 7],
]);
const INFORMATIONAL = 6;

/** What journald knows itself, and what the sentence is. */
const NOT_REPEATED: ReadonlySet<string> = new Set(["level", "time", "msg", "err"]);

const plain = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text;
};

/** Priority, sentence, and the fields behind it; each line of it is one of the journal. */
export const forJournal: Form = (line) => {
  const fields = fieldsOfLine(line);
  if (fields === undefined) return line;
  const named = Object.entries(fields)
    .filter(([name]) => !NOT_REPEATED.has(name))
    .map(([name, value]) => ` ${name}=${plain(value)}`);
  const priority = PRIORITIES.get(fields.level) ?? INFORMATIONAL;
  const [first = "", ...rest] = sentenceOf(fields).split("\n");
  const lines = [first + named.join(""), ...rest];
  return lines.map((one) => `<${priority}>${one}\n`).join("");
};

/** Whether the file `fd` is the stream to journald that systemd has told of (systemd.exec(5): JOURNAL_STREAM). */
function isJournal(fd: number): boolean {
  const { JOURNAL_STREAM = "" } = process.env;
  const [device, inode] = JOURNAL_STREAM.split(":");
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}` === device && `${ino}` === inode;
}

function formFor(fd: number): Form {
  if (isatty(fd)) return forTerminal;
  return isJournal(fd) ? forJournal : asJson;
}

/** The standard error output. A disk that is full must not stop a router: a line that cannot be written is lost. */
export function standardError(): DestinationStream {
  let form = asJson;
  try {
    form = formFor(STANDARD_ERROR);
  } catch {}
  return {
    write: (line) => {
      try {
        writeSync(STANDARD_ERROR, form(line));
      } catch {}
    },
  };
}
