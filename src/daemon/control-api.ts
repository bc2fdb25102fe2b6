// The control API: what it answers, described by the schemas of its answers (GET /v1/openapi.json).
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { doneSchema } from "../api/responses.ts";
import { answer, outcomes } from "./api-answer.ts";
import { throwUncaught } from "./bug.ts";
import type { Protocol } from "./configuration.ts";
import type { DaemonFiles } from "./configuration-routes.ts";
import { addConfigurationRoutes } from "./configuration-routes.ts";
import type { Changeable } from "./control-changes.ts";
import { set, switchOff, switchOn } from "./control-changes.ts";
import { addReading } from "./control-lists.ts";
import { HostError } from "./host.ts";

/** The daemon that the control API controls. */
export interface Controlled extends Changeable {
  /** Name and version, as in "hpim-dm 1.0.0". */
  readonly program: string;
  readonly files: DaemonFiles;
  /** Asks the daemon to end once the answer has left. */
  readonly stop: () => void;
}

const change = <Method extends "put" | "delete">(method: Method, protocol: Protocol) =>
  createRoute({
    method,
    path: `/v1/interfaces/{name}/${protocol}`,
    request: { params: z.object({ name: z.string() }) },
    responses: outcomes,
  });

const settingRoute = createRoute({
  method: "post",
  path: "/v1/settings/{setting}/{wish}",
  request: {
    params: z.object({
      setting: z.enum(["floodInitialData", "holdForwarding"]),
      wish: z.enum(["on", "off", "toggle"]),
    }),
  },
  responses: outcomes,
});

const stopRoute = createRoute({
  method: "post",
  path: "/v1/stop",
  responses: { 200: answer(doneSchema, "The daemon says goodbye and ends.") },
});

function addChanges(app: OpenAPIHono, daemon: Changeable, protocol: Protocol): void {
  app.openapi(change("put", protocol), (context) => {
    const { status, sentence } = switchOn(daemon, context.req.valid("param").name, protocol);
    if (status !== 200) return context.json({ error: sentence }, status);
    return context.json({ version: 1 as const, message: sentence }, 200);
  });
  app.openapi(change("delete", protocol), (context) => {
    const { status, sentence } = switchOff(daemon, context.req.valid("param").name, protocol);
    if (status !== 200) return context.json({ error: sentence }, status);
    return context.json({ version: 1 as const, message: sentence }, 200);
  });
}

function addSettings(app: OpenAPIHono, daemon: Changeable): void {
  app.openapi(settingRoute, (context) => {
    const { setting, wish } = context.req.valid("param");
    const { status, sentence } = set(daemon, setting, wish);
    if (status !== 200) return context.json({ error: sentence }, status);
    return context.json({ version: 1 as const, message: sentence }, 200);
  });
}

/** What is wrong with a part of a request; our own messages are sentences, the schema's are not. */
const sentenceOf = ({ path, message }: z.core.$ZodIssue): string =>
  message.endsWith(".") ? message : `${path.join(".")}: ${message}.`;

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
  addReading(app, daemon.engine, daemon.program);
  addChanges(app, daemon, "hpim");
  addChanges(app, daemon, "igmp");
  addSettings(app, daemon);
  addConfigurationRoutes(app, daemon, daemon.files);
  app.openapi(stopRoute, (context) => {
    daemon.stop();
    return context.json({ version: 1 as const, message: "The daemon ends." }, 200);
  });
  app.doc("/v1/openapi.json", {
    openapi: "3.0.0",
    info: { title: "hpim-dm control API", version: "1" },
  });
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
