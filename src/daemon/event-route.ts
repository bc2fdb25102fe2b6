// The part of the control API that tells of events as they happen.
import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute, z } from "@hono/zod-openapi";
import { areLineSubsystems, LINE_SUBSYSTEMS, LOG_LEVELS } from "../api/log-levels.ts";
import { logLineSchema } from "../api/log-line.ts";
import { errorSchema } from "../api/responses.ts";
import { answer } from "./api-answer.ts";
import {
  filterOf,
  filterParameter,
  isKnownInterface,
  refusedValue,
  unknownParameter,
} from "./control-query.ts";
import type { EngineReading } from "./engine-view.ts";
import type { EventStreams } from "./event-streams.ts";
import { MOST_STREAMS } from "./event-streams.ts";

const PATH = "/v1/events";

const level = z
  .enum(LOG_LEVELS, refusedValue("level", `one of ${LOG_LEVELS.join(", ")}`))
  .optional()
  .describe("from which level on events are wanted; without it, those that the log has, too");

const namesIn = (input: string | readonly string[]): readonly string[] =>
  [input].flat().flatMap((text) => text.split(","));

const EXPECTED = `names of subsystems: ${LINE_SUBSYSTEMS.join(", ")}`;

const subsystem = z
  .union([z.string(), z.array(z.string())])
  .refine((input) => areLineSubsystems(namesIn(input)), refusedValue("subsystem", EXPECTED))
  .optional()
  .describe(`${EXPECTED}; several with commas, or again`);

const query = z.strictObject(
  {
    ...{ level, subsystem, interface: filterParameter("interface") },
    ...{ group: filterParameter("group"), source: filterParameter("source") },
  },
  unknownParameter(["level", "subsystem", "interface", "group", "source"]),
);

const eventsRoute = createRoute({
  method: "get",
  path: PATH,
  request: { query },
  responses: {
    200: {
      content: { "application/x-ndjson": { schema: logLineSchema } },
      description: "what happens from now on, a JSON object a line, until either side ends it.",
    },
    400: answer(errorSchema, "A parameter is not known here, or its value makes no sense."),
    404: answer(errorSchema, "There is no such interface."),
    503: answer(errorSchema, "Too many clients listen already."),
  },
});

/** Adds the events. */
export function addEvents(app: OpenAPIHono, engine: EngineReading, streams: EventStreams): void {
  app.openapi(eventsRoute, (context) => {
    const { level: least, subsystem: names, ...narrowed } = context.req.valid("query");
    const filter = filterOf(narrowed);
    if (filter.interface !== null && !isKnownInterface(engine, filter.interface)) {
      return context.json({ error: `There is no interface ${filter.interface}.` }, 404);
    }
    const subsystems = names === undefined ? null : new Set(namesIn(names));
    const body = streams.open({ ...filter, level: least ?? null, subsystems });
    if (body === null) {
      const error = `${MOST_STREAMS} clients listen to events already: end one of them.`;
      return context.json({ error }, 503);
    }
    // The types know answers that are made whole.
    return context.body(body, 200, { "content-type": "application/x-ndjson" }) as never;
  });
}
