// A recording as it is gone through: line by line, what is recorded beside what is done again.
import type { Heading, Line } from "../../daemon/recording/lines.ts";
import { lineIn, lineOf, RECORDING_VERSION } from "../../daemon/recording/lines.ts";

/** A recording that cannot be replayed; the message says why. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

/** An input of the engine, with its instant. */
export type InputLine = Extract<Line, { readonly input: unknown }>;
/** A call of the machine, with its answer. */
export type CallLine = Extract<Line, { readonly call: unknown }>;
type Deed = CallLine | Extract<Line, { readonly notice: unknown }>;

/** What is done is not what is recorded; null: nothing (more). Both as they are, or would be, written. */
export class Difference extends Error {
  override readonly name = "Difference";
  readonly recorded: string | null;
  readonly done: string | null;

  constructor(recorded: string | null, done: string | null) {
    super(`recorded: ${recorded}; done: ${done}`);
    this.recorded = recorded;
    this.done = done;
  }
}

/** What is done comes after the end of what is recorded: of a daemon that was killed, the last lines are missing. */
export class EndOfRecording extends Error {
  override readonly name = "EndOfRecording";
}

/** A call without its answer, which a replay cannot know beforehand. */
const textOf = (line: Line): string => lineOf("call" in line ? { call: line.call } : line);

/** The lines of a recording, in order. */
export class Script {
  readonly heading: Heading;
  readonly #texts: Iterator<string>;
  #number = 0;
  #next: Line | undefined;

  /** Whole lines, without their ends. Throws RecordingError if they are no recording that this program can replay. */
  constructor(texts: Iterable<string>) {
    this.#texts = texts[Symbol.iterator]();
    const line = this.#read();
    if (line === undefined || !("recording" in line) || line.recording !== "hpim-dm") {
      throw new RecordingError("It is no recording of hpim-dm.");
    }
    const { program, version } = line;
    if (version !== RECORDING_VERSION) {
      throw new RecordingError(
        `${program} made it in version ${version} of the format; this program replays version ${RECORDING_VERSION}.`,
      );
    }
    this.heading = line;
    this.#advance();
  }

  #read(): Heading | Line | undefined {
    const { done, value } = this.#texts.next();
    if (done === true) return undefined;
    this.#number++;
    const line = lineIn(value);
    if (line === undefined) throw new RecordingError(`Line ${this.#number} is damaged.`);
    return line;
  }

  #advance(): void {
    const line = this.#read();
    if (line !== undefined && "recording" in line) {
      throw new RecordingError(`In line ${this.#number}, another recording begins.`);
    }
    this.#next = line;
  }

  /** Whether all lines have been taken. */
  get isAtEnd(): boolean {
    return this.#next === undefined;
  }

  /** Takes the next input, with the number of its line; undefined: the recording ends. Throws Difference: it did more before. */
  takeInput(): { readonly line: InputLine; readonly number: number } | undefined {
    const line = this.#next;
    if (line === undefined) return undefined;
    if (!("input" in line)) throw new Difference(textOf(line), null);
    const number = this.#number;
    this.#advance();
    return { line, number };
  }

  /** Takes the line of what is done. Throws Difference if it is another, and EndOfRecording. */
  take<T extends Deed>(done: T): T {
    const line = this.#next;
    if (line === undefined) throw new EndOfRecording("nothing more is recorded");
    const text = textOf(done);
    if ("input" in line) throw new Difference(null, text);
    const recorded = textOf(line);
    if (recorded !== text) throw new Difference(recorded, text);
    this.#advance();
    return line as T;
  }
}
