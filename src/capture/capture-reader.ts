// Reads a capture piece by piece, of either format: no more is kept than what one frame takes.
import type { CapturedFrame } from "./captured-frame.ts";
import type { CaptureFault, Parsing, Wait } from "./parsing.ts";
import { noCapture, bytes as read } from "./parsing.ts";
import { parsePcap, pcapKindOf } from "./pcap.ts";
import { isPcapng, parsePcapng } from "./pcapng.ts";

const GZIP = 0x1f8b;

function* parse(): Parsing<CaptureFault> {
  const first = yield* read(4, "its header");
  const magic = new DataView(first.buffer, first.byteOffset).getUint32(0);
  const kind = pcapKindOf(magic);
  if (kind !== undefined) return yield* parsePcap(kind);
  if (isPcapng(magic)) return yield* parsePcapng();
  if (magic >>> 16 === GZIP) return noCapture("it is compressed (gzip)");
  return noCapture(`it begins with ${magic.toString(16).padStart(8, "0")}`);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** What a parser waits for, or has ended with. */
type Pending = Wait | CaptureFault;

const NOTHING = new Uint8Array();

/** A capture, of which the bytes come one piece after the other. */
export class CaptureReader {
  readonly #parsing = parse();
  #frames: CapturedFrame[] = [];
  #unread: Uint8Array = NOTHING;
  #isEmpty = true;
  #pending: Pending = this.#give(NOTHING);

  /** What the file is found to suffer from; null: nothing so far. Nothing is read behind it. */
  get fault(): CaptureFault | null {
    return this.#pending.kind === "fault" ? this.#pending : null;
  }

  /** The frames that are whole with these next bytes of the file. They are not copied, and so must not be changed. */
  take(piece: Uint8Array): readonly CapturedFrame[] {
    this.#isEmpty &&= piece.length === 0;
    this.#unread = joined(this.#unread, piece);
    while (this.#goOn());
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }

  /** Does what the parser waits for, as far as that is possible; whether it was done. */
  #goOn(): boolean {
    const pending = this.#pending;
    switch (pending.kind) {
      case "fault":
        this.#unread = NOTHING;
        return false;
      case "skip": {
        const left = pending.count - this.#unread.length;
        if (left <= 0) {
          this.#unread = this.#unread.subarray(pending.count);
          this.#pending = this.#give(NOTHING);
          return true;
        }
        this.#unread = NOTHING;
        this.#pending = { ...pending, count: left };
        return false;
      }
      case "bytes": {
        if (this.#unread.length < pending.count) return false;
        const given = this.#unread.subarray(0, pending.count);
        this.#unread = this.#unread.subarray(pending.count);
        this.#pending = this.#give(given);
        return true;
      }
    }
  }

  /** Lets the parser go on, and takes the frames that it hands out. */
  #give(bytes: Uint8Array): Pending {
    let wanted = this.#parsing.next(bytes).value;
    while (wanted.kind === "frame") {
      this.#frames.push(wanted.frame);
      wanted = this.#parsing.next(NOTHING).value;
    }
    return wanted;
  }

  /** What the file suffers from, now that it has ended; null: nothing. */
  end(): CaptureFault | null {
    const pending = this.#pending;
    if (pending.kind === "fault") return pending;
    if (this.#isEmpty) return noCapture("it is empty");
    if (pending.kind === "bytes" && pending.mayEnd && this.#unread.length === 0) return null;
    return { kind: "fault", problem: `ends too early, within ${pending.of}` };
  }
}
