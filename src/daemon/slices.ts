// A text of any length as the body of a response. It is written in slices: between two of them the event loop is free, so
// that no neighbor is lost while somebody reads, and none is made before the reader has taken the one before. However many
// read at once, one slice is made in a turn of the event loop.
import { setImmediate } from "node:timers/promises";
import { throwUncaught } from "./bug.ts";
import { HostError } from "./host.ts";

/** A slice ends with the piece that takes it beyond these. */
const SLICE_MS = 2;
const SLICE_CHARACTERS = 1 << 18;

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

let lastTurn: Promise<void> = Promise.resolve();

/** A turn of the event loop in which nobody else has one of these. */
function ownTurn(): Promise<void> {
  lastTurn = lastTurn.then(() => setImmediate());
  return lastTurn;
}

/**
 * The body of a response: the pieces, whole if one slice takes them all. Rejects with what they throw while the first slice
 * is made; later a HostError breaks the stream off, and all else ends the process.
 */
export async function sliced(
  pieces: Generator<string>,
): Promise<string | ReadableStream<Uint8Array>> {
  await ownTurn();
  const first = takeSlice(pieces);
  if (first.isLast) return first.text;
  const encoder = new TextEncoder();
  let isCancelled = false;
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(first.text)),
    async pull(controller) {
      let slice: ReturnType<typeof takeSlice>;
      do {
        await ownTurn();
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
