// The control API's reading side: GET of every list, narrowed by query parameters, and of who answers.
import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute, z } from "@hono/zod-openapi";
import type { FilterName, ListName } from "../api/lists/lists.ts";
import { LIST_NAMES, LISTS } from "../api/lists/lists.ts";
import { LIST_SCHEMAS } from "../api/lists/schemas.ts";
import { errorSchema, versionSchema } from "../api/responses.ts";
import { answer, JSON_TYPE } from "./api-answer.ts";
import {
  filterOf,
  filterParameter,
  isKnownInterface,
  refusedValue,
  unknownParameter,
} from "./control-query.ts";
import type { EngineReading } from "./engine-view.ts";
import { documentOf } from "./lists/document.ts";
import { LIST_ROWS } from "./lists/lists.ts";
import { CONTENT_TYPE } from "./metrics/exposition.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { sliced } from "./slices.ts";

const MOST_ROWS = 1_000_000_000;
const wrongLimit = refusedValue("limit", `a whole number from 1 to ${MOST_ROWS}`);
const limit = z.coerce
  .number(wrongLimit)
  .int(wrongLimit)
  .min(1, wrongLimit)
  .max(MOST_ROWS, wrongLimit)
  .optional()
  .describe("so many rows of each array at most, the first ones");

function queryOf(names: readonly FilterName[]) {
  const parameters = Object.fromEntries(names.map((name) => [name, filterParameter(name)]));
  return z.strictObject({ ...parameters, limit }, unknownParameter([...names, "limit"]));
}

const NOTHING = z.strictObject({}, unknownParameter([]));

const route = <Path extends string, Schema extends z.ZodType, Query extends z.ZodObject>(
  path: Path,
  schema: Schema,
  about: { readonly summary: string; readonly query: Query },
) =>
  createRoute({
    method: "get",
    path,
    request: { query: about.query },
    responses: {
      200: answer(schema, `${about.summary}.`),
      400: answer(errorSchema, "A parameter is not known here, or its value makes no sense."),
      404: answer(errorSchema, "There is no such interface."),
      500: answer(errorSchema, "A call of the kernel failed."),
    },
  });

function addList(app: OpenAPIHono, engine: EngineReading, name: ListName): void {
  const { summary, filters } = LISTS[name];
  const about = { summary, query: queryOf(filters) };
  app.openapi(route(`/v1/${name}`, LIST_SCHEMAS[name], about), async (context) => {
    const { limit: most, ...narrowed } = context.req.valid("query");
    const filter = filterOf(narrowed);
    if (filter.interface !== null && !isKnownInterface(engine, filter.interface)) {
      return context.json({ error: `There is no interface ${filter.interface}.` }, 404);
    }
    const document = await sliced(documentOf(LIST_ROWS[name](engine, filter), most));
    const response = context.body(document, 200, JSON_TYPE);
    // The types know answers that are made whole.
    return response as never;
  });
}

const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  responses: {
    200: {
      description: "The metrics of now, as Prometheus reads them (docs/metrics.md).",
      content: { [CONTENT_TYPE]: { schema: z.string() } },
    },
  },
});

/** What is shown of a daemon. */
export interface Shown {
  readonly engine: EngineReading;
  /** Name and version, as in "hpim-dm 1.0.0". */
  readonly program: string;
  readonly metrics: Metrics;
}

/** Adds what can be read: every list, the version, and metrics. */
export function addReading(app: OpenAPIHono, { engine, program, metrics }: Shown): void {
  for (const name of LIST_NAMES) addList(app, engine, name);
  app.openapi(metricsRoute, async (context) => {
    const text = await sliced(metrics());
    return context.body(text, 200, { "content-type": CONTENT_TYPE }) as never;
  });
  const about = { summary: "who answers, and for how long it has run", query: NOTHING };
  app.openapi(route("/v1/version", versionSchema, about), (context) => {
    const { pid } = process;
    const uptimeSeconds = Math.round(process.uptime() * 1000) / 1000;
    return context.json({ version: 1 as const, program, pid, uptimeSeconds }, 200);
  });
}
