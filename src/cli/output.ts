// Text of any length to the standard output. Whoever reads it may have had enough before the end ("| head"): no error.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const CHUNK_CHARACTERS = 1 << 16;

/** Lines in chunks: a write for each line would take longer than to make it. */
function* chunksOf(lines: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EPIPE";

/** Writes what comes from `source`. Throws what the source throws. */
export async function writeOut(source: Readable): Promise<void> {
  try {
    await pipeline(source, process.stdout, { end: false });
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
  }
}

/** Writes lines. */
export const writeLines = (lines: Iterable<string>): Promise<void> =>
  writeOut(Readable.from(chunksOf(lines)));
