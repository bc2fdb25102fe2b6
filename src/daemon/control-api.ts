// The control API: what it answers, described by the schemas of its answers (GET /v1/openapi.json).
import type { z } from "@hono/zod-openapi";
import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { doneSchema } from "../api/responses.ts";
import { answer, JSON_TYPE } from "./api-answer.ts";
import { throwUncaught } from "./bug.ts";
import { addChangeRoutes } from "./change-routes.ts";
import type { DaemonFiles } from "./configuration-routes.ts";
import { addConfigurationRoutes } from "./configuration-routes.ts";
import type { Loadable } from "./control-changes.ts";
import type { Shown } from "./control-lists.ts";
import { addReading } from "./control-lists.ts";
import { addDiagnosisRoutes } from "./diagnosis-routes.ts";
import type { Engine } from "./engine.ts";
import { addEvents } from "./event-route.ts";
import type { EventStreams } from "./event-streams.ts";
import { HostError } from "./host.ts";
import { lateBody } from "./late-body.ts";
import { sliced } from "./slices.ts";
import type { Surroundings } from "./surroundings.ts";

/** The daemon that the control API controls. */
export interface Controlled extends Loadable, Shown {
  readonly engine: Engine;
  readonly files: DaemonFiles;
  /** The machine, as a diagnosis looks at it. */
  readonly surroundings: Surroundings;
  readonly streams: EventStreams;
  /** Asks the daemon to end once the answer has left. */
  readonly stop: () => void;
}

const stopRoute = createRoute({
  method: "post",
  path: "/v1/stop",
  responses: { 200: answer(doneSchema, "The daemon says goodbye and ends.") },
});

/** What is wrong with a part of a request; our own messages are sentences, the schema's are not. */
const sentenceOf = ({ path, message }: z.core.$ZodIssue): string =>
  message.endsWith(".") ? message : `${path.join(".")}: ${message}.`;

const ABOUT = {
  openapi: "3.0.0",
  info: { title: "hpim-dm control API", version: "1" },
} as const;

/** The API's OpenAPI document. All routes at once would keep the event loop for as long as many slices of a list. */
function* described(app: OpenAPIHono): Generator<string> {
  const paths: ReturnType<OpenAPIHono["getOpenAPIDocument"]>["paths"] = {};
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const alone = new OpenAPIHono();
    alone.openAPIRegistry.registerPath(definition.route);
    for (const [path, methods] of Object.entries(alone.getOpenAPIDocument(ABOUT).paths)) {
      paths[path] = { ...paths[path], ...methods };
    }
    yield "";
  }
  yield JSON.stringify({ ...ABOUT, paths });
}

/** The control API of a daemon, ready to be served. */
export function controlApi(daemon: Controlled): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      return context.json({ error: result.error.issues.map(sentenceOf).join(" ") }, 400);
    },
  });
  // Hono would make the answer to GET and drop its body, unread and not cancelled: a list would stay open for ever.
  app.use(async (context, next) => {
    if (context.req.method !== "HEAD") return next();
    return context.body(null, 501);
  });
  addReading(app, daemon);
  addDiagnosisRoutes(app, daemon.engine, daemon.surroundings);
  addEvents(app, daemon.engine, daemon.streams);
  addChangeRoutes(app, daemon);
  addConfigurationRoutes(app, daemon, daemon.files);
  app.openapi(stopRoute, (context) => {
    daemon.stop();
    return context.json({ version: 1 as const, message: "The daemon ends." }, 200);
  });
  app.get("/v1/openapi.json", async (context) =>
    context.body(await lateBody(sliced(described(app))), 200, JSON_TYPE),
  );
  app.notFound((context) =>
    context.json({ error: `There is no ${context.req.method} ${context.req.path}.` }, 404),
  );
  app.onError((error, context) => {
    const isOfRequest = error instanceof HTTPException;
    if (!isOfRequest && !(error instanceof HostError)) throwUncaught(error);
    return context.json({ error: `${error.message}.` }, isOfRequest ? error.status : 500);
  });
  return app;
}
