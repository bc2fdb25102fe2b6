// A list as a JSON document of any length. It is written in slices: between two of them the event loop is free, so that
// no neighbor is lost while somebody reads, and none is made before the reader has taken the one before.
import { setImmediate } from "node:timers/promises";
import { throwUncaught } from "../bug.ts";
import { HostError } from "../host.ts";
import type { Rows } from "./list.ts";

/** A slice ends with the row that takes it beyond these. */
const SLICE_MS = 4;
const SLICE_CHARACTERS = 1 << 18;

/** The document, one row a line, in pieces; "" where there was no row. */
export function* documentOf(sections: Readonly<Record<string, Rows<unknown>>>): Generator<string> {
  yield '{"version":1';
  for (const [name, rows] of Object.entries(sections)) {
    let before = `,\n${JSON.stringify(name)}:[\n`;
    let end = `${before}]`;
    for (const row of rows) {
      if (row === undefined) {
        yield "";
        continue;
      }
      yield before + JSON.stringify(row);
      before = ",\n";
      end = "\n]";
    }
    yield end;
  }
  yield "}\n";
}

function takeSlice(pieces: Iterator<string>): { readonly text: string; readonly isLast: boolean } {
  const end = performance.now() + SLICE_MS;
  let text = "";
  while (text.length < SLICE_CHARACTERS && performance.now() < end) {
    const next = pieces.next();
    if (next.done) return { text, isLast: true };
    text += next.value;
  }
  return { text, isLast: false };
}

/** The same of a body that is on its way: whoever sends it would take a bug of ours for a bad connection. */
function takeLaterSlice(pieces: Iterator<string>): ReturnType<typeof takeSlice> {
  try {
    return takeSlice(pieces);
  } catch (error) {
    if (!(error instanceof HostError)) throwUncaught(error);
    throw error;
  }
}

/**
 * The body of a response: the pieces, whole if one slice takes them all. Throws what they throw, while the first slice is
 * made; later a HostError breaks the stream off, and all else ends the process.
 */
export function sliced(pieces: Generator<string>): string | ReadableStream<Uint8Array> {
  const first = takeSlice(pieces);
  if (first.isLast) return first.text;
  const encoder = new TextEncoder();
  let isCancelled = false;
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(first.text)),
    async pull(controller) {
      let slice: ReturnType<typeof takeSlice>;
      do {
        await setImmediate();
        if (isCancelled) return;
        slice = takeLaterSlice(pieces);
      } while (slice.text === "" && !slice.isLast);
      controller.enqueue(encoder.encode(slice.text));
      if (slice.isLast) controller.close();
    },
    cancel() {
      isCancelled = true;
      pieces.return(undefined);
    },
  });
}
