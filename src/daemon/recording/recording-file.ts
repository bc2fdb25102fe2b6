// The file of a recording, for this daemon's own user only. It is written beside the event loop, which never waits for it:
// a disk that is full or too slow ends the recording, not the daemon.
import { closeSync, openSync, rmSync, write, writeSync } from "node:fs";
import { reasonOf } from "../file-access.ts";

const PRIVATE_FILE = 0o600;
/** A line waits for others so long at most. */
const WRITE_INTERVAL_MS = 100;
/** Or until there is so much to write. */
const CHUNK_CHARACTERS = 2 ** 16;
/** A disk that is so far behind is too slow. */
const MOST_WAITING_CHARACTERS = 2 ** 26;

/** Bytes, and where they belong in the file: they may be written there twice. */
interface Chunk {
  readonly bytes: Uint8Array;
  readonly position: number;
}

/** A file that takes lines. */
export class RecordingFile {
  readonly #path: string;
  readonly #fd: number;
  readonly #onFailure: (why: string) => void;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #position = 0;
  #onItsWay: Chunk | null = null;
  #timer: NodeJS.Timeout | null = null;
  #ended = false;

  /** Makes the file. Throws what node:fs throws: EEXIST if there is one, which stays. `onFailure`: it ends for this reason. */
  constructor(path: string, onFailure: (why: string) => void) {
    this.#path = path;
    this.#fd = openSync(path, "wx", PRIVATE_FILE);
    this.#onFailure = onFailure;
  }

  /** Takes a line, without its end. Never fails. */
  write(line: string): void {
    if (this.#ended) return;
    if (this.#waitingCharacters > MOST_WAITING_CHARACTERS) {
      this.#fail("the disk is too slow");
      return;
    }
    this.#waiting.push(line, "\n");
    this.#waitingCharacters += line.length + 1;
    this.#schedule();
  }

  /** Writes what is left, as far as that is possible, before it returns. A file that got no line goes. */
  close(): void {
    if (this.#ended) return;
    try {
      if (this.#onItsWay !== null) this.#writeNow(this.#onItsWay);
      this.#writeNow(this.#takeChunk());
      if (this.#position === 0) rmSync(this.#path);
      this.#end();
    } catch (error) {
      this.#fail(reasonOf(error));
    }
  }

  #schedule(): void {
    if (this.#onItsWay !== null) return;
    if (this.#waitingCharacters >= CHUNK_CHARACTERS) this.#send(this.#takeChunk());
    else {
      this.#timer ??= setTimeout(() => this.#send(this.#takeChunk()), WRITE_INTERVAL_MS).unref();
    }
  }

  #takeChunk(): Chunk {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const chunk = { bytes: Buffer.from(this.#waiting.join("")), position: this.#position };
    this.#waiting = [];
    this.#waitingCharacters = 0;
    this.#position += chunk.bytes.length;
    return chunk;
  }

  #send(chunk: Chunk): void {
    this.#onItsWay = chunk;
    const { bytes, position } = chunk;
    write(this.#fd, bytes, 0, bytes.length, position, (error, count) => {
      this.#onItsWay = null;
      if (this.#ended) closeSync(this.#fd);
      else if (error !== null) this.#fail(reasonOf(error));
      else if (count < bytes.length) {
        this.#send({ bytes: bytes.subarray(count), position: position + count });
      } else if (this.#waitingCharacters > 0) this.#schedule();
    });
  }

  #writeNow({ bytes, position }: Chunk): void {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#fd, bytes, done, bytes.length - done, position + done);
    }
  }

  #fail(why: string): void {
    this.#end();
    this.#onFailure(why);
  }

  #end(): void {
    this.#ended = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting = [];
    // Its number must not go to another file while a thread may still write to it.
    if (this.#onItsWay === null) closeSync(this.#fd);
  }
}
