// The log: one JSON line for each notice, its sentence and its fields; the same lines go to those who listen to events.
// Whoever can make us report something could fill the disk with it (P7), and a storm of notices would take the time that the
// protocol needs: so bursts are counted.
import type { DestinationStream, Logger } from "pino";
import { pino } from "pino";
import type { Subsystem } from "../api/log-levels.ts";
import { isAtLeast, OWN_SUBSYSTEM, SUBSYSTEM_NAMES } from "../api/log-levels.ts";
import type { Address } from "../base/address.ts";
import { formatAddress } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { LogLevels } from "./configuration.ts";
import { logLevels } from "./configuration.ts";
import type { EventStreams } from "./event-streams.ts";
import type { NameOf } from "./reasons.ts";
import { noticeSentence } from "./sentences.ts";
import type { Shown } from "./shown-messages.ts";
import { shownLine } from "./shown-messages.ts";
import type { Rank, Told } from "./subsystems.ts";
import { rankOf, SHOWING } from "./subsystems.ts";

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

/** A logger whose lines, all with these fields, go to `destination`. */
const loggerTo = (
  destination: DestinationStream,
  base: Readonly<Record<string, unknown>> | null,
): Logger =>
  pino(
    {
      base,
      level: "debug",
      timestamp: timeField(),
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );

/** The log of a daemon. */
export interface Log {
  /** A line is out, or lost, when the call returns. */
  readonly output: DestinationStream;
  readonly streams: EventStreams;
  /** Takes what the daemon says of its own start, end and configuration. It never throws. */
  readonly own: Logger;
}

/** A log on `output`, which those who listen to `streams` hear of, too. */
export function logOn(output: DestinationStream, streams: EventStreams): Log {
  const write = (line: string): void => {
    output.write(line);
    if (streams.isEmpty) return;
    const { level } = JSON.parse(line);
    streams.tellOwn(level === "fatal" ? "error" : level, line);
  };
  return { output, streams, own: loggerTo({ write }, { subsystem: OWN_SUBSYSTEM }) };
}

const ADDRESSES = [
  ...["address", "destination", "group", "neighbor", "querier", "router", "sender", "source"],
] as const;

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

/** Makes lines, without writing them. */
class LineMaker {
  readonly #nameOf: NameOf;
  readonly #loggers: ReadonlyMap<Subsystem, Logger>;
  #made = "";

  constructor(nameOf: NameOf) {
    this.#nameOf = nameOf;
    const write = (line: string): void => {
      this.#made = line;
    };
    const root = loggerTo({ write }, null).child({}, { serializers: readable(nameOf) });
    this.#loggers = new Map(
      SUBSYSTEM_NAMES.map((subsystem) => [subsystem, root.child({ subsystem })]),
    );
  }

  /** The line, with its end, of these fields. */
  line({ subsystem, level }: Rank, fields: object, sentence: string): string {
    this.#loggers.get(subsystem)?.[level](fields, sentence);
    return this.#made;
  }

  /** The line of what is told. */
  lineOf(told: Told, rank: Rank): string {
    if (!("message" in told)) return this.line(rank, told, noticeSentence(told, this.#nameOf));
    const { fields, sentence } = shownLine(told, this.#nameOf);
    return this.line(rank, fields, sentence);
  }
}

/** Lines that notices of one kind, of one interface or of none, get in an interval, which begins with the first of any. */
const LINES = 100;
const INTERVAL_MS = 10_000;

/** What a log of notices is made of. */
export interface NoticeLogOptions extends Pick<Log, "output" | "streams"> {
  readonly nameOf: NameOf;
  /** Has `take` get each message, and what is dropped, from now on; null: nobody wants to see them. */
  readonly showMessages: (take: ((shown: Shown) => void) | null) => void;
}

/** What a notice counts as. */
interface Topic {
  readonly kind: Told["kind"];
  readonly subsystem: Subsystem;
  /** Its name; null: the notice is of none. */
  readonly interface: string | null;
  count: number;
}

/**
 * Writes notices to a log, of each kind and interface no more than 100 in 10 s; of the others it says how many they
 * were. So a storm on one interface hides nothing of another. Those who listen to events get all that they want to hear of.
 */
export class NoticeLog {
  readonly #output: DestinationStream;
  readonly #streams: EventStreams;
  readonly #nameOf: NameOf;
  readonly #showMessages: NoticeLogOptions["showMessages"];
  readonly #maker: LineMaker;
  readonly #topics = new Map<string, Topic>();
  #levels: LogLevels["subsystems"] = logLevels("info").subsystems;
  #interval: NodeJS.Timeout | null = null;

  constructor({ output, streams, nameOf, showMessages }: NoticeLogOptions) {
    this.#output = output;
    this.#streams = streams;
    this.#nameOf = nameOf;
    this.#showMessages = showMessages;
    this.#maker = new LineMaker(nameOf);
    streams.watch(() => this.#askForMessages());
  }

  /** From now on, these levels decide what is written. */
  setLevels({ subsystems }: LogLevels): void {
    this.#levels = subsystems;
    this.#askForMessages();
  }

  write(told: Told): void {
    const rank = rankOf(told);
    const isForLog = isAtLeast(rank.level, this.#levels[rank.subsystem]);
    const isLogged = isForLog && this.#isWithinBurst(told, rank);
    let made = isLogged ? this.#maker.lineOf(told, rank) : null;
    if (made !== null) this.#output.write(made);
    if (this.#streams.isEmpty) return;
    const line = (): string => {
      made ??= this.#maker.lineOf(told, rank);
      return made;
    };
    this.#streams.tell(told, { ...rank, isForLog }, { nameOf: this.#nameOf, line });
  }

  #askForMessages(): void {
    const isWanted =
      SHOWING.some((name) => this.#levels[name] === "debug") || this.#streams.wantMessages;
    this.#showMessages(isWanted ? (shown) => this.write(shown) : null);
  }

  /** Counts what is to be written. */
  #isWithinBurst(told: Told, rank: Rank): boolean {
    const topic = this.#topicOf(told, rank);
    topic.count++;
    this.#interval ??= setTimeout(() => this.endInterval(), INTERVAL_MS).unref();
    return topic.count <= LINES;
  }

  #topicOf(told: Told, { subsystem }: Rank): Topic {
    const { kind } = told;
    const index = "interface" in told ? told.interface : null;
    const key = `${kind} ${index}`;
    const topic = this.#topics.get(key) ?? {
      ...{ kind, subsystem, count: 0 },
      interface: index === null ? null : this.#nameOf(index),
    };
    this.#topics.set(key, topic);
    return topic;
  }

  /** Says what was left out, and begins a new interval with the next notice. */
  endInterval(): void {
    if (this.#interval !== null) clearTimeout(this.#interval);
    this.#interval = null;
    for (const { kind, subsystem, interface: name, count } of this.#topics.values()) {
      const omitted = count - LINES;
      if (omitted <= 0) continue;
      const where = name === null ? "" : ` on ${name}`;
      const sentence = `${omitted} more notices of the kind ${kind}${where} are not in this log.`;
      const about = { kind: "omitted", of: kind, ...(name !== null && { interface: name }) };
      this.#output.write(
        this.#maker.line({ subsystem, level: "warn" }, { ...about, omitted }, sentence),
      );
    }
    this.#topics.clear();
  }
}
