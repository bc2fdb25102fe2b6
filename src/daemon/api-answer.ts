// Answers in the description of the control API.
import type { z } from "@hono/zod-openapi";
import { doneSchema, errorSchema } from "../api/responses.ts";

/** A JSON answer that keeps to a schema. */
export const answer = <Schema extends z.ZodType>(
  schema: Schema,
  description: string,
): {
  readonly content: { readonly "application/json": { readonly schema: Schema } };
  readonly description: string;
} => ({ content: { "application/json": { schema } }, description });

type Done = ReturnType<typeof answer<typeof doneSchema>>;
type Refused = ReturnType<typeof answer<typeof errorSchema>>;

/** What can become of a change (control-changes.ts). */
export const outcomes: Readonly<Record<200, Done> & Record<400 | 404 | 409 | 422 | 507, Refused>> =
  {
    200: answer(doneSchema, "It is as asked for."),
    400: answer(errorSchema, "The request names no interface, setting or state that can be."),
    404: answer(errorSchema, "There is no such interface, or nothing to switch off on it."),
    409: answer(errorSchema, "The protocol cannot run on this interface."),
    422: answer(errorSchema, "The configuration file has problems, a line for each."),
    507: answer(
      errorSchema,
      "The change cannot be kept for the next start, so nothing has changed.",
    ),
  };
