// A recording replayed: the daemon's engine takes in again what it took in, at the same instants, and every call of the
// machine is answered as it was. What it does is held to what is recorded, up to the first difference.
import type { Millis } from "../../base/units.ts";
import { Engine } from "../../daemon/engine.ts";
import type { EngineEvent } from "../../daemon/events.ts";
import type { Failure } from "../../daemon/host.ts";
import { HostError } from "../../daemon/host.ts";
import type { HostCall } from "../../daemon/host-call.ts";
import { AnsweredHost } from "../../daemon/host-call.ts";
import type { DaemonNotice } from "../../daemon/notices.ts";
import type { Heading, RecordedInput } from "../../daemon/recording/lines.ts";
import { lineOf } from "../../daemon/recording/lines.ts";
import { recordedCall } from "../../daemon/recording/recorded.ts";
import { datagramOf } from "../../daemon/recording/unsigned.ts";
import { NO_SECURITY } from "../../daemon/security.ts";
import type { CallLine, InputLine } from "./script.ts";
import { Difference, EndOfRecording, RecordingError, Script } from "./script.ts";

/** An input of a recording. */
export interface Place {
  /** Among the inputs, from 1. */
  readonly input: number;
  /** Among the lines, from 1. */
  readonly line: number;
  readonly at: Millis;
  /** As it is recorded. */
  readonly text: string;
}

/** How a replay ends, and at which input; null: before the first. */
export type ReplayEnd = { readonly last: Place | null } & (
  | { readonly kind: "same" }
  /** The engine did something else upon that input than is recorded; null: nothing (more). */
  | { readonly kind: "different"; readonly recorded: string | null; readonly done: string | null }
  /** A bug of ours threw upon that input. `isEnd`: the recording ends there, for its daemon met the same. */
  | { readonly kind: "threw"; readonly error: unknown; readonly isEnd: boolean }
);

function errorOf({ syscall, errno, message }: Failure): HostError {
  const error = new HostError(syscall, errno, "");
  error.message = message;
  return error;
}

/** A recording, and the engine that goes through it again. */
export class Replay {
  readonly engine: Engine;
  readonly #script: Script;
  #at: Millis;
  #inputs = 0;
  #last: { readonly line: InputLine; readonly number: number } | null = null;

  /** Takes the whole lines of a recording, without their ends. `onNotice` gets what the engine reports. Throws RecordingError. */
  constructor(lines: Iterable<string>, onNotice: (notice: DaemonNotice, at: Millis) => void) {
    this.#script = new Script(lines);
    this.#at = this.#script.heading.at;
    const kernel = { readEntries: () => [], readEntry: () => null, readVifCounters: () => null };
    const looks = { now: () => this.#at, ...kernel };
    this.engine = new Engine({
      host: new AnsweredHost(looks, (call) => this.#answer(call)),
      report: (notice) => {
        this.#script.take({ notice });
        onNotice(notice, this.#at);
      },
      seed: this.#script.heading.seed,
    });
  }

  /** What the recording says of itself. */
  get heading(): Heading {
    return this.#script.heading;
  }

  /** Goes through the recording to its end, or to the first difference. Throws RecordingError. */
  run(): ReplayEnd {
    try {
      for (let next = this.#script.takeInput(); next; next = this.#script.takeInput()) {
        this.#last = next;
        this.#inputs++;
        this.#at = next.line.at;
        this.engine.handle(this.#eventOf(next.line.input));
      }
      return { kind: "same", last: this.#place() };
    } catch (error) {
      return this.#endBy(error);
    }
  }

  #place(): Place | null {
    if (this.#last === null) return null;
    const { line, number } = this.#last;
    return { input: this.#inputs, line: number, at: line.at, text: lineOf(line) };
  }

  #endBy(error: unknown): ReplayEnd {
    const last = this.#place();
    if (error instanceof RecordingError) throw error;
    if (error instanceof EndOfRecording) return { kind: "same", last };
    if (error instanceof Difference) {
      return { kind: "different", last, recorded: error.recorded, done: error.done };
    }
    return { kind: "threw", last, error, isEnd: this.#script.isAtEnd };
  }

  /** The key that signs again is what every secret was replaced by. */
  #eventOf(input: RecordedInput): EngineEvent {
    if (input.kind !== "datagram") return input;
    const { kind, interface: index, bytes, signed } = input;
    const security = this.engine.port(index)?.security ?? NO_SECURITY;
    return { kind, interface: index, bytes: datagramOf(bytes, signed, security) };
  }

  #answer<T>(call: HostCall): T {
    const line = this.#script.take<CallLine>({ call: recordedCall(call) });
    if (line.failed !== undefined) throw errorOf(line.failed);
    return line.returned as T;
  }
}
