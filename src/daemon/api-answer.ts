// Answers in the description of the control API.
import type { z } from "@hono/zod-openapi";
import type { Context, TypedResponse } from "hono";
import { doneSchema, errorSchema } from "../api/responses.ts";
import type { Outcome } from "./carry-out.ts";

/** A JSON answer that keeps to a schema. */
export const answer = <Schema extends z.ZodType>(
  schema: Schema,
  description: string,
): {
  readonly content: { readonly "application/json": { readonly schema: Schema } };
  readonly description: string;
} => ({ content: { "application/json": { schema } }, description });

/** The type of a JSON answer whose body is written in parts. */
export const JSON_TYPE = { "content-type": "application/json" } as const;

type Done = ReturnType<typeof answer<typeof doneSchema>>;
type Refused = ReturnType<typeof answer<typeof errorSchema>>;

/** What can become of a change (carry-out.ts), or of a request that is none. */
export const outcomes: Readonly<
  Record<200, Done> & Record<400 | 404 | 409 | 415 | 422 | 507, Refused>
> = {
  200: answer(doneSchema, "It is as asked for."),
  400: answer(errorSchema, "The request names no interface, group, setting or state that can be."),
  404: answer(
    errorSchema,
    "There is no such interface, setting or key, or nothing to switch off or to leave there.",
  ),
  409: answer(
    errorSchema,
    "That cannot be together with what else is configured, or not on this interface.",
  ),
  415: answer(errorSchema, "The body does not say that it is JSON."),
  422: answer(errorSchema, "The configuration file has problems, a line for each."),
  507: answer(errorSchema, "The change cannot be kept for the next start, so nothing has changed."),
};

type DoneReply = Response & TypedResponse<z.output<typeof doneSchema>, 200, "json">;
type RefusedReply = Response &
  TypedResponse<z.output<typeof errorSchema>, Exclude<Outcome["status"], 200>, "json">;

/** Answers with what became of a change. */
export function reply(context: Context, { status, sentence }: Outcome): DoneReply | RefusedReply {
  if (status !== 200) return context.json({ error: sentence }, status);
  return context.json({ version: 1 as const, message: sentence }, 200);
}
