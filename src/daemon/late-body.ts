// The body of an answer that takes a while to be made: it begins at once with white space, which JSON allows, so that
// whoever asked knows that somebody is at work.
import { setImmediate } from "node:timers/promises";
import { throwUncaught } from "./bug.ts";
import { HostError } from "./host.ts";

type Body = ReadableStream<Uint8Array>;

const encoder = new TextEncoder();
const BEGINNING = encoder.encode("\n");

/** What is made; whoever sends the body would take a bug of ours for a bad connection. */
async function made(body: Promise<string | Body>): Promise<string | Body> {
  try {
    return await body;
  } catch (error) {
    if (!(error instanceof HostError)) throwUncaught(error);
    throw error;
  }
}

async function* partsOf(body: Promise<string | Body>): AsyncGenerator<Uint8Array> {
  yield BEGINNING;
  const whole = await made(body);
  if (typeof whole === "string") yield encoder.encode(whole);
  else yield* whole;
}

/** The body, begun. Rejects with what the making of it fails with, if it fails at once; later a failure breaks it off. */
export async function lateBody(body: Promise<string | Body>): Promise<Body> {
  await Promise.race([body, setImmediate()]);
  const parts = partsOf(body);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
}
