// hpim-dm decode: the messages of a capture, read and shown piece by piece, so that it may be of any length, or still grow.
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { CaptureReader } from "../../capture/capture-reader.ts";
import type { CapturedFrame } from "../../capture/captured-frame.ts";
import { isLinkKnown } from "../../capture/link-layer.ts";
import { CommandError } from "../command-error.ts";
import { writeOut } from "../output.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { decodedOf } from "./decoded.ts";
import { jsonLine } from "./json.ts";
import type { Key } from "./keys.ts";
import { keysOf } from "./keys.ts";
import { textLines } from "./text.ts";
import type { WrittenKey } from "./written-key.ts";

/** Options of the command, as commander names them. */
export interface DecodeOptions {
  readonly key: readonly WrittenKey[];
  readonly keyFile: readonly WrittenKey[];
  readonly json?: boolean;
}

const STANDARD_INPUT = "-";

const refused = (message: string, cause?: unknown): CommandError =>
  new CommandError(message, { exitCode: 1, cause });

/** Makes lines of frames, and counts what it makes none of. */
class Decoder {
  readonly #keys: readonly Key[];
  readonly #isJson: boolean;
  readonly #acknowledgements = new Acknowledgements();
  #messages = 0;
  #ofPim = 0;
  #passedOver = 0;
  #unknownLink = 0;

  constructor(keys: readonly Key[], isJson: boolean) {
    this.#keys = keys;
    this.#isJson = isJson;
  }

  /** The lines of those frames that are of HPIM-DM. */
  *lines(frames: readonly CapturedFrame[]): Generator<string> {
    for (const frame of frames) yield* this.#linesOf(frame);
  }

  *#linesOf(frame: CapturedFrame): Generator<string> {
    if (!isLinkKnown(frame.linkType)) {
      this.#passedOver++;
      this.#unknownLink = frame.linkType;
      return;
    }
    const decoded = decodedOf(frame, this.#keys);
    if (decoded === "PIM") this.#ofPim++;
    if (typeof decoded === "string") return;
    this.#messages++;
    const relation = this.#acknowledgements.note(decoded);
    if (this.#isJson) yield jsonLine(decoded, relation);
    else yield* textLines(decoded, relation);
  }

  /** What is to be said at the end to people. */
  *lastLines(): Generator<string> {
    if (this.#isJson) return;
    let isFirst = true;
    for (const decoded of this.#acknowledgements.unacknowledged()) {
      if (isFirst) yield "\nNever acknowledged in this capture:";
      isFirst = false;
      yield* textLines(decoded, { repeats: null, acknowledges: null });
    }
    const { forgotten } = this.#acknowledgements;
    if (forgotten > 0) yield `Of earlier messages, ${forgotten} were not acknowledged either.`;
    if (this.#messages === 0) yield "There are no messages of HPIM-DM.";
    if (this.#ofPim > 0) yield `Messages of PIM, which are not shown: ${this.#ofPim}.`;
  }

  /** Why frames were passed over; null: none was. */
  get problem(): string | null {
    if (this.#passedOver === 0) return null;
    const such = `${this.#passedOver}, such as link type ${this.#unknownLink}`;
    return `has frames of links that are not known here (${such}): known are Ethernet, raw IP and Linux cooked`;
  }
}

/** What is read of a file. Throws CommandError if it cannot be read. */
async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* file === STANDARD_INPUT ? process.stdin : createReadStream(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refused(`${file} cannot be read: ${reason}.`, cause);
  }
}

const inLines = (lines: Iterable<string>): string => {
  let text = "";
  for (const line of lines) text += `${line}\n`;
  return text;
};

async function* textOf(file: string, decoder: Decoder): AsyncGenerator<string> {
  const reader = new CaptureReader();
  for await (const piece of piecesOf(file)) {
    yield inLines(decoder.lines(reader.take(piece)));
    if (reader.fault !== null) break;
  }
  yield inLines(decoder.lastLines());
  const problem = reader.end()?.problem ?? decoder.problem;
  if (problem === null) return;
  throw refused(`${file === STANDARD_INPUT ? "The standard input" : file} ${problem}.`);
}

/** Shows the messages of HPIM-DM in a capture. Throws CommandError, with what could be read already shown. */
export async function decode(
  file: string,
  { key, keyFile, json = false }: DecodeOptions,
): Promise<void> {
  const decoder = new Decoder(keysOf(key, keyFile), json);
  await writeOut(Readable.from(textOf(file, decoder)));
}
