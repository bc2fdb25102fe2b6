// Asks the daemon, over its control socket.
import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { DoneAnswer, ErrorAnswer } from "../api/responses.ts";
import type { Versioned } from "../api/version.ts";
import { API_VERSION } from "../api/version.ts";
import { CommandError } from "./command-error.ts";

/** A method of the control API. */
export type Method = "GET" | "PUT" | "DELETE" | "POST";

const START_ONE = 'start one with "hpim-dm start"';

/** Whether a request failed because no daemon is there: no socket, or a stale one. */
const isAbsence = (cause: unknown): boolean =>
  cause instanceof Error &&
  "code" in cause &&
  (cause.code === "ENOENT" || cause.code === "ECONNREFUSED");

/** `advice`: what to do if no daemon is there. */
function unreachable(path: string, cause: NodeJS.ErrnoException, advice: string): string {
  if (isAbsence(cause)) return `No daemon answers on ${path}: ${advice}.`;
  switch (cause.code) {
    case "EACCES":
    case "EPERM":
      return `You may not talk to the daemon on ${path}: run this as root, or as a member of the group of that directory if it has rights there.`;
    default:
      return `The daemon on ${path} gave no answer (${cause.code}).`;
  }
}

/** Method, path, and what is sent with it. */
export type Asked = readonly [method: Method, path: string, body?: unknown];

function exchange(
  socketPath: string,
  [method, path, body]: Asked,
  advice: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    // An agent would ask first whether the name of this machine is an address, which takes 5 ms.
    const createConnection = (): Socket => connect(socketPath);
    const asked = request({ createConnection, method, path, headers }, resolve);
    asked.once("error", (cause: NodeJS.ErrnoException) =>
      reject(new CommandError(unreachable(socketPath, cause, advice), { exitCode: 3, cause })),
    );
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const has = <Key extends string>(answer: unknown, key: Key): answer is { [K in Key]: unknown } =>
  typeof answer === "object" && answer !== null && key in answer;

/** An answer of our version of the API is what the path stands for: its daemon made it by the same schema. */
const isOurs = <Answer extends Versioned>(answer: unknown): answer is Answer =>
  has(answer, "version") && answer.version === API_VERSION;

const isRefusal = (answer: unknown): answer is ErrorAnswer =>
  has(answer, "error") && typeof answer.error === "string";

function misunderstood(): CommandError {
  const message =
    "The daemon's answer is not understood: restart it, it may be of another version.";
  return new CommandError(message, { exitCode: 1 });
}

/** The body of a response, part by part. */
async function* partsOf(response: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* response;
  } catch (cause) {
    const message = "The daemon's answer broke off: its log may say why.";
    throw new CommandError(message, { exitCode: 3, cause });
  }
}

async function accepted(
  runtimeDirectory: string,
  what: Asked,
  advice: string,
): Promise<AsyncGenerator<Uint8Array>> {
  const response = await exchange(join(runtimeDirectory, "control.sock"), what, advice);
  if (response.statusCode === 200) return partsOf(response);
  const refusal = parsed(await text(partsOf(response)));
  throw isRefusal(refusal) ? new CommandError(refusal.error, { exitCode: 1 }) : misunderstood();
}

/** All parts as one text; there are answers, of millions of rows, that no text can hold. */
async function whole(parts: AsyncGenerator<Uint8Array>): Promise<string> {
  try {
    return await text(parts);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = "The list is too long to be shown as a table: narrow it, or use --json.";
    throw new CommandError(message, { exitCode: 1, cause });
  }
}

/**
 * What the daemon answers to a request; `Answer`: what the API answers to it. Throws CommandError if it refuses, or does not
 * answer, or not as our version does; with `advice` if it is not there.
 */
export async function ask<Answer extends Versioned>(
  runtimeDirectory: string,
  what: Asked,
  advice: string = START_ONE,
): Promise<Answer> {
  const answer = parsed(await whole(await accepted(runtimeDirectory, what, advice)));
  if (!isOurs<Answer>(answer)) throw misunderstood();
  return answer;
}

/** What the daemon answers to a GET, as it comes, unread. Throws CommandError as `ask`; so does the stream. */
export const askForStream = async (runtimeDirectory: string, path: string): Promise<Readable> =>
  Readable.from(await accepted(runtimeDirectory, ["GET", path], START_ONE));

/** Whether a daemon is there. Throws CommandError if one is that this user may not talk to. */
export async function isThere(runtimeDirectory: string): Promise<boolean> {
  try {
    await ask(runtimeDirectory, ["GET", "/v1/version"]);
    return true;
  } catch (error) {
    if (error instanceof CommandError && isAbsence(error.cause)) return false;
    throw error;
  }
}

/** Asks for a change: the daemon's sentence about what became of it. */
export async function change(runtimeDirectory: string, what: Asked): Promise<string> {
  return (await ask<DoneAnswer>(runtimeDirectory, what)).message;
}
