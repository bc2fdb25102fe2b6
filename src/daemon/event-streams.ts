// Those who listen to events, each with a queue of its own. A client that is slow loses the oldest of what waits for it, and
// is told how much that was; it costs nobody else anything.
import type { LogLevel } from "../api/log-levels.ts";
import type { EventFilter, Weighed } from "./event-filter.ts";
import { wantsMessages, wantsOwn, wantsTold } from "./event-filter.ts";
import type { NameOf } from "./reasons.ts";
import type { Told } from "./subsystems.ts";

/** So many clients may listen at a time. */
export const MOST_STREAMS = 16;
/** So many lines wait for a client; of more, the oldest go. */
export const MOST_WAITING = 1_000;

function omittedLine(omitted: number): string {
  const msg = `${omitted} events are missing here: they came faster than they were taken.`;
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: "warn", time, kind: "omitted", omitted, msg })}\n`;
}

/** What waits for one client. */
class EventStream {
  readonly filter: EventFilter;
  readonly body: ReadableStream<Uint8Array>;
  readonly #encoder = new TextEncoder();
  #waiting: string[] = [];
  #omitted = 0;
  #hasEnded = false;
  #isGone = false;
  #wake = (): void => undefined;

  constructor(filter: EventFilter, onGone: () => void) {
    this.filter = filter;
    const source = {
      pull: (controller: ReadableStreamDefaultController<Uint8Array>) => this.#fill(controller),
      cancel: () => {
        this.#isGone = true;
        this.#wake();
        onGone();
      },
    };
    // Lines stay in the queue until the client takes them: in the stream they could not be omitted any more.
    this.body = new ReadableStream(source, { highWaterMark: 0 });
  }

  take(line: string): void {
    if (this.#waiting.length === MOST_WAITING) {
      this.#waiting.shift();
      this.#omitted++;
    }
    this.#waiting.push(line);
    this.#wake();
  }

  /** Nothing comes behind what waits. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  async #fill(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.#waiting.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isGone) return;
    const before = this.#omitted === 0 ? "" : omittedLine(this.#omitted);
    const text = before + this.#waiting.join("");
    this.#omitted = 0;
    this.#waiting = [];
    if (text !== "") controller.enqueue(this.#encoder.encode(text));
    else controller.close();
  }
}

/** What it takes to tell something. */
interface Telling {
  readonly nameOf: NameOf;
  /** The line, with its end: made when it is first asked for. */
  readonly line: () => string;
}

/** All who listen. */
export class EventStreams {
  readonly #streams = new Set<EventStream>();
  #onChange = (): void => undefined;
  #hasEnded = false;

  /** From now on, `onChange` is called when somebody begins or ends to listen. */
  watch(onChange: () => void): void {
    this.#onChange = onChange;
  }

  /** Whether nobody listens. */
  get isEmpty(): boolean {
    return this.#streams.size === 0;
  }

  /** Whether somebody wants to see messages. */
  get wantMessages(): boolean {
    return [...this.#streams].some(({ filter }) => wantsMessages(filter));
  }

  /** What a new client gets, as lines of JSON, until it goes; null: too many listen. */
  open(filter: EventFilter): ReadableStream<Uint8Array> | null {
    if (this.#streams.size >= MOST_STREAMS) return null;
    const stream = new EventStream(filter, () => {
      if (this.#streams.delete(stream)) this.#onChange();
    });
    if (this.#hasEnded) stream.end();
    else this.#streams.add(stream);
    this.#onChange();
    return stream.body;
  }

  /** Gives what is told to those who want it. */
  tell(told: Told, weighed: Weighed, { nameOf, line }: Telling): void {
    for (const stream of this.#streams) {
      if (wantsTold(stream.filter, told, weighed, nameOf)) stream.take(line());
    }
  }

  /** Gives a line of what the daemon says of itself to those who want it. */
  tellOwn(level: LogLevel, line: string): void {
    for (const stream of this.#streams) if (wantsOwn(stream.filter, level)) stream.take(line);
  }

  /** All streams end behind what waits, and those that are opened later at once. */
  end(): void {
    this.#hasEnded = true;
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
    this.#onChange();
  }
}
