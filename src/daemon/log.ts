// The log: one JSON line for each notice, its sentence and its fields. Whoever can make us report something could fill
// the disk with it (P7), and a storm of notices would take the time that the protocol needs: so bursts are counted.
import { writeSync } from "node:fs";
import type { DestinationStream, Logger } from "pino";
import { pino } from "pino";
import type { Address } from "../base/address.ts";
import { formatAddress } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { LogLevel } from "./configuration.ts";
import type { DropReason } from "./drops.ts";
import { forJournal, isJournal } from "./journal.ts";
import type { DaemonNotice } from "./notices.ts";
import type { NameOf } from "./reasons.ts";
import { noticeSentence } from "./sentences.ts";

const STANDARD_ERROR = 2;

/** A disk that is full must not stop a router: a line that cannot be written is lost. */
const lossy: DestinationStream = {
  write: (line) => {
    try {
      writeSync(STANDARD_ERROR, line);
    } catch {}
  },
};

const SECOND_MS = 1000;
const UP_TO_SECONDS = "2000-01-01T00:00:00.".length;

/** Makes the field that says when a line was written; what is the same for all lines of a second is made once. */
function timeField(): () => string {
  let second = Number.NaN;
  let beginning = "";
  return () => {
    const now = Date.now();
    const thousandths = now % SECOND_MS;
    if (now - thousandths !== second) {
      second = now - thousandths;
      beginning = `,"time":"${new Date(now).toISOString().slice(0, UP_TO_SECONDS)}`;
    }
    return `${beginning}${String(thousandths).padStart(3, "0")}Z"`;
  };
}

/** A log whose lines go to `destination`. */
export const logTo = (destination: DestinationStream): Logger =>
  pino(
    {
      base: null,
      timestamp: timeField(),
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );

/** A log on the standard error output; a line is out, or lost, when the call returns. It never throws. */
export const standardErrorLog = (): Logger =>
  logTo(isJournal(STANDARD_ERROR, process.env) ? forJournal(lossy) : lossy);

const ADDRESSES = ["address", "group", "neighbor", "querier", "sender", "source"] as const;

/** The fields of a notice as people read them, by name. */
const readable = (nameOf: NameOf): Record<string, (value: unknown) => unknown> => ({
  ...Object.fromEntries(
    ADDRESSES.map((name) => [
      name,
      (value) => (typeof value === "string" ? formatAddress(value as Address) : value),
    ]),
  ),
  interface: (value) => (typeof value === "number" ? nameOf(value as InterfaceIndex) : value),
});

const WARNINGS: ReadonlySet<DaemonNotice["kind"]> = new Set([
  "callFailed",
  "dropped",
  "missing",
  "neighborFailed",
  "refused",
  "waits",
]);

/** What also happens where nothing is wrong: messages that are lost, sent again, overtaken, or meant for others. */
const HARMLESS_DROPS: ReadonlySet<DropReason> = new Set([
  "Ack of nothing",
  "excluded tree",
  "goodbye of a stranger",
  "group not allowed",
  "no way back to the source",
  "not enabled",
  "query without a source",
  "stale BootTime",
  "stale Hello",
  "stale sequence number",
  "Sync for another BootTime",
  "Sync out of order",
  "tree not allowed",
]);

/** What we brought about ourselves is nothing to warn of. */
function levelOf(notice: DaemonNotice): "warn" | "info" {
  if (notice.kind === "neighborFailed" && notice.why === "interface ended") return "info";
  if (notice.kind === "dropped" && HARMLESS_DROPS.has(notice.reason)) return "info";
  return WARNINGS.has(notice.kind) ? "warn" : "info";
}

/** Lines that notices of one kind, of one interface or of none, get in an interval, which begins with the first of any. */
const LINES = 100;
const INTERVAL_MS = 10_000;

/** What a log of notices asks for each time. */
export interface NoticeLogOptions {
  readonly nameOf: NameOf;
  /** From which level on notices are written. */
  readonly level: () => LogLevel;
}

/** What a notice counts as. */
interface Topic {
  readonly kind: DaemonNotice["kind"];
  /** Its name; null: the notice is of none. */
  readonly interface: string | null;
  count: number;
}

/**
 * Writes notices to a log, of each kind and interface no more than 100 in 10 s; of the others it says how many they
 * were. So a storm on one interface hides nothing of another.
 */
export class NoticeLog {
  readonly #log: Logger;
  readonly #nameOf: NameOf;
  readonly #level: () => LogLevel;
  readonly #topics = new Map<string, Topic>();
  #interval: NodeJS.Timeout | null = null;

  constructor(log: Logger, { nameOf, level }: NoticeLogOptions) {
    this.#log = log.child({}, { serializers: readable(nameOf) });
    this.#nameOf = nameOf;
    this.#level = level;
  }

  write(notice: DaemonNotice): void {
    const { values } = this.#log.levels;
    const at = levelOf(notice);
    if ((values[at] ?? 0) < (values[this.#level()] ?? 0)) return;
    const topic = this.#topicOf(notice);
    topic.count++;
    this.#interval ??= setTimeout(() => this.endInterval(), INTERVAL_MS).unref();
    if (topic.count > LINES) return;
    this.#log[at](notice, noticeSentence(notice, this.#nameOf));
  }

  #topicOf(notice: DaemonNotice): Topic {
    const { kind } = notice;
    const index = "interface" in notice ? notice.interface : null;
    const key = `${kind} ${index}`;
    const topic = this.#topics.get(key) ?? {
      kind,
      interface: index === null ? null : this.#nameOf(index),
      count: 0,
    };
    this.#topics.set(key, topic);
    return topic;
  }

  /** Says what was left out, and begins a new interval with the next notice. */
  endInterval(): void {
    if (this.#interval !== null) clearTimeout(this.#interval);
    this.#interval = null;
    for (const { kind, interface: name, count } of this.#topics.values()) {
      const omitted = count - LINES;
      if (omitted <= 0) continue;
      const where = name === null ? "" : ` on ${name}`;
      this.#log.warn(
        { kind: "omitted", of: kind, ...(name !== null && { interface: name }), omitted },
        `${omitted} more notices of the kind ${kind}${where} are not in this log.`,
      );
    }
    this.#topics.clear();
  }
}
