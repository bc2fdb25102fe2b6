// Asks the daemon, over its control socket.
import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { z } from "zod";
import { doneSchema, errorSchema } from "../api/responses.ts";
import { CommandError } from "./command-error.ts";

/** A method of the control API. */
export type Method = "GET" | "PUT" | "DELETE" | "POST";

function unreachable(path: string, code: string | undefined): string {
  switch (code) {
    case "ENOENT":
    case "ECONNREFUSED":
      return `No daemon answers on ${path}: start one with "hpim-dm start".`;
    case "EACCES":
    case "EPERM":
      return `You may not talk to the daemon on ${path}: run this as root.`;
    default:
      return `The daemon on ${path} gave no answer (${code}).`;
  }
}

function exchange(socketPath: string, method: Method, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, agent: false }, resolve);
    asked.once("error", (cause: NodeJS.ErrnoException) =>
      reject(new CommandError(unreachable(socketPath, cause.code), { exitCode: 3, cause })),
    );
    asked.end();
  });
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(body));
  } catch (cause) {
    const message =
      "The daemon's answer is not understood: restart it, it may be of another version.";
    throw new CommandError(message, { exitCode: 1, cause });
  }
}

/** What the daemon answers to a request. Throws CommandError if it refuses, or does not answer. */
export async function ask<Schema extends z.ZodType>(
  runtimeDirectory: string,
  [method, path]: readonly [Method, string],
  schema: Schema,
): Promise<z.output<Schema>> {
  const response = await exchange(join(runtimeDirectory, "control.sock"), method, path);
  const body = await text(response);
  if (response.statusCode === 200) return parsed(schema, body);
  throw new CommandError(parsed(errorSchema, body).error, { exitCode: 1 });
}

/** Asks for a change: the daemon's sentence about what became of it. */
export async function change(
  runtimeDirectory: string,
  what: readonly [Method, string],
): Promise<string> {
  return (await ask(runtimeDirectory, what, doneSchema)).message;
}
