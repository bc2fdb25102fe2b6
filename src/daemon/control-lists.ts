// The control API's reading side: GET of every list, narrowed by query parameters, and of who answers.
import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute, z } from "@hono/zod-openapi";
import { FILTERS, parseGroups, parseSources } from "../api/lists/filters.ts";
import type { FilterName, ListName } from "../api/lists/lists.ts";
import { LIST_NAMES, LISTS } from "../api/lists/lists.ts";
import { LIST_SCHEMAS } from "../api/lists/schemas.ts";
import { errorSchema, versionSchema } from "../api/responses.ts";
import { answer } from "./api-answer.ts";
import { configuredNames } from "./configuration.ts";
import type { EngineReading } from "./engine-view.ts";
import { documentOf } from "./lists/document.ts";
import type { Filter } from "./lists/list.ts";
import { LIST_ROWS } from "./lists/lists.ts";
import { CONTENT_TYPE } from "./metrics/exposition.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { sliced } from "./slices.ts";

function parameter(name: FilterName) {
  const { expected, accepts } = FILTERS[name];
  const error = ({ input }: { readonly input?: unknown }): string =>
    `${name}=${input} is refused: expected ${expected}.`;
  return z.string({ error }).refine(accepts, { error }).optional().describe(expected);
}

function queryOf(names: readonly FilterName[]) {
  const takes = names.length === 0 ? "nothing" : names.join(", ");
  return z.strictObject(Object.fromEntries(names.map((name) => [name, parameter(name)])), {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `The parameter ${issue.keys.join(", ")} is not known here: this takes ${takes}.`
        : undefined,
  });
}

type Query = z.output<ReturnType<typeof queryOf>>;

const route = <Path extends string, Schema extends z.ZodType>(
  path: Path,
  schema: Schema,
  about: { readonly summary: string; readonly filters: readonly FilterName[] },
) =>
  createRoute({
    method: "get",
    path,
    request: { query: queryOf(about.filters) },
    responses: {
      200: answer(schema, `${about.summary}.`),
      400: answer(errorSchema, "A parameter is not known here, or its value makes no sense."),
      404: answer(errorSchema, "There is no such interface."),
      500: answer(errorSchema, "A call of the kernel failed."),
    },
  });

const filterOf = ({ group, source, interface: name }: Query): Filter => ({
  group: (group !== undefined && parseGroups(group)) || null,
  source: (source !== undefined && parseSources(source)) || null,
  interface: name ?? null,
});

/** Whether an interface is there, or something is configured under its name. */
const isKnownInterface = (engine: EngineReading, name: string): boolean =>
  engine.ports().some(({ link }) => link.name === name) ||
  configuredNames(engine.configuration, []).includes(name);

function addList(app: OpenAPIHono, engine: EngineReading, name: ListName): void {
  app.openapi(route(`/v1/${name}`, LIST_SCHEMAS[name], LISTS[name]), async (context) => {
    const filter = filterOf(context.req.valid("query"));
    if (filter.interface !== null && !isKnownInterface(engine, filter.interface)) {
      return context.json({ error: `There is no interface ${filter.interface}.` }, 404);
    }
    const document = await sliced(documentOf(LIST_ROWS[name](engine, filter)));
    const response = context.body(document, 200, { "content-type": "application/json" });
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
  const about = { summary: "who answers, and for how long it has run", filters: [] };
  app.openapi(route("/v1/version", versionSchema, about), (context) => {
    const { pid } = process;
    const uptimeSeconds = Math.round(process.uptime() * 1000) / 1000;
    return context.json({ version: 1 as const, program, pid, uptimeSeconds }, 200);
  });
}
